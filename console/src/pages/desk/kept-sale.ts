import { deskSaleRequest, type DeskSaleRequest } from '../../../../src/contract/desk.js';

/** A sale that was sent and not yet answered, with the key that makes asking again harmless. */
export interface KeptSale {
  readonly key: string;
  readonly request: DeskSaleRequest;
}

const PLACE = 'rehufan.desk.sale';

/** Stores the sale before it is sent, so that a reload while paying does not lose its key. */
export function keepSale(request: DeskSaleRequest): KeptSale {
  const sale = { key: crypto.randomUUID(), request };
  sessionStorage.setItem(PLACE, JSON.stringify(sale));
  return sale;
}

export function forgetSale(): null {
  sessionStorage.removeItem(PLACE);
  return null;
}

/** The sale that a reload interrupted, if any. */
export function keptSale(): KeptSale | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(PLACE) ?? 'null') as { key?: unknown; request?: unknown } | null;
    const request = deskSaleRequest.safeParse(stored?.request);
    return typeof stored?.key === 'string' && request.success ? { key: stored.key, request: request.data } : null;
  } catch {
    return null;
  }
}

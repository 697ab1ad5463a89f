import { deskSaleRequest, type DeskSaleRequest } from '../../../../src/contract/desk.js';

/** A sale that was sent and not yet answered, with the key that makes asking again harmless. */
export interface KeptSale {
  readonly key: string;
  readonly request: DeskSaleRequest;
}

/** After so long without an answer the sale counts as unanswered. */
export const ANSWER_WITHIN_MS = 20_000;

/** By person, because a key belongs to who sent it: the next one at this machine neither sees nor repeats it. */
const placeOf = (staffId: string): string => `rehufan.desk.sale.${staffId}`;

/** Stores the sale before it is sent, so that neither a reload nor a browser that is killed while paying loses its key. */
export function keepSale(staffId: string, request: DeskSaleRequest): KeptSale {
  const sale = { key: crypto.randomUUID(), request };
  localStorage.setItem(placeOf(staffId), JSON.stringify(sale));
  return sale;
}

export function forgetSale(staffId: string): null {
  localStorage.removeItem(placeOf(staffId));
  return null;
}

/** The sale that was interrupted, if any. */
export function keptSale(staffId: string): KeptSale | null {
  try {
    const stored = JSON.parse(localStorage.getItem(placeOf(staffId)) ?? 'null') as { key?: unknown; request?: unknown } | null;
    const request = deskSaleRequest.safeParse(stored?.request);
    return typeof stored?.key === 'string' && request.success ? { key: stored.key, request: request.data } : null;
  } catch {
    return null;
  }
}

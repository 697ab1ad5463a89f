import { ApiRefusal } from '../../../ui/api/index.js';
import type { KioskPaymentAnswer, KioskPaymentRequest } from '../../../src/contract/kiosk.js';
import { mayRepeat } from './payment-age.js';
import { askOutcome, callStaff, sendPayment, serverNowMs } from './server.js';
import { store, type PendingPayment } from './store.js';

/** What one attempt told us. `unknown`: the server may or may not have charged; only the same key may be sent again. */
export type PaymentOutcome =
  | { readonly kind: 'paid'; readonly answer: KioskPaymentAnswer }
  | { readonly kind: 'refused'; readonly refusal: ApiRefusal }
  /** Not charged, too old to be charged still: given up, staff told. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'unknown' };

/** Writes the payment and its key to the disk, before anything is sent. */
export async function preparePayment(request: KioskPaymentRequest, nowMs: number): Promise<PendingPayment> {
  const payment: PendingPayment = { key: crypto.randomUUID(), request, startedAtMs: nowMs };
  await store.pending.add(payment);
  return payment;
}

/** The oldest payment without an answer, from before a reload or a power cut. */
export async function unansweredPayment(): Promise<PendingPayment | null> {
  return await store.pending.orderBy('startedAtMs').first() ?? null;
}

/**
 * Sends the payment once, always with its own key. An answer or a refusal by the rules settles it and removes it from
 * the disk; silence, a failure of the server, an answer that cannot be read and a device that is asked to prove itself
 * anew leave it open.
 */
export async function attemptPayment(payment: PendingPayment): Promise<PaymentOutcome> {
  try {
    const answer = await sendPayment(payment.key, payment.request);
    // Nobody waits for the disk here: a power cut before it is done asks after the same key and finds it paid.
    void store.pending.delete(payment.key).catch(() => undefined);
    return { kind: 'paid', answer };
  } catch (reason) {
    if (!(reason instanceof ApiRefusal) || !settles(reason)) return { kind: 'unknown' };
    await store.pending.delete(payment.key);
    return { kind: 'refused', refusal: reason };
  }
}

/**
 * Finds out about a payment from before a reload, or one that has been open for too long. The server is asked first,
 * without charging; only a payment that it does not know and that is young enough is sent again.
 */
export async function recoverPayment(payment: PendingPayment): Promise<PaymentOutcome> {
  try {
    const answer = await askOutcome(payment.key);
    if (answer !== null) {
      await store.pending.delete(payment.key);
      return { kind: 'paid', answer };
    }
  } catch {
    return { kind: 'unknown' };
  }
  if (mayRepeat(payment.startedAtMs, serverNowMs())) return attemptPayment(payment);
  // Staff first: a power cut between the two tells them twice, never not at all.
  if (!await callStaff('payment-dropped')) return { kind: 'unknown' };
  await store.pending.delete(payment.key);
  return { kind: 'dropped' };
}

function settles(refusal: ApiRefusal): boolean {
  if (refusal.status >= 500 || refusal.status === 429 || refusal.status === 401) return false;
  return refusal.code !== 'DATABASE.BUSY';
}

import { isSettled, type ApiRefusal } from '../../../ui/api/index.js';
import type { KioskPaymentAnswer, KioskPaymentRequest } from '../../../src/contract/kiosk.js';
import { mayRepeat } from './payment-age.js';
import { askOutcome, callStaff, endPayment, isDistrusted, isWaiting, sendPayment, serverNowMs, speaks } from './server.js';
import { store, type PendingPayment } from './store.js';

/** What one attempt told us. `unknown`: the server may or may not have charged; only the same key may be sent again. */
export type PaymentOutcome =
  | { readonly kind: 'paid'; readonly answer: KioskPaymentAnswer }
  | { readonly kind: 'refused'; readonly refusal: ApiRefusal }
  /** Not charged, too old to be charged still: given up, staff told. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'unknown'; /** The server answered that it no longer trusts this device. */ readonly distrusted: boolean; /** Nobody has confirmed this machine yet: it is told nothing until then. */ readonly waiting?: true; /** The server was asked to give the key up and has not answered: it may charge nothing under it any more. */ readonly givenUp?: true };

/** Writes the payment and its key to the disk, before anything is sent. */
export async function preparePayment(request: KioskPaymentRequest, nowMs: number): Promise<PendingPayment> {
  const payment: PendingPayment = { key: crypto.randomUUID(), request, startedAtMs: nowMs };
  await store.pending.add(payment);
  return payment;
}

/** Payments that are settled and may still lie on a disk that does not take their end. */
const settled = new Set<string>();

/** A settled payment leaves the disk. Nobody waits for that, and a disk that fails decides nothing: after a power cut the same key is asked about. */
export function forgetPayment(key: string): void {
  settled.add(key);
  void store.pending.delete(key).catch(() => undefined);
}

/** The oldest payment without an answer, from before a reload or a power cut. */
export async function unansweredPayment(): Promise<PendingPayment | null> {
  return await store.pending.orderBy('startedAtMs').filter(({ key }) => !settled.has(key)).first() ?? null;
}

/**
 * Sends the payment once, always with its own key. An answer or a refusal by the rules settles it and removes it from
 * the disk; silence, a failure of the server, an answer that cannot be read and a device that is asked to prove itself
 * anew leave it open.
 *
 * @param sentBefore an attempt without an answer may still be under way: a refusal of this one does not speak for that
 */
export async function attemptPayment(payment: PendingPayment, sentBefore = false): Promise<PaymentOutcome> {
  try {
    const answer = await sendPayment(payment.key, payment.request);
    forgetPayment(payment.key);
    return { kind: 'paid', answer };
  } catch (reason) {
    if (!isSettled(reason)) return unknown(reason);
    const refused = (): PaymentOutcome => over(payment, { kind: 'refused', refusal: reason });
    return sentBefore ? ended(payment, () => Promise.resolve(refused())) : refused();
  }
}

/**
 * Gives the key up at the server before anybody is told that nothing was charged; a server of before knows no such thing.
 *
 * @param otherwise what it is where nothing was charged
 */
async function ended(payment: PendingPayment, otherwise: () => Promise<PaymentOutcome>): Promise<PaymentOutcome> {
  try {
    const answer = speaks(7) ? await endPayment(payment.key) : null;
    return answer === null ? await otherwise() : over(payment, { kind: 'paid', answer });
  } catch (reason) {
    return { ...unknown(reason), ...(speaks(7) ? { givenUp: true } : {}) };
  }
}

const unknown = (reason: unknown): Extract<PaymentOutcome, { kind: 'unknown' }> => ({ kind: 'unknown', distrusted: isDistrusted(reason), ...(isWaiting(reason) ? { waiting: true } : {}) });

function over(payment: PendingPayment, outcome: PaymentOutcome): PaymentOutcome {
  forgetPayment(payment.key);
  return outcome;
}

/**
 * Finds out about a payment from before a reload, or one that has been open for too long. The server is asked first,
 * without charging; only a payment that it does not know and that is young enough is sent again.
 */
export async function recoverPayment(payment: PendingPayment): Promise<PaymentOutcome> {
  try {
    const answer = await askOutcome(payment.key);
    if (answer !== null) {
      forgetPayment(payment.key);
      return { kind: 'paid', answer };
    }
  } catch (reason) {
    return unknown(reason);
  }
  if (mayRepeat(payment.startedAtMs, serverNowMs())) return attemptPayment(payment, true);
  // Staff before the disk: a power cut between the two tells them twice, never not at all.
  return ended(payment, async () => (await callStaff('payment-dropped') ? over(payment, { kind: 'dropped' }) : { kind: 'unknown', distrusted: false }));
}

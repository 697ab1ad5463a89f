import { mayRepeat } from '../device/payment-age.js';
import { attemptPayment, recoverPayment, type PaymentOutcome } from '../device/payments.js';
import * as server from '../device/server.js';
import type { PendingPayment } from '../device/store.js';
import type { KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import { attentionSound } from '../sense/sound.js';
import type { OfflineDesk } from './offline-desk.js';

const STAFF_AFTER_MS = 20_000;
/** A clock that is wrong looks like a device that is: it is set between these. */
const DISTRUSTED_TRIES = 3;
const RETRY_MS = [1000, 2000, 3000, 5000, 8000];

const pause = (ms: number): Promise<void> => new Promise((resolve) => {
  setTimeout(resolve, ms);
});

/** `without`: taken as a sale without network, under the same key. `later`: its person has gone; it is asked about when the network is back. `distrusted`: this device is no longer the server's. `waiting`: nobody has confirmed it yet; it is asked about once somebody has. */
export type Settled = Exclude<PaymentOutcome, { kind: 'unknown' }> | { readonly kind: 'without'; readonly answer: KioskPaymentAnswer } | { readonly kind: 'later' } | { readonly kind: 'distrusted' } | { readonly kind: 'waiting' };

/**
 * Repeats a payment with its own key until it is known what became of it. One of before a reload is asked about first.
 *
 * @param fresh made since the page was loaded
 */
export async function settlePayment(
  payment: PendingPayment, fresh: boolean, desk: OfflineDesk | null, on: { checking: (tries: number, staffCalled: boolean) => void; silence: () => void },
): Promise<Settled> {
  const sinceMs = performance.now();
  let staffCalled = false;
  let distrusted = 0;
  let till = desk;
  for (let tries = 0; ; tries += 1) {
    on.checking(tries, staffCalled);
    const young = mayRepeat(payment.startedAtMs, server.serverNowMs());
    const outcome = await (fresh && young ? attemptPayment(payment, tries > 0) : recoverPayment(payment));
    if (outcome.kind !== 'unknown') return outcome;
    if (outcome.waiting === true) return { kind: 'waiting' };
    if (outcome.givenUp === true) till = null; // a sale under a key that was given up could not be handed in
    distrusted = outcome.distrusted ? distrusted + 1 : 0;
    if (distrusted > DISTRUSTED_TRIES) return { kind: 'distrusted' };
    if (!outcome.distrusted) on.silence();
    if (performance.now() - sinceMs >= STAFF_AFTER_MS) {
      const instead = await withoutNetwork(payment, till);
      if (instead !== null) return instead;
      if (!staffCalled) {
        attentionSound();
        void server.callStaff('checking');
      }
      staffCalled = true;
    }
    await pause(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 8000);
    if (tries > 0) await server.askMode().catch(() => undefined);
  }
}

/** Whoever can still stand there gets the meal by the allowance; one who has gone keeps nobody else waiting. */
async function withoutNetwork(payment: PendingPayment, desk: OfflineDesk | null): Promise<Settled | null> {
  if (mayRepeat(payment.startedAtMs, server.serverNowMs())) {
    const answer = await desk?.instead(payment) ?? null;
    return answer === null ? null : { kind: 'without', answer };
  }
  return { kind: 'later' };
}

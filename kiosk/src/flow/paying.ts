import type { Ref } from 'vue';
import type { ApiRefusal } from '../../../ui/api/index.js';
import { dictionary, type WordKey } from '../../../ui/dictionary/index.js';
import type { KioskPaymentAnswer, KioskTodayAnswer } from '../../../src/contract/kiosk.js';
import type { Gallery } from '../device/gallery.js';
import { mayRepeat } from '../device/payment-age.js';
import { forgetPayment, preparePayment, recoverPayment, unansweredPayment } from '../device/payments.js';
import * as server from '../device/server.js';
import type { PendingPayment } from '../device/store.js';
import { isSamePlate } from '../scale/plate.js';
import { paidSound } from '../sense/sound.js';
import type { OfflineDesk } from './offline-desk.js';
import type { Candidate, PricedMeal, Screen, TrayMeal } from './screen.js';
import { settlePayment } from './settle.js';
import { payTogether } from './together.js';
import { sent, type Weighing } from './weighing.js';
import { standsThere, type Looks } from './who-stands.js';

/** What of the kiosk is needed to take a payment. */
interface Till extends Looks {
  readonly screen: Ref<Screen>;
  readonly tray: Ref<TrayMeal | null>;
  readonly offline: Ref<OfflineDesk | null>;
  readonly online: Ref<boolean>;
  readonly today: Ref<KioskTodayAnswer | null>;
  readonly gallery: Gallery | null;
  readonly weighing: Weighing;
  choose(candidate: Candidate, meal: PricedMeal): void;
  showRefusal(reason: unknown): void;
  while(work: () => Promise<void>): Promise<void>;
  refresh(): Promise<void>;
  goOnWithout(): Promise<void>;
  distrusted(): Promise<void>;
}

/**
 * Pays what stands on the confirm screen, once; in the name of a face only where the camera sees whose it is. Where the key
 * cannot be written to the disk nothing is sent and the glass says so.
 */
export async function payConfirmed(kiosk: Till): Promise<void> {
  const { value: pressed } = kiosk.screen;
  if (pressed.name !== 'confirm') return;
  const { candidate, meal } = pressed;
  if (!await standsThere(kiosk, candidate)) return;
  if (!await plateLies(kiosk, pressed)) return;
  const screen = kiosk.screen.value;
  if (screen.name !== 'confirm' || screen.candidate !== candidate || screen.meal !== meal) return;
  const first = kiosk.tray.value;
  if (first !== null) return kiosk.while(() => payTogether(kiosk, [first, { candidate, meal }]));
  const desk = kiosk.offline.value;
  if (meal.offline === true && desk !== null) {
    return kiosk.while(async () => {
      kiosk.show({ name: 'checking', tries: 0, staffCalled: false });
      soldWithout(kiosk, await desk.sell(candidate, meal.setMealId, meal.quote.dueFen));
    });
  }
  const prepared: PendingPayment[] = []; // also where they have left meanwhile: what lies on the disk by then is taken off it
  await kiosk.while(async () => { prepared.push(await preparePayment({ claim: candidate.claim, ...sent(meal), expectedDueFen: meal.quote.dueFen }, server.serverNowMs())); });
  const [payment] = prepared;
  if (payment === undefined) return;
  if (kiosk.screen.value !== screen) return forgetPayment(payment.key); // taken back before the first byte was sent
  await settle(kiosk, payment, screen);
}

/** A payment of before a reload: asked about first. */
export const settleOpen = (kiosk: Till, payment: PendingPayment): Promise<void> => settle(kiosk, payment, null);

/** A payment that was left without an answer while the network was away: asked about, never sent again. */
export async function askAfterOld(screen: Screen): Promise<void> {
  if (screen.name === 'checking') return;
  const old = await unansweredPayment();
  if (old === null || mayRepeat(old.startedAtMs, server.serverNowMs())) return;
  const found = await recoverPayment(old);
  if (found.kind === 'paid' && server.speaks(7)) await server.callStaff('payment-found'); // its person was told to ask staff
}

/**
 * Whether the plate that was priced is the one that lies there at the press. What weighs otherwise by then is priced anew and
 * confirmed again; of a plate that was lifted off, or cannot be weighed, nothing is paid.
 */
async function plateLies(kiosk: Till, { candidate, meal }: Extract<Screen, { name: 'confirm' }>): Promise<boolean> {
  const { plate: priced } = meal;
  if (priced === undefined) return true;
  const next = await kiosk.asked(async (): Promise<Screen | PricedMeal | 'same'> => {
    const plate = await kiosk.weighing.atRest();
    if (plate === null) return kiosk.weighing.nothingTaken(kiosk.today.value?.offers ?? []);
    if (isSamePlate(plate, priced)) return 'same';
    const quote = await server.askQuote({ claim: candidate.claim, ...sent({ setMealId: meal.setMealId, plate }) });
    return { ...meal, quote, plate };
  });
  if (next === undefined || next === 'same') return next === 'same';
  if ('name' in next) kiosk.show(next);
  else if (next.quote.shortFen > 0 || next.quote.notSuitable === true) kiosk.choose(candidate, next); // as if it had weighed so from the start
  else kiosk.show({ name: 'confirm', candidate, meal: next, changed: true });
  return false;
}

/** Waits until it is known what became of a payment. */
async function settle(kiosk: Till, payment: PendingPayment, from: Screen | null): Promise<void> {
  const settled = await settlePayment(payment, from !== null, kiosk.offline.value, {
    checking: (tries, staffCalled) => kiosk.show({ name: 'checking', tries, staffCalled }),
    silence: () => { kiosk.online.value = false; },
  });
  const { claim } = payment.request;
  switch (settled.kind) {
    case 'paid':
      paidSound();
      if (payment.request.plate !== undefined) kiosk.weighing.paid();
      kiosk.show({ name: 'done', answer: settled.answer, invited: kiosk.gallery?.invites(claim) ?? false, collected: claim.kind === 'collector', who: { maskedName: settled.answer.maskedName, claim } });
      await kiosk.offline.value?.soldOnline(payment.request, settled.answer).catch(() => undefined);
      return void kiosk.refresh();
    case 'refused': return refusedPayment(kiosk, settled.refusal, from);
    case 'dropped': return ended(kiosk, 'kiosk.refused.dropped');
    case 'without': return soldWithout(kiosk, settled.answer);
    case 'later':
      await kiosk.goOnWithout();
      return ended(kiosk, 'kiosk.together.later');
    case 'distrusted':
      kiosk.show(saying('kiosk.together.later'));
      return kiosk.distrusted();
    case 'waiting': // its number must stand on the glass, or nobody can confirm it
      kiosk.show({ name: 'starting' });
      return kiosk.refresh();
  }
}

function soldWithout(kiosk: Till, answer: KioskPaymentAnswer): void {
  paidSound();
  kiosk.show({ name: 'done', answer, offline: true });
  void kiosk.refresh();
}

const saying = (sentence: WordKey): Screen => ({ name: 'refused', refused: { sentence: dictionary[sentence], code: '', requestId: '' } });

async function ended(kiosk: Till, sentence: WordKey): Promise<void> {
  kiosk.show(saying(sentence));
  await kiosk.refresh();
}

async function refusedPayment(kiosk: Till, refusal: ApiRefusal, from: Screen | null): Promise<void> {
  if (refusal.code === 'PAYMENT.PRICE_CHANGED' && from?.name === 'confirm') {
    return kiosk.while(async () => {
      const quote = await server.askQuote({ claim: from.candidate.claim, ...sent(from.meal) });
      kiosk.show({ name: 'confirm', candidate: from.candidate, meal: { ...from.meal, quote }, changed: true });
    });
  }
  kiosk.showRefusal(refusal);
  await kiosk.refresh();
}

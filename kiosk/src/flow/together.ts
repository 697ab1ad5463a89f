import type { Ref } from 'vue';
import { ApiRefusal } from '../../../ui/api/index.js';
import { preparePayment } from '../device/payments.js';
import * as server from '../device/server.js';
import { paidSound } from '../sense/sound.js';
import { OfflineRefused, type OfflineDesk } from './offline-desk.js';
import { refusedBy } from './refused-by.js';
import { dictionary } from '../../../ui/dictionary/index.js';
import { settlePayment } from './settle.js';
import type { Refused, Screen, TogetherOutcome, TrayMeal } from './screen.js';
import { sent, type Weighing } from './weighing.js';
import { standsThere, type Looks } from './who-stands.js';

/** What of the kiosk is needed for two people at once. */
interface Table {
  readonly tray: Ref<TrayMeal | null>;
  readonly offline: Ref<OfflineDesk | null>;
  readonly online: Ref<boolean>;
  readonly weighing: Pick<Weighing, 'paid'>;
  show(screen: Screen): void;
  refresh(): Promise<void>;
}

/** The first has chosen; the second one is looked for. Nothing is paid yet, but nobody pays for a face that has gone: when both are paid it is the second one who stands there. */
export async function eatTogether(kiosk: Pick<Table, 'tray'> & Looks, first: TrayMeal): Promise<void> {
  if (!await standsThere(kiosk, first.candidate)) return;
  kiosk.tray.value = first;
  kiosk.show({ name: 'second', same: false });
}

/**
 * Pays for both, each from their own account under a key of its own, one after the other: whoever stands there is told
 * for each whether money moved. Where the first is refused the second is not asked for.
 */
export async function payTogether(kiosk: Table, meals: readonly [TrayMeal, TrayMeal]): Promise<void> {
  kiosk.tray.value = null;
  kiosk.show({ name: 'checking', tries: 0, staffCalled: false });
  const outcomes: TogetherOutcome[] = [];
  for (const one of meals) {
    const outcome = outcomes.some(({ kind }) => kind === 'refused') ? notTried(one) : await payOne(kiosk, one).catch((reason: unknown) => refusedOf(one, reason));
    outcomes.push(outcome);
  }
  if (outcomes.some(({ kind }) => kind === 'paid')) paidSound();
  kiosk.show({ name: 'together', outcomes });
  void kiosk.refresh();
}

async function payOne(kiosk: Table, one: TrayMeal): Promise<TogetherOutcome> {
  const { candidate, meal } = one;
  const desk = kiosk.offline.value;
  if (meal.offline === true && desk !== null) return { kind: 'paid', answer: await desk.sell(candidate, meal.setMealId, meal.quote.dueFen), offline: true };
  const payment = await preparePayment({ claim: candidate.claim, ...sent(meal), expectedDueFen: meal.quote.dueFen }, server.serverNowMs());
  const settled = await settlePayment(payment, true, desk, {
    checking: (tries, staffCalled) => kiosk.show({ name: 'checking', tries, staffCalled }),
    silence: () => { kiosk.online.value = false; },
  });
  switch (settled.kind) {
    case 'paid':
      if (payment.request.plate !== undefined) kiosk.weighing.paid();
      await desk?.soldOnline(payment.request, settled.answer).catch(() => undefined);
      return { kind: 'paid', answer: settled.answer, offline: false };
    case 'without': return { kind: 'paid', answer: settled.answer, offline: true };
    case 'refused': return refusedOf(one, settled.refusal);
    case 'dropped': return refusedWith(one, 'kiosk.refused.dropped');
    case 'later': case 'distrusted': case 'waiting': return refusedWith(one, 'kiosk.together.later');
  }
}

const notTried = (one: TrayMeal): TogetherOutcome => refusedWith(one, 'kiosk.together.notTried');

function refusedWith({ candidate }: TrayMeal, sentence: 'kiosk.refused.dropped' | 'kiosk.together.later' | 'kiosk.together.notTried'): TogetherOutcome {
  return { kind: 'refused', maskedName: candidate.maskedName, refused: { sentence: dictionary[sentence], code: '', requestId: '' } };
}

function refusedOf({ candidate }: TrayMeal, reason: unknown): TogetherOutcome {
  return { kind: 'refused', maskedName: candidate.maskedName, refused: sentenceOf(reason) };
}

function sentenceOf(reason: unknown): Refused {
  if (reason instanceof OfflineRefused) return reason.refused;
  return refusedBy(reason instanceof ApiRefusal ? reason : null);
}

import { computed, reactive, ref, type ComputedRef, type Ref } from 'vue';
import { cancelOrderAnswer, placeOrderAnswer, type FULFILMENTS } from '../../../../src/contract/ordering.js';
import type { OrderWeekMeal } from '../../../../src/contract/order-week.js';
import { t } from '../../../../ui/dictionary/index.js';
import { api } from '../../api.js';
import { wordingOf } from '../../parts/toast.js';

type Fulfilment = (typeof FULFILMENTS)[number];
/** What is asked for of one meal and not sent yet. */
export interface Pick { code: string; fulfilment: Fulfilment }
/** What came of one meal that was sent. */
export interface Outcome { readonly done: boolean; readonly text: string }
/** Who the orders are for, and how the call came in. */
export interface WeekCaller { readonly seniorId: string; readonly channel: 'desk' | 'phone' }

export interface WeekOrder {
  readonly picks: Map<string, Pick>;
  readonly outcomes: Map<string, Outcome>;
  /** How many meals are being sent; 0 when nothing runs. */
  readonly sending: Ref<number>;
  readonly listFen: ComputedRef<number>;
  readonly pick: (meal: OrderWeekMeal, code: string, fulfilment: Fulfilment) => void;
  readonly send: (caller: WeekCaller, meals: readonly OrderWeekMeal[]) => Promise<void>;
  readonly cancel: (meal: OrderWeekMeal) => Promise<void>;
  readonly settle: () => void;
  /** How many of these meals, sent before, are not ordered as they were asked for. */
  readonly undone: (meals: readonly string[]) => number;
  readonly clear: () => void;
}

/** One cell of the grid. */
export const mealKey = ({ day, period }: { readonly day: string; readonly period: string }): string => `${day}/${period}`;

/** Whether a set meal of this meal can be asked for here: open, at home, nothing ordered, nothing against the person. */
export function mayPick(meal: OrderWeekMeal, code: string): boolean {
  return meal.open && !meal.away && (meal.ordered?.orderId ?? null) === null && meal.offers.some((offer) => offer.code === code && offer.notSuitable !== true);
}

/**
 * Several meals of one senior, each ordered by itself, so that one that is refused keeps no other from being ordered. The
 * same meal asked for again after a lost answer goes out under the same key and is there once.
 */
export function useWeekOrder(mealsShown: () => readonly OrderWeekMeal[]): WeekOrder {
  const picks = reactive(new Map<string, Pick>());
  const outcomes = reactive(new Map<string, Outcome>());
  /** Per meal what was asked for without an answer, and under which key. Whatever settles the meal lets go of it: an old key would be answered with an order that no longer stands. */
  const keys = new Map<string, { readonly asked: string; readonly key: string }>();
  const sending = ref(0);
  const listFen = computed(() => mealsShown().reduce((sum, meal) => sum + (meal.offers.find(({ code }) => code === picks.get(mealKey(meal))?.code)?.grossFen ?? 0), 0));

  function pick(meal: OrderWeekMeal, code: string, fulfilment: Fulfilment): void {
    outcomes.delete(mealKey(meal));
    if (mayPick(meal, code)) picks.set(mealKey(meal), { code, fulfilment });
    else picks.delete(mealKey(meal));
  }

  async function sendOne({ seniorId, channel }: WeekCaller, meal: OrderWeekMeal, { code, fulfilment }: Pick): Promise<Outcome> {
    const { day, period } = meal;
    const body = { seniorId, day, period, setCode: code, fulfilment, channel };
    const asked = JSON.stringify(body);
    const unanswered = keys.get(mealKey(meal));
    const key = unanswered?.asked === asked ? unanswered.key : crypto.randomUUID();
    keys.set(mealKey(meal), { asked, key });
    try {
      await api.call({ method: 'POST', path: '/orders', body, answer: placeOrderAnswer, idempotencyKey: key });
      keys.delete(mealKey(meal));
      return { done: true, text: t('ordering.week.done', { code }) };
    } catch (error) {
      return { done: false, text: wordingOf(error).text };
    }
  }

  async function send(caller: WeekCaller, meals: readonly OrderWeekMeal[]): Promise<void> {
    if (sending.value > 0) return;
    const asked = meals.flatMap((meal) => { const wanted = picks.get(mealKey(meal)); return wanted === undefined ? [] : [{ meal, wanted: { ...wanted } }]; });
    sending.value = asked.length;
    for (const { meal, wanted } of asked) {
      const outcome = await sendOne(caller, meal, wanted);
      outcomes.set(mealKey(meal), outcome);
      if (outcome.done) picks.delete(mealKey(meal));
      sending.value -= 1;
    }
  }

  async function cancel(meal: OrderWeekMeal): Promise<void> {
    const orderId = meal.ordered?.orderId ?? null;
    if (orderId === null || sending.value > 0) return;
    sending.value = 1;
    try {
      keys.delete(mealKey(meal));
      await api.call({ method: 'POST', path: `/orders/${orderId}/cancel`, body: {}, answer: cancelOrderAnswer });
      outcomes.set(mealKey(meal), { done: true, text: t('ordering.orders.cancelled') });
    } catch (error) {
      outcomes.set(mealKey(meal), { done: false, text: wordingOf(error).text });
    } finally {
      sending.value = 0;
    }
  }

  /** After the week was read anew: an order that is there although its answer was lost counts as ordered. */
  function settle(): void {
    for (const meal of mealsShown()) {
      if ((meal.ordered?.orderId ?? null) === null) continue;
      keys.delete(mealKey(meal));
      const wanted = picks.get(mealKey(meal));
      if (wanted === undefined) continue;
      picks.delete(mealKey(meal));
      if (meal.ordered?.code === wanted.code && meal.ordered.fulfilment === wanted.fulfilment) outcomes.set(mealKey(meal), { done: true, text: t('ordering.week.done', { code: wanted.code }) });
    }
  }

  function clear(): void {
    picks.clear();
    outcomes.clear();
    keys.clear();
  }

  const undone = (meals: readonly string[]): number => meals.filter((meal) => outcomes.get(meal)?.done !== true).length;

  return { picks, outcomes, sending, listFen, pick, send, cancel, settle, undone, clear };
}

/** 1 小时 5 分 to the cut-off, for the last twenty-four hours; null before and after. */
export function closesIn(cutoffAt: string, nowMs: number): { hours: number; minutes: number } | null {
  const minutes = Math.ceil((Date.parse(cutoffAt) - nowMs) / 60_000);
  return minutes <= 0 || minutes > 24 * 60 ? null : { hours: Math.trunc(minutes / 60), minutes: minutes % 60 };
}

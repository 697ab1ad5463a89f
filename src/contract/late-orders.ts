import { z } from 'zod';
import { mealPeriod } from './menu.js';
import { FULFILMENTS, ORDER_CHANNELS, STAFF_ORDER_CHANNELS } from './ordering.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const note = z.string().trim().max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

export const LATE_STATES = ['waiting', 'accepted', 'refused'] as const;
export const lateOrderRow = z.object({
  id, seniorId: id, seniorName: z.string(), pointName: z.string(), day, period: mealPeriod, setCode: z.string(), fulfilment: z.enum(FULFILMENTS), channel: z.enum(STAFF_ORDER_CHANNELS), note: z.string(),
  askedBy: z.string(), askedAt: instant, cutoffAt: instant, lateMin: z.int(),
  state: z.enum(LATE_STATES), decidedBy: z.string().nullable(), decidedAt: instant.nullable(), decisionNote: z.string(),
});
export type LateOrderRow = z.infer<typeof lateOrderRow>;
/** GET /api/v1/late-orders: what waits, and what was asked for `day` (today unless given). */
export const lateOrderQuery = z.strictObject({ day: day.optional() });
export type LateOrderQuery = z.infer<typeof lateOrderQuery>;
export const lateOrderListAnswer = z.object({ day, asOf: instant, waiting: z.int(), rows: z.array(lateOrderRow) });
export type LateOrderListAnswer = z.infer<typeof lateOrderListAnswer>;

/** POST /api/v1/late-orders: a meal that is asked for after its cut-off; somebody decides. */
export const askLateOrderRequest = z.strictObject({
  seniorId: id, day, period: mealPeriod, setCode: z.string().regex(/^[A-Z]$/), fulfilment: z.enum(FULFILMENTS), channel: z.enum(STAFF_ORDER_CHANNELS), note: note.min(2),
});
export type AskLateOrderRequest = z.infer<typeof askLateOrderRequest>;
export const lateOrderAnswer = z.object({ lateOrder: lateOrderRow });
export type LateOrderAnswer = z.infer<typeof lateOrderAnswer>;
/** POST /api/v1/late-orders/decide. An accepted meal to be brought needs a place on a trip: the dispatcher's urgent order accepts it. */
export const decideLateOrderRequest = z.strictObject({ lateOrderId: id, decision: z.enum(['accept', 'refuse']), note: note.default('') });
export type DecideLateOrderRequest = z.infer<typeof decideLateOrderRequest>;

/** GET and PUT /api/v1/order-cutoffs: minutes by which a channel closes before the cut-off of the meal. */
export const orderCutoffsAnswer = z.object({
  cutoffs: z.array(z.object({ period: mealPeriod, channel: z.enum(ORDER_CHANNELS), earlyMin: z.int(), setBy: z.string().nullable(), setAt: instant.nullable() })),
  /** The cut-offs of the meals, each with how many points have it. */
  meals: z.array(z.object({ period: mealPeriod, dayOffset: z.int(), minute: z.int(), points: z.int() })),
});
export type OrderCutoffsAnswer = z.infer<typeof orderCutoffsAnswer>;
export const setOrderCutoffRequest = z.strictObject({ period: mealPeriod, channel: z.enum(ORDER_CHANNELS), earlyMin: z.int().min(0).max(1440) });
export type SetOrderCutoffRequest = z.infer<typeof setOrderCutoffRequest>;
/** PUT /api/v1/order-cutoffs/meals: the kitchen's own cut-off of a meal at every point of the street; `dayOffset` -1: the day before. */
export const setMealCutoffRequest = z.strictObject({ period: mealPeriod, dayOffset: z.int().min(-3).max(0), minute: z.int().min(0).max(1439) });
export type SetMealCutoffRequest = z.infer<typeof setMealCutoffRequest>;

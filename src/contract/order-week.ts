import { z } from 'zod';
import { mealPeriod } from './menu.js';
import { FULFILMENTS, ORDER_CHANNELS } from './ordering.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const setCode = z.string().regex(/^[A-Z]$/);

/** GET /api/v1/orders/week: seven days of one senior's meals, beside what can be asked for. `from` defaults to today. */
export const orderWeekQuery = z.strictObject({
  seniorId: id, from: day.optional(),
  /** How the call comes in, for its cut-off; desk unless given. A family's is always the family's. */
  channel: z.enum(['desk', 'phone']).optional(),
});
export type OrderWeekQuery = z.infer<typeof orderWeekQuery>;

/** One meal that the point serves. */
export const orderWeekMeal = z.object({
  day, period: mealPeriod, cutoffAt: instant,
  /** False from the cut-off of the channel on, and for a day further ahead than orders are taken: then `offers` is empty and only what stands is told. */
  open: z.boolean(),
  /** The senior is in a hospital or a nursing home on that day. */
  away: z.boolean(),
  /** What stands: an order, or what a standing plan will ask for (`orderId` null). */
  ordered: z.object({ orderId: id.nullable(), code: setCode, name: z.string(), fulfilment: z.enum(FULFILMENTS), mayCancel: z.boolean() }).nullable(),
  /** Set meals with their list price, before any subsidy. Name and price are null while the menu of that day is not written. */
  offers: z.array(z.object({
    code: setCode, name: z.string().nullable(), grossFen: z.int().nullable(), dishes: z.array(z.string()),
    /** A dish of it is against this person: it can be ordered with substitutes only. */
    notSuitable: z.literal(true).optional(),
  })),
});
export type OrderWeekMeal = z.infer<typeof orderWeekMeal>;
export const orderWeekAnswer = z.object({ seniorId: id, seniorName: z.string(), pointName: z.string(), from: day, channel: z.enum(ORDER_CHANNELS), meals: z.array(orderWeekMeal), asOf: instant });
export type OrderWeekAnswer = z.infer<typeof orderWeekAnswer>;

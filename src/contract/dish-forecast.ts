import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();

/** GET /api/v1/kitchen/forecast/dishes. `day` defaults to tomorrow. */
export const dishForecastQuery = z.strictObject({ day: day.optional(), period: mealPeriod.default('lunch') });
export type DishForecastQuery = z.infer<typeof dishForecastQuery>;

/** Portions by point, dish, meal and day: what was ordered counts as it is, walk-ins choose between the set meals by their dishes. */
export const dishForecastAnswer = z.object({
  day, period: mealPeriod, weekday: z.int(), asOf: z.iso.datetime(),
  /** dish: the dishes brought the forecast nearer in the last weeks; set: the letters of the set meals alone do as well. */
  method: z.enum(['dish', 'set']),
  /** Σ|came − expected| / Σ came of the set meals over the last 28 days, by letters alone and with dishes; null when not measurable. */
  setError: z.number().nullable(), dishError: z.number().nullable(),
  points: z.array(z.object({ id, code: z.string(), name: z.string() })),
  /** `dishes` distinct dishes for each of its `portions`; `weighed`: sold by weight, a portion is one plate. */
  sets: z.array(z.object({ code: z.string(), name: z.string(), portions: z.int(), dishes: z.int(), weighed: z.boolean() })),
  dishes: z.array(z.object({
    dishId: id, name: z.string(), kind: z.string(), setCodes: z.array(z.string()),
    /** By how much its set meals are taken more (above 1) or less often because of it; 1 while the letters alone count. */
    factor: z.number(),
    /** Days it was to be had in half a year, and its own error over the last 28 days; null when it was not on. */
    daysKnown: z.int(), error: z.number().nullable(),
    ordered: z.int(), expectedWalkIns: z.number(), walkInsToCook: z.int(), portions: z.int(),
    /** Of set meals sold by weight: grams that one plate takes of it, and that all plates take; null where none is weighed. */
    gramsPerPlate: z.number().nullable(), grams: z.int().nullable(),
    /** A planner has set portions of one of its set meals against the forecast. */
    overridden: z.boolean(),
    /** One cell per point, in the order of `points`; ordered + walkInsToCook = portions. */
    cells: z.array(z.object({ pointId: id, ordered: z.int(), expectedWalkIns: z.number(), walkInsToCook: z.int(), portions: z.int(), overridden: z.boolean() })),
  })),
  /** Portions of set meals times their dishes, and the sum of the dishes: always the same figure. */
  balance: z.object({ bySet: z.int(), byDish: z.int() }),
});
export type DishForecastAnswer = z.infer<typeof dishForecastAnswer>;

import { z } from 'zod';
import { ALLERGENS, mealPeriod } from './menu.js';
import { clashRow } from './ordering.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const why = z.string().trim().min(2).max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const dishName = z.object({ id, name: z.string() });

/** GET /api/v1/kitchen/dish-changes/preview: what it would do to replace a dish of a day; changes nothing. */
export const dishChangePreviewQuery = z.strictObject({ day, period: mealPeriod.default('lunch'), dishId: id, substituteId: id });
export type DishChangePreviewQuery = z.infer<typeof dishChangePreviewQuery>;
export const dishChangePreview = z.object({
  day, period: mealPeriod, from: dishName, to: dishName,
  /** Set meals that would hold the new dish, and those that were sealed already and keep the old one. */
  sets: z.array(z.object({ code: z.string(), name: z.string() })), fixedSets: z.array(z.object({ code: z.string(), name: z.string() })),
  /** Allergens that no dish of the changed set meals held before. */
  newAllergens: z.array(z.enum(ALLERGENS)),
  /** Ordered meals with the new dish, and the rows that it adds to the clash sheet. */
  meals: z.int(), rows: z.array(clashRow), people: z.int(),
  /** Decisions about the old dish that fall away. */
  decisionsLost: z.int(),
  /** Batches of the old dish: planned ones become batches of the new dish, begun ones stay what they are. */
  plannedBatches: z.int(), begunBatches: z.int(),
  /** The change brings an allergen or is against somebody: a second person confirms it, or a reason says why there is none. */
  needsSecond: z.boolean(),
});
export type DishChangePreview = z.infer<typeof dishChangePreview>;

export const DISH_CHANGE_STATES = ['waiting', 'done', 'refused'] as const;
export const dishChangeRow = z.object({
  id, day, period: mealPeriod, from: dishName, to: dishName, setCodes: z.array(z.string()), newAllergens: z.array(z.enum(ALLERGENS)), people: z.int(),
  reason: z.string(), aloneReason: z.string().nullable(), state: z.enum(DISH_CHANGE_STATES),
  askedBy: z.string(), askedAt: instant, decidedBy: z.string().nullable(), decidedAt: instant.nullable(),
});
export type DishChangeRow = z.infer<typeof dishChangeRow>;

/** GET /api/v1/kitchen/dish-changes: what waits, and the changes of seven days back and all to come. */
export const dishChangeListAnswer = z.object({ asOf: instant, changes: z.array(dishChangeRow) });
export type DishChangeListAnswer = z.infer<typeof dishChangeListAnswer>;

/** POST /api/v1/kitchen/dish-changes. `aloneReason`: why no second person can confirm now; null: one will, where one is needed. */
export const askDishChangeRequest = z.strictObject({ day, period: mealPeriod.default('lunch'), dishId: id, substituteId: id, reason: why, aloneReason: why.nullable() });
export type AskDishChangeRequest = z.infer<typeof askDishChangeRequest>;
/** POST /api/v1/kitchen/dish-changes/decide */
export const decideDishChangeRequest = z.strictObject({ changeId: id, decision: z.enum(['confirm', 'refuse']) });
export type DecideDishChangeRequest = z.infer<typeof decideDishChangeRequest>;
export const dishChangeAnswer = z.object({ change: dishChangeRow });
export type DishChangeAnswer = z.infer<typeof dishChangeAnswer>;

import { z } from 'zod';
import { DIET_CODES } from './seniors.js';
import { putWeighedPricesRequest, weighedPrices } from './weighing.js';

const id = z.uuid();
const day = z.iso.date();
const name = z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

/** Meal periods in the order of the day. */
export const mealPeriod = z.enum(['breakfast', 'lunch', 'dinner']);

/** What a dish is in a set meal. */
export const DISH_KINDS = ['meat', 'half-meat', 'vegetable', 'soup', 'staple', 'fruit'] as const;
export type DishKind = (typeof DISH_KINDS)[number];

/** Allergens that a dish contains: the eight groups of GB 7718-2011, 4.4.3, and sesame. */
export const ALLERGENS = ['gluten', 'crustacean', 'fish', 'egg', 'peanut', 'soy', 'milk', 'nut', 'sesame'] as const;
export type Allergen = (typeof ALLERGENS)[number];

export const dishRow = z.object({
  id,
  name: z.string(),
  kind: z.enum(DISH_KINDS),
  /** Needs of a person that the dish satisfies, in the codes that stand on the person's file. */
  dietTags: z.array(z.enum(DIET_CODES)),
  allergens: z.array(z.enum(ALLERGENS)),
  picture: z.string(),
});
export type DishRow = z.infer<typeof dishRow>;
/** `fenPer100g`: what 100 g cost where it is sold by weight; null: nobody has said. */
export const dishListAnswer = z.object({ dishes: z.array(dishRow.extend({ fenPer100g: z.int().nullable() })) });
export type DishListAnswer = z.infer<typeof dishListAnswer>;

/** GET /api/v1/menu/week: seven days from `from`. */
export const weekMenuQuery = z.strictObject({ from: day, period: mealPeriod.default('lunch') });
export type WeekMenuQuery = z.infer<typeof weekMenuQuery>;

export const setMealRow = z.object({
  id,
  day,
  period: mealPeriod,
  /** One capital letter: what a person says at the counter. */
  code: z.string().length(1),
  name: z.string(),
  grossFen: z.int(),
  dietTags: z.array(z.enum(DIET_CODES)),
  dishes: z.array(dishRow),
  /** What 100 g cost where it is sold by weight; nothing: by the portion. */
  weighed: weighedPrices,
  /** Portions sent or sold exist: price and dishes can no longer be changed. */
  fixed: z.boolean(),
});
export type SetMealRow = z.infer<typeof setMealRow>;
export const weekMenuAnswer = z.object({ from: day, period: mealPeriod, sets: z.array(setMealRow) });
export type WeekMenuAnswer = z.infer<typeof weekMenuAnswer>;

/** POST /api/v1/menu/dishes */
export const createDishRequest = z.strictObject({
  name,
  kind: z.enum(DISH_KINDS),
  dietTags: z.array(z.enum(DIET_CODES)).max(DIET_CODES.length),
  allergens: z.array(z.enum(ALLERGENS)).max(ALLERGENS.length),
});
export type CreateDishRequest = z.infer<typeof createDishRequest>;

/** PUT /api/v1/menu/set-meals: writes the set meal of a day, period and code, as long as nothing of it was sent or sold. */
export const putSetMealRequest = z.strictObject({
  day,
  period: mealPeriod,
  code: z.string().regex(/^[A-Z]$/),
  name,
  /** Menu price before any relief, 0.01 to 200 yuan. */
  grossFen: z.int().min(1).max(20_000),
  dishIds: z.array(id).min(1).max(12),
  /** Prices of 100 g; none: sold by the portion. Left out: as it was, each dish that comes in at its own price. */
  weighed: putWeighedPricesRequest.shape.prices.optional(),
});
export type PutSetMealRequest = z.infer<typeof putSetMealRequest>;
export const putSetMealAnswer = z.object({ setMeal: setMealRow });
export type PutSetMealAnswer = z.infer<typeof putSetMealAnswer>;

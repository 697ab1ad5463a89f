import { z } from 'zod';

/** Selling by weight. Grams are whole; prices are fen for 100 g. `dishId` null: a mixed plate. */

const dishId = z.string().min(1).max(36).nullable();
const fenPer100g = z.int().min(1).max(100_000);

/** What the scale showed, dish by dish or as one mixed plate. */
export const weighedPlate = z.array(z.strictObject({ dishId, grams: z.int().min(1).max(3_000) })).min(1).max(12);
export type WeighedPlate = z.infer<typeof weighedPlate>;

export const weighedPrices = z.array(z.object({ dishId, fenPer100g }));

/** PUT /api/v1/menu/set-meals/:setMealId/weighed: how this set meal is sold by weight; none: by the portion. */
export const putWeighedPricesRequest = z.strictObject({ prices: z.array(z.strictObject({ dishId, fenPer100g })).max(12) });
export type PutWeighedPricesRequest = z.infer<typeof putWeighedPricesRequest>;
export const weighedPricesAnswer = z.object({ setMealId: z.string(), prices: weighedPrices });
export type WeighedPricesAnswer = z.infer<typeof weighedPricesAnswer>;

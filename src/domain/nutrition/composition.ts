/**
 * Nutrients of the usual Chinese food composition format, per 100 g of edible part, in the units of that format: g for
 * the first group, kcal for energy, µg for vitamin A, carotene, retinol and selenium, mg for the others.
 */
export const NUTRIENTS = [
  'energyKCal', 'protein', 'fat', 'CHO', 'dietaryFiber', 'water', 'ash', 'cholesterol',
  'vitaminA', 'carotene', 'retinol', 'thiamin', 'riboflavin', 'niacin', 'vitaminC', 'vitaminETotal', 'vitaminE1', 'vitaminE2', 'vitaminE3',
  'Ca', 'P', 'K', 'Na', 'Mg', 'Fe', 'Zn', 'Se', 'Cu', 'Mn',
] as const;
export type Nutrient = (typeof NUTRIENTS)[number];

/** What 100 g of edible part hold; null is not known, which is not the same as nothing. */
export type Composition = Readonly<Record<Nutrient, number | null>>;

export interface Food {
  code: string;
  name: string;
  /** Share of the purchased weight that can be eaten, in (0, 1]; null when not known. */
  edibleShare: number | null;
  per100g: Composition;
  /** The source was opened and the row compared with it. Only then may it stand without a mark. */
  verified: boolean;
  source: string;
}

/** A value for each nutrient. */
export function perNutrient<T>(valueOf: (nutrient: Nutrient) => T): Record<Nutrient, T> {
  const values: Partial<Record<Nutrient, T>> = {};
  for (const nutrient of NUTRIENTS) values[nutrient] = valueOf(nutrient);
  return values as Record<Nutrient, T>;
}

export const NOTHING_KNOWN_OF_FOOD: Composition = Object.freeze(perNutrient(() => null));

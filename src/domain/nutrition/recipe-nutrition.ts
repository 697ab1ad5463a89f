import { InvariantError } from '../kernel/domain-error.js';
import { type Food, type Nutrient, perNutrient } from './composition.js';

export interface RecipeIngredient {
  food: Food;
  /** Weight as purchased for the whole recipe. */
  purchasedG: number;
}

export interface Recipe {
  portions: number;
  ingredients: readonly RecipeIngredient[];
  /** Cooked weight over edible raw weight: soup above 1, roast below. */
  cookingYield: number;
}

/** One nutrient of a portion, dish, meal or day. */
export interface Amount {
  /** null: unknown, because a main ingredient lacks it. */
  amount: number | null;
  /** Ingredients without the figure, main ones first; a minor one leaves the amount standing as "at least". */
  missing: readonly string[];
  /** Every ingredient that contributes comes from a row compared with its source. */
  verified: boolean;
}

export interface Nutrition {
  /** Weight on the plate; null when an edible share is not known. */
  cookedG: number | null;
  amounts: Readonly<Record<Nutrient, Amount>>;
}

/** From this share of the edible weight on an ingredient is a main one. Oil and salt are main at any weight for what they bring. */
const MAIN_SHARE = 0.05;
const STRONG: Readonly<Partial<Record<Nutrient, number>>> = { Na: 5000, fat: 50 };

/**
 * What one portion holds: purchased grams x edible share = the weight that the table speaks of. The cooking yield
 * changes the weight on the plate, not what is in it.
 *
 * @throws InvariantError without portions, ingredients or yield
 */
export function portionNutrition({ portions, ingredients, cookingYield }: Recipe): Nutrition {
  if (!(portions > 0) || ingredients.length === 0 || !(cookingYield > 0)) throw new InvariantError('a recipe needs portions, ingredients and a yield');
  const weighed = ingredients.map(({ food, purchasedG }) => ({ food, edibleG: food.edibleShare === null ? null : (purchasedG * food.edibleShare) / portions, purchasedG: purchasedG / portions }));
  const total = weighed.reduce((sum, { edibleG, purchasedG }) => sum + (edibleG ?? purchasedG), 0);
  const amounts = perNutrient((nutrient): Amount => {
    const missing: { name: string; main: boolean }[] = [];
    let amount = 0;
    let verified = true;
    for (const { food, edibleG, purchasedG } of weighed) {
      const per100g = food.per100g[nutrient];
      const main = (edibleG ?? purchasedG) >= total * MAIN_SHARE;
      if (edibleG === null || per100g === null) missing.push({ name: food.name, main: main || (edibleG === null && strong(food, nutrient)) });
      else amount += (edibleG * per100g) / 100;
      verified &&= food.verified;
    }
    missing.sort((a, b) => Number(b.main) - Number(a.main));
    return { amount: missing.some(({ main }) => main) ? null : amount, missing: missing.map(({ name }) => name), verified };
  });
  return { cookedG: weighed.some(({ edibleG }) => edibleG === null) ? null : total * cookingYield, amounts };
}

/** The main ingredients of a recipe by weight as bought: what a batch cannot be without, and a recall must be able to follow. */
export function mainByWeight<T extends { purchasedG: number }>(lines: readonly T[]): T[] {
  const total = lines.reduce((sum, { purchasedG }) => sum + purchasedG, 0);
  return lines.filter(({ purchasedG }) => purchasedG >= total * MAIN_SHARE);
}

function strong(food: Food, nutrient: Nutrient): boolean {
  return (food.per100g[nutrient] ?? 0) >= (STRONG[nutrient] ?? Infinity);
}

/**
 * What was really taken: half a portion counts half.
 *
 * @param taken portions of each dish, such as 0.5
 */
export function takenNutrition(taken: readonly { nutrition: Nutrition; portions: number }[]): Nutrition {
  const amounts = perNutrient((nutrient): Amount => {
    const parts = taken.filter(({ portions }) => portions > 0).map(({ nutrition, portions }) => ({ ...nutrition.amounts[nutrient], portions }));
    return {
      amount: parts.reduce<number | null>((sum, { amount, portions }) => (sum === null || amount === null ? null : sum + amount * portions), 0),
      missing: [...new Set(parts.flatMap(({ missing }) => missing))],
      verified: parts.every(({ verified }) => verified),
    };
  });
  const cookedG = taken.reduce<number | null>((sum, { nutrition, portions }) => (sum === null || nutrition.cookedG === null ? null : sum + nutrition.cookedG * portions), 0);
  return { cookedG, amounts };
}

/** Grams of table salt that hold this much sodium (58.44 / 22.99 of its weight). */
export function saltG(sodiumMg: number): number {
  return (sodiumMg * 2.54) / 1000;
}

import type { AnalysisAnswer, MealVerdict, PortionAnalysis } from '../../contract/nutrition.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { judgeMeal, NUTRIENTS, type Nutrition, perNutrient, portionCost, portionNutrition, REFERENCE_TABLES, type ReferenceTableName, saltG } from '../../domain/nutrition/index.js';
import type { BookedLine, BookedRecipe } from './recipe-book.js';

const GROUPS = [
  { group: 'men-65', sex: 'M', ageYears: 70 }, { group: 'women-65', sex: 'F', ageYears: 70 },
  { group: 'men-80', sex: 'M', ageYears: 85 }, { group: 'women-80', sex: 'F', ageYears: 85 },
] as const;
/** Which reference table the verdicts rest on where nobody asks for another. */
export const STANDARD_IN_USE: ReferenceTableName = 'WS/T 556-2017';
/** Oil and seasoning are no foods of their own in "12 foods a day, 25 a week". */
const NO_VARIETY = new Set(['oil', 'seasoning']);

export interface CookedRecipe { readonly portions: number; readonly cookingYield: number; readonly lines: readonly BookedLine[] }

/** What one portion of a recipe holds. @throws InvariantError without ingredients, portions or yield */
export function nutritionOf({ portions, cookingYield, lines }: CookedRecipe): Nutrition {
  return portionNutrition({ portions, cookingYield, ingredients: lines.map(({ ingredient, purchasedG }) => ({ food: ingredient.food, purchasedG })) });
}

/** Of a dish without a recipe, or of an unknown weight of it: nothing is known, which is not zero. */
export function unknownNutrition(dishName: string): Nutrition {
  return { cookedG: null, amounts: perNutrient(() => ({ amount: null, missing: [dishName], verified: false })) };
}

/** Ingredients that count as foods of their own. */
export function foodsOf(lines: readonly BookedLine[]): string[] {
  return lines.filter(({ ingredient }) => !NO_VARIETY.has(ingredient.foodGroup)).map(({ ingredient }) => ingredient.id);
}

/** What one portion costs to buy, in fen; null with names while a price is missing. */
export function costOf({ portions, lines }: Pick<BookedRecipe, 'portions' | 'lines'>): { costFen: number | null; missing: string[] } {
  return portionCost(lines.map(({ ingredient, purchasedG }) => ({ name: ingredient.name, purchasedG, fenPerKg: ingredient.fenPerKg })), portions);
}

/** One portion of a recipe as the pages show it. */
export function analysePortion(recipe: CookedRecipe): PortionAnalysis {
  const nutrition = nutritionOf(recipe);
  const { costFen, missing } = costOf(recipe);
  return {
    ...shownNutrition(nutrition), rawG: rounded(recipe.lines.reduce((sum, { purchasedG }) => sum + purchasedG, 0) / recipe.portions), costFen, costMissing: missing,
    declaredByIngredients: [...new Set(recipe.lines.flatMap(({ ingredient }) => ingredient.allergens))], foods: new Set(foodsOf(recipe.lines)).size,
  };
}

/** Figures with as many digits as they are good for. */
export function shownNutrition(nutrition: Nutrition): Pick<PortionAnalysis, 'cookedG' | 'saltG' | 'amounts' | 'verified'> {
  const sodium = nutrition.amounts.Na.amount;
  return {
    cookedG: nutrition.cookedG === null ? null : rounded(nutrition.cookedG), saltG: sodium === null ? null : rounded(saltG(sodium), 2),
    verified: NUTRIENTS.every((nutrient) => nutrition.amounts[nutrient].verified),
    amounts: NUTRIENTS.map((nutrient) => {
      const { amount, missing, verified } = nutrition.amounts[nutrient];
      return { nutrient, amount: amount === null ? null : rounded(amount, 2), missing: [...missing], verified };
    }),
  };
}

/** Against the meal's share of the day, for men and women below and from 80, light activity. */
export function verdictsOf(nutrition: Nutrition, period: MealPeriod, standard: ReferenceTableName = STANDARD_IN_USE): MealVerdict[] {
  return GROUPS.flatMap(({ group, ...person }) => judgeMeal(REFERENCE_TABLES[standard], { ...person, activity: 'light' }, period, nutrition).map((one) => ({
    nutrient: one.line.nutrient, group, least: rounded(one.least, 1), most: rounded(one.most, 1), amount: one.amount === null ? null : rounded(one.amount, 2),
    verdict: one.verdict, referenceVerified: one.line.verified,
  })));
}

/** The whole answer of one portion. */
export function analysisOf(recipe: CookedRecipe, period: MealPeriod): AnalysisAnswer {
  return { analysis: analysePortion(recipe), standard: STANDARD_IN_USE, period, verdicts: verdictsOf(nutritionOf(recipe), period) };
}

function rounded(value: number, digits = 1): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

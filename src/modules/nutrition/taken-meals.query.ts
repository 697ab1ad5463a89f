import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FAMILY_NUTRIENTS, type FamilyNutrient, type TakenMeal, type TakenNutritionAnswer } from '../../contract/nutrition.js';
import { ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import type { Sex } from '../../domain/persons/index.js';
import { type Caution, cautionsOf, judgeMeal, type Nutrition, takenNutrition, verdictOf, WST_556_2017 } from '../../domain/nutrition/index.js';
import { nutritionOf, STANDARD_IN_USE, unknownNutrition } from './analyse.js';
import { type BookedRecipe, RecipeBook } from './recipe-book.js';

interface DishRow {
  mealId: string; soldAt: Date; day: BusinessDay; name: string; dishId: string; dishName: string; portions: string | null; grams: string | null;
  /** Grams of this dish on a plate that was weighed, and what was weighed on it without naming a dish; null for a meal sold by the portion. */
  weighedG: string | null; mixedG: string | null;
}
interface Meal { day: BusinessDay; name: string; nutrition: Nutrition; purine: 'low' | 'medium' | 'high' | null; dishes: TakenMeal['dishes'] }

/**
 * Dishes of the meals of one person that stand, each with what was given instead where that was decided, and how much was
 * taken where it was not one portion; of a plate sold by weight its grams. A meal that was booked later was eaten before the end of its own day in Shanghai.
 */
const DISHES_SQL = `SELECT m.id AS mealId, LEAST(m.sold_at, TIMESTAMP(sm.business_day) + INTERVAL 16 HOUR) AS soldAt, m.business_day AS day, sm.name, d.id AS dishId, d.name AS dishName, t.portions, t.grams, w.weighedG, w.mixedG
  FROM meal m JOIN set_meal sm ON sm.id = m.set_meal_id JOIN set_meal_dish x ON x.set_meal_id = sm.id
  LEFT JOIN meal_adjustment a ON a.senior_id = m.senior_id AND a.business_day = m.business_day AND a.period = m.period AND a.set_code = sm.code AND a.dish_id = x.dish_id
  JOIN dish d ON d.id = COALESCE(a.substitute_id, x.dish_id)
  LEFT JOIN meal_taken t ON t.meal_id = m.id AND t.dish_id = d.id
  LEFT JOIN (SELECT y.meal_id, z.dish_id, SUM(IF(y.dish_id = z.dish_id, y.grams, 0)) AS weighedG, SUM(IF(y.dish_id IS NULL, y.grams, 0)) AS mixedG
    FROM meal_weight y JOIN meal n ON n.id = y.meal_id JOIN set_meal_dish z ON z.set_meal_id = n.set_meal_id WHERE n.senior_id = ? GROUP BY y.meal_id, z.dish_id) w ON w.meal_id = m.id AND w.dish_id = x.dish_id
  LEFT JOIN meal_reversal r ON r.meal_id = m.id
  WHERE m.senior_id = ? AND m.period = ? AND m.business_day BETWEEN ? AND ? AND r.meal_id IS NULL ORDER BY m.business_day, m.sold_at, m.id, d.name`;

/** What a person really took, meal by meal, against the meal's share of their day. */
@Injectable()
export class TakenMeals {
  constructor(private readonly dataSource: DataSource, private readonly book: RecipeBook) {}

  async of({ seniorId, maskedName }: { seniorId: string; maskedName: string }, period: MealPeriod, from: BusinessDay, to: BusinessDay): Promise<TakenNutritionAnswer> {
    const rows = await this.dataSource.query<DishRow[]>(DISHES_SQL, [seniorId, seniorId, period, from, to]);
    const [person] = await this.dataSource.query<{ sex: Sex; birthDate: BusinessDay }[]>('SELECT sex, birth_date AS birthDate FROM senior WHERE id = ?', [seniorId]);
    if (person === undefined) throw new InvariantError('a senior without a row');
    const diets = await this.dataSource.query<{ code: string }[]>('SELECT code FROM senior_diet WHERE senior_id = ?', [seniorId]);
    const meals: Meal[] = [];
    for (const mealId of new Set(rows.map((row) => row.mealId))) {
      const dishes = rows.filter((row) => row.mealId === mealId);
      // As the dish was cooked then: a recipe written since says nothing of what was eaten.
      meals.push(...mealOf(dishes, await this.book.recipes(dishes.map(({ dishId }) => dishId), dishes[0].soldAt)));
    }
    const age = ageOn(person.birthDate, to);
    return {
      maskedName, period, standard: STANDARD_IN_USE, from, to,
      meals: meals.map(({ day, name, nutrition, dishes }) => ({ day, period, name, dishes, amounts: amountsOf(nutrition), verified: FAMILY_NUTRIENTS.every((one) => nutrition.amounts[one].verified) })),
      nutrients: FAMILY_NUTRIENTS.map((nutrient) => judged(nutrient, meals, { sex: person.sex, ageYears: age }, period)),
      cautions: cautions(diets.map(({ code }) => code), meals),
    };
  }
}

function mealOf(dishes: readonly DishRow[], recipes: ReadonlyMap<string, BookedRecipe>): Meal[] {
  const [first] = dishes;
  if (first === undefined) return [];
  const taken = dishes.map((dish) => {
    const recipe = recipes.get(dish.dishId);
    const nutrition = recipe === undefined ? unknownNutrition(dish.dishName) : nutritionOf(recipe);
    return { dish, recipe, nutrition, portions: portionsOf(dish, nutrition) };
  });
  // A weighed plate of a dish without a known weight: how much of a portion it was is not known, so it counts as unknown.
  const parts = taken.map(({ nutrition, portions, dish }) => (portions === null ? { nutrition: unknownNutrition(dish.dishName), portions: 1 } : { nutrition, portions }));
  return [{
    day: first.day, name: first.name, nutrition: takenNutrition(parts), purine: purineOf(taken.filter(({ portions }) => portions !== 0).map(({ recipe }) => recipe)),
    dishes: taken.map(({ dish, portions }) => ({ name: dish.dishName, portions: portions === null ? null : Math.round(portions * 100) / 100 })),
  }];
}

/**
 * One portion unless something else was recorded or weighed; null where grams cannot be told in portions. On a weighed
 * plate there is as much of a dish as was weighed, none of what was not on it; what was weighed as a mixed plate may hold any of them.
 */
function portionsOf({ portions, grams, weighedG, mixedG }: DishRow, { cookedG }: Nutrition): number | null {
  if (portions !== null) return Number(portions);
  if (grams === null && weighedG === null) return 1;
  if (grams === null && Number(mixedG) > 0) return null;
  const onPlate = Number(grams ?? weighedG);
  if (onPlate === 0) return 0;
  return cookedG === null || cookedG === 0 ? null : onPlate / cookedG;
}

/** The highest level of anything on the plate but seasoning; null where one is not known. */
function purineOf(recipes: readonly (BookedRecipe | undefined)[]): Meal['purine'] {
  const levels = recipes.map((recipe) => (recipe === undefined ? null : recipe.lines.filter(({ ingredient }) => ingredient.foodGroup !== 'seasoning' && ingredient.foodGroup !== 'oil').map(({ ingredient }) => ingredient.purine)));
  const all = levels.flatMap((one) => one ?? [null]);
  if (all.includes('high')) return 'high';
  if (all.includes(null)) return null;
  return all.includes('medium') ? 'medium' : 'low';
}

function amountsOf({ amounts }: Nutrition): TakenMeal['amounts'] {
  const shown = (nutrient: FamilyNutrient): number | null => (amounts[nutrient].amount === null ? null : Math.round(amounts[nutrient].amount * 10) / 10);
  return { energyKCal: shown('energyKCal'), protein: shown('protein'), Ca: shown('Ca'), Na: shown('Na') };
}

function judged(nutrient: FamilyNutrient, meals: readonly Meal[], person: { sex: Sex; ageYears: number }, period: MealPeriod): TakenNutritionAnswer['nutrients'][number] {
  const known = meals.flatMap(({ nutrition }) => nutrition.amounts[nutrient].amount ?? []);
  const average = known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
  const line = WST_556_2017.length === 0 || meals.length === 0 ? undefined
    : judgeMeal(WST_556_2017, { ...person, activity: 'light' }, period, meals[0].nutrition).find((one) => one.line.nutrient === nutrient);
  const isComplete = known.length === meals.length && meals.every(({ nutrition }) => nutrition.amounts[nutrient].missing.length === 0);
  const verdict = line === undefined || known.length < meals.length / 2 ? 'unknown' : verdictOf(line.line.kind, { amount: average, isComplete }, line.least, line.most);
  return {
    nutrient, least: line?.least ?? null, most: line?.most ?? null, average: average === null ? null : Math.round(average * 10) / 10, known: known.length, verdict,
  };
}

function cautions(diets: readonly string[], meals: readonly Meal[]): TakenNutritionAnswer['cautions'] {
  const found = new Map<string, TakenNutritionAnswer['cautions'][number]>();
  const add = (reason: Caution['reason'] | 'purine' | 'unknown-purine', most: number | null, unverified: boolean): void => {
    const before = found.get(reason);
    found.set(reason, { reason, most, meals: (before?.meals ?? 0) + 1, unverified: unverified || before?.unverified === true });
  };
  for (const { nutrition, purine } of meals) {
    for (const { reason, most, unverified } of cautionsOf(diets, nutrition)) add(reason, most, unverified);
    if (diets.includes('low-purine') && purine !== 'low' && purine !== 'medium') add(purine === 'high' ? 'purine' : 'unknown-purine', null, true);
  }
  return [...found.values()].sort((a, b) => b.meals - a.meals);
}

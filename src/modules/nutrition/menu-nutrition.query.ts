import { Injectable } from '@nestjs/common';
import { MENU_NUTRIENTS, type MenuFigure, type MenuNutritionAnswer, type MenuNutritionQuery } from '../../contract/nutrition.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { type Nutrition, perNutrient, takenNutrition } from '../../domain/nutrition/index.js';
import { MenuBook } from '../menu/index.js';
import { nutritionOf, unknownNutrition, verdictsOf } from './analyse.js';
import { RecipeBook } from './recipe-book.js';

/** What the set meals of some days hold: each one, each day, and all of them, against the meal's share of the day. */
@Injectable()
export class MenuNutrition {
  constructor(private readonly menus: MenuBook, private readonly recipes: RecipeBook) {}

  /** Means are over the set meals of a day, of which a person takes one, and over the days with a menu. */
  async of(kitchenId: KitchenId, { from: fromDay, days, period, standard }: MenuNutritionQuery): Promise<MenuNutritionAnswer> {
    const from = fromDay as BusinessDay;
    const menu = await this.menus.sets(kitchenId, from, addDays(from, days - 1), period);
    const recipes = await this.recipes.recipes([...new Set(menu.flatMap(({ dishes }) => dishes.map(({ id }) => id)))]);
    const sets = menu.map(({ day, code, name, dishes }) => ({
      day, code, name, withoutRecipe: dishes.filter(({ id }) => !recipes.has(id)).map((dish) => dish.name),
      nutrition: takenNutrition(dishes.map((dish) => {
        const recipe = recipes.get(dish.id);
        return { portions: 1, nutrition: recipe === undefined ? unknownNutrition(dish.name) : nutritionOf(recipe) };
      })),
    }));
    const ofDays = [...new Set(sets.map(({ day }) => day))].map((day) => ({ day, nutrition: meanOf(sets.filter((set) => set.day === day).map(({ nutrition }) => nutrition)) }));
    return {
      from, days, period, standard,
      sets: sets.map(({ nutrition, ...set }) => ({ ...set, figures: figuresOf(nutrition, period, standard) })),
      ofDays: ofDays.map(({ day, nutrition }) => ({ day, figures: figuresOf(nutrition, period, standard) })),
      cycle: ofDays.length === 0 ? null : figuresOf(meanOf(ofDays.map(({ nutrition }) => nutrition)), period, standard),
    };
  }
}

/** Unknown as soon as one of them is: a mean of what happens to be known would look sure. */
function meanOf(all: readonly Nutrition[]): Nutrition {
  const amounts = perNutrient((nutrient) => {
    const parts = all.map((one) => one.amounts[nutrient]);
    return {
      amount: parts.reduce<number | null>((sum, { amount }) => (sum === null || amount === null ? null : sum + amount / parts.length), 0),
      missing: [...new Set(parts.flatMap(({ missing }) => missing))], verified: parts.every(({ verified }) => verified),
    };
  });
  return { cookedG: null, amounts };
}

function figuresOf(nutrition: Nutrition, period: MealPeriod, standard: MenuNutritionQuery['standard']): MenuFigure[] {
  const verdicts = verdictsOf(nutrition, period, standard);
  return MENU_NUTRIENTS.map((nutrient) => {
    const { amount, missing, verified } = nutrition.amounts[nutrient];
    return {
      nutrient, amount: amount === null ? null : Math.round(amount * 10) / 10, missing: [...missing], verified,
      verdicts: verdicts.filter((one) => one.nutrient === nutrient).map(({ group, verdict, least, most, referenceVerified }) => ({ group, verdict, least, most, referenceVerified })),
    };
  });
}

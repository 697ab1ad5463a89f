import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MENU_NUTRIENTS, type MenuFigure, type MenuNutritionAnswer, type MenuNutritionQuery } from '../../contract/nutrition.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { type Nutrition, perNutrient, takenNutrition } from '../../domain/nutrition/index.js';
import { MenuBook } from '../menu/index.js';
import { nutritionOf, unknownNutrition, verdictsOf } from './analyse.js';
import { RecipeBook, type BookedRecipe } from './recipe-book.js';

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
      day, code, name, withoutRecipe: dishes.filter(({ id }) => !recipes.has(id)).map((dish) => dish.name), nutrition: ofSet(dishes, recipes),
    }));
    const ofDays = [...new Set(sets.map(({ day }) => day))].map((day) => ({ day, nutrition: meanOf(sets.filter((set) => set.day === day).map(({ nutrition }) => nutrition)) }));
    return {
      from, days, period, standard,
      sets: sets.map(({ nutrition, ...set }) => ({ ...set, figures: figuresOf(nutrition, period, standard) })),
      ofDays: ofDays.map(({ day, nutrition }) => ({ day, figures: figuresOf(nutrition, period, standard) })),
      cycle: ofDays.length === 0 ? null : figuresOf(meanOf(ofDays.map(({ nutrition }) => nutrition)), period, standard),
    };
  }

  /** One portion of each of these set meals, by its id; those of which nothing is known are left out. */
  async ofOffers(tx: EntityManager, offers: readonly { readonly setMealId: string; readonly dishes: readonly { readonly dishId: string; readonly name: string }[] }[]): Promise<Map<string, OfferNutrition>> {
    const recipes = await this.recipes.recipes([...new Set(offers.flatMap(({ dishes }) => dishes.map(({ dishId }) => dishId)))], null, tx);
    return new Map(offers.flatMap(({ setMealId, dishes }): [string, OfferNutrition][] => {
      const { amounts } = ofSet(dishes.map(({ dishId, name }) => ({ id: dishId, name })), recipes);
      const shown = [amounts.energyKCal, amounts.protein, amounts.Na];
      const [energyKcal, proteinG, sodiumMg] = shown.map(({ amount }) => (amount === null ? null : Math.round(amount)));
      const unverified = shown.some(({ amount, verified }) => amount !== null && !verified);
      return energyKcal === null && proteinG === null && sodiumMg === null ? [] : [[setMealId, { energyKcal, proteinG, sodiumMg, ...(unverified ? { unverified: true as const } : {}) }]];
    }));
  }
}

const ofSet = (dishes: readonly { readonly id: string; readonly name: string }[], recipes: ReadonlyMap<string, BookedRecipe>): Nutrition => takenNutrition(dishes.map(({ id, name }) => {
  const recipe = recipes.get(id);
  return { portions: 1, nutrition: recipe === undefined ? unknownNutrition(name) : nutritionOf(recipe) };
}));

/** What a screen says of a set meal before it is chosen; an amount is null where a main ingredient or a whole recipe is not known, `unverified` where an amount rests on a figure that nobody compared with its source. */
export interface OfferNutrition { readonly energyKcal: number | null; readonly proteinG: number | null; readonly sodiumMg: number | null; readonly unverified?: true }

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

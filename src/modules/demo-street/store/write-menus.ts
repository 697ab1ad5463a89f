import { addDays, instantOf, type BusinessDay } from '../../../domain/kernel/business-day.js';
import type { IdMint } from '../id-mint.js';
import { dayMenu } from '../menu/day-menu.js';
import { ALL_DISHES, type DemoDish } from '../menu/dish-book.js';
import type { SetCode } from '../days/lunch-crowd.js';
import type { BulkWriter } from './bulk-writer.js';
import { recipeAllergens, writeRecipes } from './write-recipes.js';

/** Set meal ids of one day by code. */
export type SetMealIds = Readonly<Record<SetCode, string>>;

/** Dishes and the lunches from `from` to `to`, both included; returns the ids by day. */
export function writeMenus(writer: BulkWriter, mint: IdMint, kitchenId: string, from: BusinessDay, to: BusinessDay): Map<BusinessDay, SetMealIds> {
  const dishIds = new Map<DemoDish, string>();
  for (const dish of ALL_DISHES) {
    const id = mint.next<string>();
    dishIds.set(dish, id);
    writer.add('dish', {
      id, kitchen_id: kitchenId, name: dish.name, kind: dish.kind, diet_tags: JSON.stringify(dish.dietTags),
      allergens: JSON.stringify([...new Set([...dish.allergens, ...recipeAllergens(dish.name)])]), picture: '', texture_level: levelOf(dish), texture_tested_by: '演示', texture_tested_on: from,
    });
  }
  writeRecipes(writer, mint, kitchenId, new Map([...dishIds].map(([dish, id]) => [dish.name, id])), instantOf(from, 0));
  const byDay = new Map<BusinessDay, SetMealIds>();
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const ids: Record<SetCode, string> = { A: mint.next(), B: mint.next(), C: mint.next() };
    for (const set of dayMenu(day)) {
      writer.add('set_meal', {
        id: ids[set.code], kitchen_id: kitchenId, business_day: day, period: 'lunch', code: set.code, name: set.name,
        gross_fen: set.grossFen, diet_tags: JSON.stringify(set.dietTags),
      });
      for (const dish of new Set(set.dishes)) writer.add('set_meal_dish', { set_meal_id: ids[set.code], dish_id: dishIds.get(dish) ?? '' });
    }
    byDay.set(day, ids);
  }
  return byDay;
}

/** As the demo says it was tested: minced and moist, soft and bite-sized, or regular. */
function levelOf({ dietTags }: DemoDish): number {
  return dietTags.includes('minced') ? 5 : dietTags.includes('soft') ? 6 : 7;
}

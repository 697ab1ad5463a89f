import type { Allergen } from '../../../contract/menu.js';
import { NOTHING_KNOWN_OF_FOOD } from '../../../domain/nutrition/index.js';
import type { IdMint } from '../id-mint.js';
import { DEMO_FOODS, DEMO_RECIPES, type DemoFood, type DemoFoodName } from '../menu/recipe-book.js';
import type { BulkWriter } from './bulk-writer.js';

const TABLE_NAME = '演示数据（不是成分表）';
const SOURCE = '演示用的约数，没有出处，未核实';
/** A recipe is written for as many portions as a pan holds. */
const PORTIONS = 100;

/** Allergens that the ingredients of a demo dish hold. */
export function recipeAllergens(dishName: string): Allergen[] {
  return Object.keys(DEMO_RECIPES[dishName]?.grams ?? {}).flatMap((name) => [...DEMO_FOODS[name as DemoFoodName].allergens]);
}

/** The demo's ingredients with their round figures, marked as demo data, and the recipes of the dishes that have one. */
export function writeRecipes(writer: BulkWriter, mint: IdMint, kitchenId: string, dishes: ReadonlyMap<string, string>, at: Date): void {
  const tableId = mint.next<string>();
  writer.add('composition_table', {
    id: tableId, kitchen_id: kitchenId, name: TABLE_NAME, version: 1, source: SOURCE, file_name: '', file_hash: '0'.repeat(64), is_demo: 1, refused_rows: 0, refused_cells: 0, imported_by: null, imported_at: at,
  });
  const ids = new Map<string, string>();
  Object.entries<DemoFood>(DEMO_FOODS).forEach(([name, { group, edible, figures, fenPerKg, allergens, purine }], index) => {
    const [foodId, ingredientId] = [mint.next<string>(), mint.next<string>()];
    const [energyKCal, protein, fat, CHO, Na, K, Ca] = figures;
    writer.add('composition_food', {
      id: foodId, table_id: tableId, code: String(900_001 + index), name, edible_share: edible, per_100g: JSON.stringify({ ...NOTHING_KNOWN_OF_FOOD, energyKCal, protein, fat, CHO, Na, K, Ca }),
    });
    writer.add('ingredient', {
      id: ingredientId, kitchen_id: kitchenId, name, food_group: group, allergens: JSON.stringify(allergens), food_id: foodId, edible_share: null, fen_per_kg: fenPerKg, purine, is_demo: 1, updated_at: at,
    });
    ids.set(name, ingredientId);
  });
  for (const [dishName, dishId] of dishes) {
    const recipe = DEMO_RECIPES[dishName];
    if (recipe === undefined) continue;
    const recipeId = mint.next<string>();
    writer.add('recipe', { id: recipeId, dish_id: dishId, version: 1, portions: PORTIONS, cooking_yield: recipe.cookingYield, method: '', written_by: null, written_at: at });
    for (const [name, grams] of Object.entries(recipe.grams)) {
      writer.add('recipe_ingredient', { recipe_id: recipeId, ingredient_id: ids.get(name) ?? '', purchased_g: Math.round(grams * PORTIONS * 10) / 10 });
    }
  }
}

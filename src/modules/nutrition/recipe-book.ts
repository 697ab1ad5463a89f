import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Allergen } from '../../contract/menu.js';
import type { FoodGroup } from '../../contract/nutrition.js';
import { type Composition, type Food, NOTHING_KNOWN_OF_FOOD } from '../../domain/nutrition/index.js';
import { parseJson } from '../../infra/database/columns.js';

/** What a kitchen buys: the figures of its food row where one is joined, "not known" where none is. */
export interface BookedIngredient {
  readonly id: string;
  readonly name: string;
  readonly foodGroup: FoodGroup;
  readonly allergens: readonly Allergen[];
  readonly fenPerKg: number | null;
  readonly purine: 'low' | 'medium' | 'high' | null;
  readonly food: Food;
}

/** One line of a recipe; `purchasedG` is for the whole recipe, as bought. */
export interface BookedLine { readonly ingredient: BookedIngredient; readonly purchasedG: number }

/** The newest recipe of a dish. Grams of one portion are `purchasedG / portions`. */
export interface BookedRecipe {
  readonly id: string;
  readonly dishId: string;
  readonly version: number;
  readonly portions: number;
  /** Cooked weight over edible raw weight. */
  readonly cookingYield: number;
  readonly lines: readonly BookedLine[];
}

interface IngredientSqlRow {
  id: string; name: string; foodGroup: FoodGroup; allergens: unknown; fenPerKg: string | number | null; purine: BookedIngredient['purine'];
  ownShare: string | null; foodName: string | null; foodCode: string | null; foodShare: string | null; per100g: unknown; source: string | null; verifiedAt: Date | null;
}

const INGREDIENT_COLUMNS = `i.id, i.name, i.food_group AS foodGroup, i.allergens, i.fen_per_kg AS fenPerKg, i.purine, i.edible_share AS ownShare,
  f.name AS foodName, f.code AS foodCode, f.edible_share AS foodShare, f.per_100g AS per100g, COALESCE(f.verified_source, t.source) AS source, f.verified_at AS verifiedAt`;
const FOOD_JOINS = 'LEFT JOIN composition_food f ON f.id = i.food_id LEFT JOIN composition_table t ON t.id = f.table_id';

/** The door to ingredients and recipes, for those who plan, buy, cook and count what was eaten. */
@Injectable()
export class RecipeBook {
  constructor(private readonly dataSource: DataSource) {}

  /** Ingredients by id; `ids` empty answers none. */
  async ingredients(ids: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<Map<string, BookedIngredient>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<IngredientSqlRow[]>(`SELECT ${INGREDIENT_COLUMNS} FROM ingredient i ${FOOD_JOINS} WHERE i.id IN (?)`, [ids]);
    return new Map(rows.map((row) => [row.id, ingredientOf(row)]));
  }

  /**
   * The newest recipe of each dish that has one, or the one that was the newest at `at` (the first, where none was written
   * yet). A dish without a recipe is
   * missing from the answer: it is to be shown as missing, never as zero.
   */
  async recipes(dishIds: readonly string[], at: Date | null = null, tx: EntityManager = this.dataSource.manager): Promise<Map<string, BookedRecipe>> {
    if (dishIds.length === 0) return new Map();
    const rows = await tx.query<{ id: string; dishId: string; version: number; portions: number; cookingYield: string }[]>(
      `SELECT r.id, r.dish_id AS dishId, r.version, r.portions, r.cooking_yield AS cookingYield FROM recipe r
       WHERE r.dish_id IN (?) AND r.version = (SELECT MAX(n.version) FROM recipe n WHERE n.dish_id = r.dish_id AND (? IS NULL OR n.written_at <= ?
         OR NOT EXISTS (SELECT 1 FROM recipe e WHERE e.dish_id = n.dish_id AND e.written_at <= ?) AND n.version = 1))`,
      [dishIds, at, at, at],
    );
    const lines = await this.lines(rows.map(({ id }) => id), tx);
    return new Map(rows.map((row) => [row.dishId, { ...row, cookingYield: Number(row.cookingYield), lines: lines.get(row.id) ?? [] }]));
  }

  private async lines(recipeIds: readonly string[], tx: EntityManager): Promise<Map<string, BookedLine[]>> {
    const byRecipe = new Map<string, BookedLine[]>();
    if (recipeIds.length === 0) return byRecipe;
    const rows = await tx.query<(IngredientSqlRow & { recipeId: string; purchasedG: string })[]>(
      `SELECT x.recipe_id AS recipeId, x.purchased_g AS purchasedG, ${INGREDIENT_COLUMNS}
       FROM recipe_ingredient x JOIN ingredient i ON i.id = x.ingredient_id ${FOOD_JOINS} WHERE x.recipe_id IN (?) ORDER BY x.purchased_g DESC, i.name`,
      [recipeIds],
    );
    for (const row of rows) {
      const line = { ingredient: ingredientOf(row), purchasedG: Number(row.purchasedG) };
      byRecipe.set(row.recipeId, [...(byRecipe.get(row.recipeId) ?? []), line]);
    }
    return byRecipe;
  }
}

function ingredientOf(row: IngredientSqlRow): BookedIngredient {
  const share = row.ownShare ?? row.foodShare;
  return {
    id: row.id, name: row.name, foodGroup: row.foodGroup, allergens: parseJson<Allergen[]>(row.allergens),
    fenPerKg: row.fenPerKg === null ? null : Number(row.fenPerKg), purine: row.purine,
    food: {
      code: row.foodCode ?? '', name: row.name, edibleShare: share === null ? null : Number(share),
      per100g: row.per100g === null ? NOTHING_KNOWN_OF_FOOD : { ...NOTHING_KNOWN_OF_FOOD, ...parseJson<Composition>(row.per100g) },
      verified: row.verifiedAt !== null, source: row.source ?? '',
    },
  };
}

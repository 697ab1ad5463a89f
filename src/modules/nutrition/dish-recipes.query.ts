import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Allergen, DishKind } from '../../contract/menu.js';
import type { AnalyseRecipeRequest, AnalysisAnswer, DishBookRow, DishHazard, DishRecipeAnswer } from '../../contract/nutrition.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { parseJson } from '../../infra/database/columns.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import { analysePortion, analysisOf, type CookedRecipe } from './analyse.js';
import { RecipeBook } from './recipe-book.js';

interface DishSqlRow {
  id: string; name: string; kind: DishKind; dietTags: unknown; allergens: unknown; textureLevel: number | null; testedBy: string | null; testedOn: string | null;
  hazards: unknown; fenPer100g: string | null; picture: string; servedRaw: number;
}

const DISH_SQL = `SELECT d.id, d.name, d.kind, d.diet_tags AS dietTags, d.allergens, d.texture_level AS textureLevel, d.texture_tested_by AS testedBy,
  d.texture_tested_on AS testedOn, d.hazards, d.fen_per_100g AS fenPer100g, d.picture, d.served_raw AS servedRaw FROM dish d WHERE d.kitchen_id = ?`;

/** Dishes with recipe and analysis, for the pages. */
@Injectable()
export class DishRecipes {
  constructor(private readonly dataSource: DataSource, private readonly book: RecipeBook) {}

  /** Every dish of the kitchen that is in use (or retired); what has no recipe says so and shows no figure. */
  async list(kitchenId: KitchenId, retired = false): Promise<DishBookRow[]> {
    const dishes = await this.dataSource.query<DishSqlRow[]>(`${DISH_SQL} AND d.retired = ? ORDER BY FIELD(d.kind, 'meat', 'half-meat', 'vegetable', 'soup', 'staple', 'fruit'), d.name`, [kitchenId, retired ? 1 : 0]);
    const recipes = await this.book.recipes(dishes.map(({ id }) => id));
    return dishes.map((dish) => {
      const recipe = recipes.get(dish.id);
      const analysis = recipe === undefined ? null : analysePortion(recipe);
      const amountOf = (nutrient: string): number | null => analysis?.amounts.find((one) => one.nutrient === nutrient)?.amount ?? null;
      return {
        id: dish.id, name: dish.name, kind: dish.kind, allergens: parseJson<Allergen[]>(dish.allergens), texture: textureOf(dish), hasRecipe: recipe !== undefined,
        energyKCal: amountOf('energyKCal'), protein: amountOf('protein'), saltG: analysis?.saltG ?? null, costFen: analysis?.costFen ?? null, verified: analysis?.verified ?? false,
      };
    });
  }

  /** @throws OutOfScope outside the kitchen */
  async one(kitchenId: KitchenId, dishId: string, tx: EntityManager = this.dataSource.manager): Promise<DishRecipeAnswer> {
    const [dish] = await tx.query<DishSqlRow[]>(`${DISH_SQL} AND d.id = ?`, [kitchenId, dishId]);
    if (dish === undefined) throw new OutOfScope('dish', dishId);
    const substitutes = await tx.query<{ id: string }[]>('SELECT substitute_id AS id FROM dish_substitute WHERE dish_id = ? ORDER BY substitute_id', [dishId]);
    const recipe = (await this.book.recipes([dishId], null, tx)).get(dishId);
    const [written] = recipe === undefined ? [] : await tx.query<{ method: string; byName: string | null; at: Date }[]>(
      'SELECT r.method, s.display_name AS byName, r.written_at AS at FROM recipe r LEFT JOIN staff s ON s.id = r.written_by WHERE r.id = ?', [recipe.id],
    );
    const declared = {
      allergens: parseJson<Allergen[]>(dish.allergens), texture: textureOf(dish), hazards: parseJson<DishHazard[]>(dish.hazards),
      fenPer100g: dish.fenPer100g === null ? null : Number(dish.fenPer100g), picture: dish.picture, substituteIds: substitutes.map(({ id }) => id), servedRaw: Number(dish.servedRaw) === 1,
    };
    return {
      dish: { id: dish.id, name: dish.name, kind: dish.kind, dietTags: parseJson<string[]>(dish.dietTags), ...declared, declaration: digestOf(declared) },
      recipe: recipe === undefined || written === undefined ? null : {
        portions: recipe.portions, cookingYield: recipe.cookingYield, method: written.method, version: recipe.version, writtenByName: written.byName,
        writtenAt: written.at.toISOString(), ingredients: recipe.lines.map(({ ingredient, purchasedG }) => ({ ingredientId: ingredient.id, purchasedG })),
      },
      analysis: recipe === undefined ? null : analysisOf(recipe, 'lunch'),
    };
  }

  /** @throws DomainError NUTRITION.INGREDIENT_UNKNOWN, NUTRITION.INGREDIENT_TWICE */
  async analyse(kitchenId: KitchenId, request: AnalyseRecipeRequest): Promise<AnalysisAnswer> {
    return analysisOf(await this.draft(kitchenId, request, this.dataSource.manager), request.period);
  }

  /** A recipe that is being written, with its ingredients' figures. @throws DomainError NUTRITION.INGREDIENT_UNKNOWN, NUTRITION.INGREDIENT_TWICE */
  async draft(kitchenId: KitchenId, request: Pick<AnalyseRecipeRequest, 'portions' | 'cookingYield' | 'ingredients'>, tx: EntityManager): Promise<CookedRecipe> {
    const ids = request.ingredients.map(({ ingredientId }) => ingredientId);
    if (new Set(ids).size !== ids.length) throw new DomainError('NUTRITION.INGREDIENT_TWICE', 'invalid');
    const own = await tx.query<{ id: string }[]>('SELECT id FROM ingredient WHERE kitchen_id = ? AND retired = 0 AND id IN (?)', [kitchenId, ids]);
    const booked = await this.book.ingredients(own.map(({ id }) => id), tx);
    const lines = request.ingredients.flatMap(({ ingredientId, purchasedG }) => {
      const ingredient = booked.get(ingredientId);
      return ingredient === undefined ? [] : [{ ingredient, purchasedG }];
    });
    if (lines.length !== ids.length) throw new DomainError('NUTRITION.INGREDIENT_UNKNOWN', 'refused');
    return { portions: request.portions, cookingYield: request.cookingYield, lines };
  }
}

/** What is declared, whatever the order in which it was ticked. */
function digestOf(declared: Readonly<Record<string, unknown>>): string {
  return sha256Hex(JSON.stringify(declared, (_, value: unknown) => (Array.isArray(value) ? [...(value as string[])].sort() : value))).slice(0, 32);
}

function textureOf({ textureLevel, testedBy, testedOn }: DishSqlRow): DishBookRow['texture'] {
  return textureLevel === null ? null : { level: textureLevel, testedBy: testedBy ?? '', testedOn: testedOn ?? '' };
}

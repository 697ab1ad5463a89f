import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Allergen } from '../../contract/menu.js';
import type { IngredientRow } from '../../contract/nutrition.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { parseJson } from '../../infra/database/columns.js';

type SqlRow = Omit<IngredientRow, 'allergens' | 'edibleShare' | 'fenPerKg' | 'isDemo' | 'foodVerified' | 'recipes'> & {
  allergens: unknown; edibleShare: string | null; fenPerKg: string | null; isDemo: number; verifiedAt: Date | null; recipes: string | number;
};

/** Ingredients of a kitchen with what stands behind their figures. `recipes`: dishes whose newest recipe names it. */
@Injectable()
export class IngredientList {
  constructor(private readonly dataSource: DataSource) {}

  async of(kitchenId: KitchenId, tx: EntityManager = this.dataSource.manager): Promise<IngredientRow[]> {
    const rows = await tx.query<SqlRow[]>(
      `SELECT i.id, i.name, i.food_group AS foodGroup, i.allergens, i.food_id AS foodId, i.edible_share AS edibleShare, i.fen_per_kg AS fenPerKg, i.purine, i.is_demo AS isDemo,
         f.name AS foodName, COALESCE(f.verified_source, t.source) AS foodSource, f.verified_at AS verifiedAt,
         (SELECT COUNT(*) FROM recipe_ingredient x JOIN recipe r ON r.id = x.recipe_id
          WHERE x.ingredient_id = i.id AND r.version = (SELECT MAX(n.version) FROM recipe n WHERE n.dish_id = r.dish_id)) AS recipes
       FROM ingredient i LEFT JOIN composition_food f ON f.id = i.food_id LEFT JOIN composition_table t ON t.id = f.table_id
       WHERE i.kitchen_id = ? AND i.retired = 0 ORDER BY i.food_group, i.name`,
      [kitchenId],
    );
    return rows.map(({ verifiedAt, ...row }) => ({
      ...row, allergens: parseJson<Allergen[]>(row.allergens), edibleShare: row.edibleShare === null ? null : Number(row.edibleShare),
      fenPerKg: row.fenPerKg === null ? null : Number(row.fenPerKg), isDemo: row.isDemo === 1, foodVerified: verifiedAt !== null, recipes: Number(row.recipes),
    }));
  }
}

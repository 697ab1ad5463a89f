import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Allergen } from '../../contract/menu.js';
import type { DeclareDishRequest, DishRecipeAnswer, WriteRecipeRequest } from '../../contract/nutrition.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuScope } from '../menu/index.js';
import { DishRecipes } from './dish-recipes.query.js';
import { RecipeBook } from './recipe-book.js';

/** Writes how a dish is made and what is declared of it. A dish never declares fewer allergens than its ingredients hold. */
@Injectable()
export class WriteRecipe {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly dishes: DishRecipes, private readonly book: RecipeBook,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** The next version of a recipe; what was tested of the texture was tested of the version before, and is tested anew. @throws DomainError NUTRITION.DISH_UNKNOWN, NUTRITION.INGREDIENT_UNKNOWN, NUTRITION.INGREDIENT_TWICE */
  async execute(dishId: string, request: WriteRecipeRequest, staff: StaffIdentity): Promise<DishRecipeAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const declared = await lockDish(tx, kitchenId, dishId);
      const draft = await this.dishes.draft(kitchenId, request, tx);
      const recipeId = newId();
      await tx.query(
        `INSERT INTO recipe (id, dish_id, version, portions, cooking_yield, method, written_by, written_at)
         SELECT ?, ?, COALESCE(MAX(version), 0) + 1, ?, ?, ?, ?, ? FROM recipe WHERE dish_id = ?`,
        [recipeId, dishId, request.portions, request.cookingYield, request.method, staff.staffId, this.clock.now(), dishId],
      );
      await tx.query('INSERT INTO recipe_ingredient (recipe_id, ingredient_id, purchased_g) VALUES ?',
        [request.ingredients.map(({ ingredientId, purchasedG }) => [recipeId, ingredientId, purchasedG])]);
      await tx.query(
        `UPDATE dish SET texture_level = NULL, texture_tested_by = NULL, texture_tested_on = NULL
         WHERE id = ? AND (SELECT COUNT(*) FROM recipe r WHERE r.dish_id = dish.id) > 1`, [dishId],
      );
      const all = [...new Set([...declared, ...draft.lines.flatMap(({ ingredient }) => ingredient.allergens)])];
      if (all.length > declared.length) await tx.query('UPDATE dish SET allergens = ? WHERE id = ?', [JSON.stringify(all), dishId]);
      await this.note(tx, staff, 'recipe.written', dishId);
      return this.dishes.one(kitchenId, dishId, tx);
    });
  }

  /** @throws DomainError NUTRITION.DISH_UNKNOWN, NUTRITION.ALLERGEN_MISSING, NUTRITION.TEST_IN_FUTURE */
  async declare(dishId: string, request: DeclareDishRequest, staff: StaffIdentity): Promise<DishRecipeAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    if (request.texture !== null && request.texture.testedOn > this.clock.today()) throw new DomainError('NUTRITION.TEST_IN_FUTURE', 'invalid');
    return this.unitOfWork.run(async (tx) => {
      await lockDish(tx, kitchenId, dishId);
      const lines = (await this.book.recipes([dishId], null, tx)).get(dishId)?.lines ?? [];
      const undeclared = [...new Set(lines.flatMap(({ ingredient }) => ingredient.allergens))].filter((allergen) => !request.allergens.includes(allergen));
      if (undeclared.length > 0) throw new DomainError('NUTRITION.ALLERGEN_MISSING', 'refused', { allergens: undeclared.join(', ') });
      await tx.query(
        `UPDATE dish SET allergens = ?, texture_level = ?, texture_tested_by = ?, texture_tested_on = ?, hazards = ?, fen_per_100g = ?, picture = ? WHERE id = ?`,
        [JSON.stringify(request.allergens), request.texture?.level ?? null, request.texture?.testedBy ?? null, request.texture?.testedOn ?? null,
          JSON.stringify(request.hazards), request.fenPer100g, request.picture, dishId],
      );
      await this.writeSubstitutes(tx, kitchenId, dishId, request.substituteIds);
      await this.note(tx, staff, 'dish.declared', dishId);
      return this.dishes.one(kitchenId, dishId, tx);
    });
  }

  private async writeSubstitutes(tx: EntityManager, kitchenId: KitchenId, dishId: string, ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)];
    await tx.query('DELETE FROM dish_substitute WHERE dish_id = ?', [dishId]);
    if (wanted.length === 0) return;
    const own = await tx.query<{ id: string }[]>('SELECT id FROM dish WHERE kitchen_id = ? AND retired = 0 AND id IN (?) AND id <> ?', [kitchenId, wanted, dishId]);
    if (own.length !== wanted.length) throw new DomainError('NUTRITION.DISH_UNKNOWN', 'invalid');
    await tx.query('INSERT INTO dish_substitute (dish_id, substitute_id) VALUES ?', [own.map(({ id }) => [dishId, id])]);
  }

  private note(tx: EntityManager, staff: StaffIdentity, action: string, dishId: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'dish', objectId: dishId, outcome: 'done' }, tx);
  }
}

async function lockDish(tx: EntityManager, kitchenId: KitchenId, dishId: string): Promise<Allergen[]> {
  const [dish] = await tx.query<{ allergens: unknown }[]>('SELECT allergens FROM dish WHERE id = ? AND kitchen_id = ? AND retired = 0 FOR UPDATE', [dishId, kitchenId]);
  if (dish === undefined) throw new OutOfScope('dish', dishId);
  return parseJson<Allergen[]>(dish.allergens);
}

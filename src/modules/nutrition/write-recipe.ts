import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Allergen } from '../../contract/menu.js';
import type { DeclareDishRequest, DishRecipeAnswer, WriteRecipeRequest } from '../../contract/nutrition.js';
import { businessDayOf } from '../../domain/kernel/business-day.js';
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
import { TellAllergens } from './tell-allergens.js';

/** What always has its core measured: no dish of these is served raw. */
const HEATED_GROUPS: readonly string[] = ['meat', 'poultry', 'aquatic', 'egg', 'milk'];
const HEATED_KINDS: readonly string[] = ['meat', 'half-meat'];

/** Writes how a dish is made and what is declared of it. A dish never declares fewer allergens than its ingredients hold. */
@Injectable()
export class WriteRecipe {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly dishes: DishRecipes, private readonly book: RecipeBook,
    private readonly tell: TellAllergens, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** The next version of a recipe; what was tested of the texture was tested of the version before, and is tested anew. @throws DomainError NUTRITION.DISH_UNKNOWN, NUTRITION.INGREDIENT_UNKNOWN, NUTRITION.INGREDIENT_TWICE */
  async execute(dishId: string, request: WriteRecipeRequest, staff: StaffIdentity): Promise<DishRecipeAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const { allergens: declared } = await lockDish(tx, kitchenId, dishId);
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
      if (isHeated('', draft.lines)) await tx.query('UPDATE dish SET served_raw = 0 WHERE id = ?', [dishId]);
      const all = [...new Set([...declared, ...draft.lines.flatMap(({ ingredient }) => ingredient.allergens)])];
      if (all.length > declared.length) await tx.query('UPDATE dish SET allergens = ? WHERE id = ?', [JSON.stringify(all), dishId]);
      await this.tell.gained(tx, dishId, all.slice(declared.length));
      await this.note(tx, staff, 'recipe.written', dishId);
      return this.dishes.one(kitchenId, dishId, tx);
    });
  }

  /** @throws DomainError NUTRITION.DISH_UNKNOWN, NUTRITION.DECLARATION_CHANGED, NUTRITION.ALLERGEN_MISSING, NUTRITION.TEST_IN_FUTURE, NUTRITION.TEST_OF_OLD_RECIPE, NUTRITION.NOT_RAW */
  async declare(dishId: string, request: DeclareDishRequest, staff: StaffIdentity): Promise<DishRecipeAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    if (request.texture !== null && request.texture.testedOn > this.clock.today()) throw new DomainError('NUTRITION.TEST_IN_FUTURE', 'invalid');
    return this.unitOfWork.run(async (tx) => {
      const { allergens: declared, kind, servedRaw } = await lockDish(tx, kitchenId, dishId);
      if (request.texture !== null) await requireTestOfNewest(tx, dishId, request.texture.testedOn, request.recipeVersion);
      const lines = (await this.book.recipes([dishId], null, tx)).get(dishId)?.lines ?? [];
      const undeclared = [...new Set(lines.flatMap(({ ingredient }) => ingredient.allergens))].filter((allergen) => !request.allergens.includes(allergen));
      if (undeclared.length > 0) throw new DomainError('NUTRITION.ALLERGEN_MISSING', 'refused', { allergens: undeclared.join(', ') });
      requireSeen(request, (await this.dishes.one(kitchenId, dishId, tx)).dish);
      const raw = request.servedRaw ?? servedRaw;
      if (raw && isHeated(kind, lines)) throw new DomainError('NUTRITION.NOT_RAW', 'refused');
      await tx.query(
        `UPDATE dish SET allergens = ?, texture_level = ?, texture_tested_by = ?, texture_tested_on = ?, hazards = ?, fen_per_100g = ?, picture = ?, served_raw = ? WHERE id = ?`,
        [JSON.stringify(request.allergens), request.texture?.level ?? null, request.texture?.testedBy ?? null, request.texture?.testedOn ?? null,
          JSON.stringify(request.hazards), request.fenPer100g, request.picture, raw ? 1 : 0, dishId],
      );
      await this.tell.gained(tx, dishId, request.allergens.filter((one) => !declared.includes(one)));
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

/** By its course, or by what it holds. */
function isHeated(kind: string, lines: readonly { readonly ingredient: { readonly foodGroup: string } }[]): boolean {
  return HEATED_KINDS.includes(kind) || lines.some(({ ingredient }) => HEATED_GROUPS.includes(ingredient.foodGroup));
}

/** A texture holds for the recipe that was tested: the first may be written down after its test, a later one not. */
async function requireTestOfNewest(tx: EntityManager, dishId: string, testedOn: string, seen: number | undefined): Promise<void> {
  const [newest] = await tx.query<{ version: number; writtenAt: Date }[]>('SELECT version, written_at AS writtenAt FROM recipe WHERE dish_id = ? ORDER BY version DESC LIMIT 1', [dishId]);
  const version = newest?.version ?? 0;
  const isOld = newest !== undefined && version > 1 && testedOn < businessDayOf(newest.writtenAt);
  if (isOld || (seen !== undefined && seen !== version)) throw new DomainError('NUTRITION.TEST_OF_OLD_RECIPE', 'refused', { version });
}

/** A form that was opened before a colleague wrote takes nothing of theirs away. */
function requireSeen(request: DeclareDishRequest, { declaration, allergens, hazards }: DishRecipeAnswer['dish']): void {
  const isSeen = request.seen === undefined
    ? allergens.every((one) => request.allergens.includes(one)) && hazards.every((one) => request.hazards.includes(one))
    : request.seen === declaration;
  if (!isSeen) throw new DomainError('NUTRITION.DECLARATION_CHANGED', 'conflict');
}

async function lockDish(tx: EntityManager, kitchenId: KitchenId, dishId: string): Promise<{ allergens: Allergen[]; kind: string; servedRaw: boolean }> {
  const [dish] = await tx.query<{ allergens: unknown; kind: string; servedRaw: number }[]>(
    'SELECT allergens, kind, served_raw AS servedRaw FROM dish WHERE id = ? AND kitchen_id = ? AND retired = 0 FOR UPDATE', [dishId, kitchenId],
  );
  if (dish === undefined) throw new OutOfScope('dish', dishId);
  return { allergens: parseJson<Allergen[]>(dish.allergens), kind: dish.kind, servedRaw: Number(dish.servedRaw) === 1 };
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Allergen } from '../../contract/menu.js';
import type { IngredientAnswer, WriteIngredientRequest } from '../../contract/nutrition.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows, parseJson } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuScope } from '../menu/index.js';
import { IngredientList } from './ingredient-list.query.js';
import { TellAllergens } from './tell-allergens.js';

/** Adds an ingredient or changes it. An allergen that it gains, each dish cooked with it gains too. */
@Injectable()
export class WriteIngredient {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly list: IngredientList,
    private readonly tell: TellAllergens, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @param ingredientId null adds one
   * @throws DomainError NUTRITION.FOOD_UNKNOWN, NUTRITION.NAME_TAKEN; OutOfScope
   */
  async execute(ingredientId: string | null, request: WriteIngredientRequest, staff: StaffIdentity): Promise<IngredientAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const id = ingredientId ?? newId();
    return this.unitOfWork.run(async (tx) => {
      await requireFood(tx, kitchenId, request.foodId);
      try {
        await this.write(tx, kitchenId, id, ingredientId === null, request);
      } catch (error) {
        if (isDuplicateKey(error, 'uq_ingredient_name')) throw new DomainError('NUTRITION.NAME_TAKEN', 'conflict');
        throw error;
      }
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'ingredient.written', objectKind: 'ingredient', objectId: id, outcome: 'done' }, tx);
      const ingredient = (await this.list.of(kitchenId, tx)).find((row) => row.id === id);
      if (ingredient === undefined) throw new InvariantError('the ingredient is not there');
      return { ingredient };
    });
  }

  private async write(tx: EntityManager, kitchenId: KitchenId, id: string, isNew: boolean, request: WriteIngredientRequest): Promise<void> {
    const { name, foodGroup, foodId, edibleShare, fenPerKg, purine } = request;
    const values = [name, foodGroup, JSON.stringify(request.allergens), foodId, edibleShare, fenPerKg, purine, this.clock.now()];
    if (isNew) {
      await tx.query(
        'INSERT INTO ingredient (id, kitchen_id, name, food_group, allergens, food_id, edible_share, fen_per_kg, purine, updated_at) VALUES (?)', [[id, kitchenId, ...values]],
      );
      return;
    }
    const changed: unknown = await tx.query(
      `UPDATE ingredient SET name = ?, food_group = ?, allergens = ?, food_id = ?, edible_share = ?, fen_per_kg = ?, purine = ?, updated_at = ?
       WHERE id = ? AND kitchen_id = ?`, [...values, id, kitchenId],
    );
    if (affectedRows(changed) !== 1) throw new OutOfScope('ingredient', id);
    for (const { dishId, gained } of await declareInDishes(tx, id, request.allergens)) await this.tell.gained(tx, dishId, gained);
  }
}

async function requireFood(tx: EntityManager, kitchenId: KitchenId, foodId: string | null): Promise<void> {
  if (foodId === null) return;
  const [food] = await tx.query<unknown[]>(
    'SELECT 1 FROM composition_food f JOIN composition_table t ON t.id = f.table_id WHERE f.id = ? AND t.kitchen_id = ?', [foodId, kitchenId],
  );
  if (food === undefined) throw new DomainError('NUTRITION.FOOD_UNKNOWN', 'refused');
}

/** @returns the dishes that hold allergens more than before, with these */
async function declareInDishes(tx: EntityManager, ingredientId: string, allergens: readonly Allergen[]): Promise<{ dishId: string; gained: Allergen[] }[]> {
  const changed: { dishId: string; gained: Allergen[] }[] = [];
  const dishes = await tx.query<{ id: string; allergens: unknown }[]>(
    `SELECT d.id, d.allergens FROM dish d JOIN recipe r ON r.dish_id = d.id JOIN recipe_ingredient x ON x.recipe_id = r.id
     WHERE x.ingredient_id = ? AND r.version = (SELECT MAX(n.version) FROM recipe n WHERE n.dish_id = d.id) FOR UPDATE`, [ingredientId],
  );
  for (const dish of dishes) {
    const declared = parseJson<Allergen[]>(dish.allergens);
    const all = [...new Set([...declared, ...allergens])];
    if (all.length === declared.length) continue;
    await tx.query('UPDATE dish SET allergens = ? WHERE id = ?', [JSON.stringify(all), dish.id]);
    changed.push({ dishId: dish.id, gained: all.slice(declared.length) });
  }
  return changed;
}

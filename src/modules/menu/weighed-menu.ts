import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PutWeighedPricesRequest, WeighedPricesAnswer } from '../../contract/weighing.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { WeighedPrice } from '../../domain/pricing/index.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuScope } from './menu-scope.js';

interface PriceRow { setMealId: string; dishId: string; fenPer100g: string | number }

/** Set meals that are sold by weight: what 100 g of each dish, or of a mixed plate, cost. */
@Injectable()
export class WeighedMenu {
  constructor(private readonly scope: MenuScope, private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail) {}

  /** Prices by set meal; a set meal that is sold by the portion is not in it. */
  async pricesOf(tx: EntityManager, setMealIds: readonly string[]): Promise<ReadonlyMap<string, readonly WeighedPrice[]>> {
    if (setMealIds.length === 0) return new Map();
    const rows = await tx.query<PriceRow[]>(
      'SELECT set_meal_id AS setMealId, dish_id AS dishId, fen_per_100g AS fenPer100g FROM weighed_price WHERE set_meal_id IN (?) ORDER BY set_meal_id, dish_id', [setMealIds],
    );
    const prices = new Map<string, WeighedPrice[]>();
    for (const { setMealId, dishId, fenPer100g } of rows) {
      prices.set(setMealId, [...prices.get(setMealId) ?? [], { dishId: dishId === '' ? null : dishId, fenPer100g: Number(fenPer100g) }]);
    }
    return prices;
  }

  /**
   * Writes the prices of a set meal of the kitchen; an empty list sells it by the portion again.
   *
   * @throws DomainError MENU.SET_MEAL_UNKNOWN, MENU.DISH_UNKNOWN, MENU.SET_MEAL_FIXED once a plate of it was sold
   */
  async put(setMealId: string, request: PutWeighedPricesRequest, staff: StaffIdentity): Promise<WeighedPricesAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      const [meal] = await tx.query<{ sold: number }[]>(
        'SELECT EXISTS (SELECT 1 FROM meal WHERE set_meal_id = m.id) AS sold FROM set_meal m WHERE m.id = ? AND m.kitchen_id = ? FOR UPDATE', [setMealId, kitchenId],
      );
      if (meal === undefined) throw new DomainError('MENU.SET_MEAL_UNKNOWN', 'not-found');
      if (Number(meal.sold) === 1) throw new DomainError('MENU.SET_MEAL_FIXED', 'conflict');
      const dishes = await tx.query<{ id: string }[]>('SELECT dish_id AS id FROM set_meal_dish WHERE set_meal_id = ?', [setMealId]);
      await this.write(tx, setMealId, dishes.map(({ id }) => id), request.prices);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'set-meal.weighed', objectKind: 'set-meal', objectId: setMealId, outcome: 'done', detail: { prices: request.prices.length } }, tx);
    });
    return { setMealId, prices: request.prices };
  }

  /** Writes prices over those that stood, in the caller's transaction. @throws DomainError MENU.DISH_UNKNOWN for a dish that is not in the set meal */
  async write(tx: EntityManager, setMealId: string, dishIds: readonly string[], prices: readonly WeighedPrice[]): Promise<void> {
    const priced = prices.map(({ dishId }) => dishId);
    const isKnown = priced.every((dishId) => dishId === null || dishIds.includes(dishId)) && new Set(priced).size === priced.length;
    if (!isKnown) throw new DomainError('MENU.DISH_UNKNOWN', 'invalid');
    await tx.query('DELETE FROM weighed_price WHERE set_meal_id = ?', [setMealId]);
    if (prices.length > 0) await tx.query('INSERT INTO weighed_price (set_meal_id, dish_id, fen_per_100g) VALUES ?', [prices.map(({ dishId, fenPer100g }) => [setMealId, dishId ?? '', fenPer100g])]);
  }

  /** A dish takes another's place: at its own price for 100 g, else at that of the dish before, so that a plate of it can be sold. */
  async replace(tx: EntityManager, setMealIds: readonly string[], fromId: string, toId: string): Promise<void> {
    await tx.query(
      `INSERT IGNORE INTO weighed_price (set_meal_id, dish_id, fen_per_100g)
       SELECT w.set_meal_id, d.id, COALESCE(d.fen_per_100g, w.fen_per_100g) FROM weighed_price w JOIN dish d ON d.id = ? WHERE w.set_meal_id IN (?) AND w.dish_id = ?`, [toId, setMealIds, fromId],
    );
    await tx.query('DELETE FROM weighed_price WHERE set_meal_id IN (?) AND dish_id = ?', [setMealIds, fromId]);
  }

  /** Where each dish is weighed: what has come into the set meal is sold at its own price, what has left it no more. */
  async follow(tx: EntityManager, setMealId: string): Promise<void> {
    await tx.query(
      `INSERT IGNORE INTO weighed_price (set_meal_id, dish_id, fen_per_100g)
       SELECT x.set_meal_id, d.id, d.fen_per_100g FROM set_meal_dish x JOIN dish d ON d.id = x.dish_id
       WHERE x.set_meal_id = ? AND d.fen_per_100g IS NOT NULL AND EXISTS (SELECT 1 FROM weighed_price w WHERE w.set_meal_id = x.set_meal_id AND w.dish_id <> '')`, [setMealId],
    );
    await tx.query("DELETE FROM weighed_price WHERE set_meal_id = ? AND dish_id <> '' AND dish_id NOT IN (SELECT x.dish_id FROM set_meal_dish x WHERE x.set_meal_id = ?)", [setMealId, setMealId]);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CreateDishRequest, DishRow, PutSetMealRequest, SetMealRow } from '../../contract/menu.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { HAS_LEFT_SQL, MenuBook } from './menu-book.js';
import { MenuScope } from './menu-scope.js';
import { WeighedMenu } from './weighed-menu.js';

/** Writes the menu of a kitchen. What was sent to a point or sold keeps its price, name and dishes for ever. */
@Injectable()
export class EditMenu {
  constructor(
    private readonly scope: MenuScope, private readonly unitOfWork: UnitOfWork, private readonly menus: MenuBook,
    private readonly weighedMenu: WeighedMenu, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async createDish(request: CreateDishRequest, staff: StaffIdentity): Promise<DishRow> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const dish: DishRow = { id: newId(), ...request, picture: '' };
    await this.unitOfWork.run(async (tx) => {
      await tx.query('INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens) VALUES (?, ?, ?, ?, ?, ?)',
        [dish.id, kitchenId, dish.name, dish.kind, JSON.stringify(dish.dietTags), JSON.stringify(dish.allergens)]);
      await this.record(tx, staff, 'dish.created', 'dish', dish.id);
    });
    return dish;
  }

  /** @throws DomainError MENU.DAY_PAST, MENU.DISH_UNKNOWN, MENU.SET_MEAL_FIXED, MENU.DISH_CHANGE_NEEDED */
  async putSetMeal(request: PutSetMealRequest, staff: StaffIdentity): Promise<SetMealRow> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const day = request.day as BusinessDay;
    if (day < this.clock.today()) throw new DomainError('MENU.DAY_PAST', 'refused');
    return this.unitOfWork.run(async (tx) => {
      // Loads and trips from the kitchen leave with this row locked.
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchenId]);
      const known = (await this.menus.dishes(kitchenId, tx)).filter(({ id }) => request.dishIds.includes(id));
      if (known.length !== new Set(request.dishIds).size) throw new DomainError('MENU.DISH_UNKNOWN', 'invalid');
      const dietTags = sharedTags(known.map((dish) => dish.dietTags));
      const setMealId = await this.writeSetMeal(tx, kitchenId, request, dietTags);
      await tx.query('DELETE FROM set_meal_dish WHERE set_meal_id = ?', [setMealId]);
      await tx.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES ?', [known.map(({ id }) => [setMealId, id])]);
      if (request.weighed === undefined) await this.weighedMenu.follow(tx, setMealId);
      else await this.weighedMenu.write(tx, setMealId, request.dishIds, request.weighed);
      await this.record(tx, staff, 'set-meal.written', 'set-meal', setMealId);
      const written = (await this.menus.sets(kitchenId, day, day, request.period, tx)).find(({ id }) => id === setMealId);
      if (written === undefined) throw new InvariantError('the set meal is not there');
      return written;
    });
  }

  /**
   * Replaces a dish of set meals, in the caller's transaction, with the kitchen's row locked: what is being sealed is
   * either seen here or finds the new dish. What was sealed keeps its dishes.
   *
   * @throws DomainError MENU.SET_MEAL_FIXED when portions of one of them were sent meanwhile
   */
  async replaceDish(tx: EntityManager, setMealIds: readonly string[], from: { id: string; name: string }, to: { id: string; name: string }): Promise<void> {
    const [sent] = await tx.query<unknown[]>(`SELECT 1 FROM set_meal m WHERE m.id IN (?) AND ${HAS_LEFT_SQL} LIMIT 1`, [setMealIds]);
    if (sent !== undefined) throw new DomainError('MENU.SET_MEAL_FIXED', 'conflict');
    await tx.query('DELETE FROM set_meal_dish WHERE set_meal_id IN (?) AND dish_id = ?', [setMealIds, from.id]);
    await tx.query('INSERT IGNORE INTO set_meal_dish (set_meal_id, dish_id) VALUES ?', [setMealIds.map((id) => [id, to.id])]);
    await this.weighedMenu.replace(tx, setMealIds, from.id, to.id);
    for (const setMealId of setMealIds) {
      const tags = await tx.query<{ dietTags: unknown }[]>('SELECT d.diet_tags AS dietTags FROM set_meal_dish x JOIN dish d ON d.id = x.dish_id WHERE x.set_meal_id = ?', [setMealId]);
      await tx.query('UPDATE set_meal SET diet_tags = ?, name = LEFT(REPLACE(name, ?, ?), 40) WHERE id = ?', [JSON.stringify(sharedTags(tags.map(({ dietTags }) => parseJson<string[]>(dietTags)))), from.name, to.name, setMealId]);
    }
  }

  private async writeSetMeal(tx: EntityManager, kitchenId: KitchenId, request: PutSetMealRequest, dietTags: string[]): Promise<string> {
    const { day, period, code, name, grossFen } = request;
    const [existing] = await tx.query<{ id: string; stocks: number }[]>(
      `SELECT m.id, ${HAS_LEFT_SQL} AS stocks FROM set_meal m
       WHERE m.kitchen_id = ? AND m.business_day = ? AND m.period = ? AND m.code = ? FOR UPDATE`,
      [kitchenId, day, period, code],
    );
    if (existing === undefined) {
      const id = newId();
      await tx.query('INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        [id, kitchenId, day, period, code, name, grossFen, JSON.stringify(dietTags)]);
      return id;
    }
    if (Number(existing.stocks) > 0) throw new DomainError('MENU.SET_MEAL_FIXED', 'conflict');
    if (await this.isRelied(tx, existing.id, day as BusinessDay) && await bringsDish(tx, existing.id, request.dishIds)) throw new DomainError('MENU.DISH_CHANGE_NEEDED', 'refused');
    await tx.query('UPDATE set_meal SET name = ?, gross_fen = ?, diet_tags = ? WHERE id = ?', [name, grossFen, JSON.stringify(dietTags), existing.id]);
    return existing.id;
  }

  /** People go by it already: it is today's, or tomorrow's and ordered. A dish that comes in then is looked through as a change of dish. */
  private async isRelied(tx: EntityManager, setMealId: string, day: BusinessDay): Promise<boolean> {
    const today = this.clock.today();
    if (day === today) return true;
    if (day > addDays(today, 1)) return false;
    const orders = await tx.query<unknown[]>(
      `SELECT 1 FROM set_meal m JOIN point p ON p.kitchen_id = m.kitchen_id JOIN meal_order o ON o.point_id = p.id AND o.business_day = m.business_day AND o.period = m.period
         AND o.set_code = m.code AND o.active = 1 WHERE m.id = ? LIMIT 1`, [setMealId],
    );
    return orders.length > 0;
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, objectKind: string, objectId: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind, objectId, outcome: 'done' }, tx);
  }
}

async function bringsDish(tx: EntityManager, setMealId: string, dishIds: readonly string[]): Promise<boolean> {
  const held = await tx.query<{ id: string }[]>('SELECT dish_id AS id FROM set_meal_dish WHERE set_meal_id = ?', [setMealId]);
  return dishIds.some((dishId) => !held.some(({ id }) => id === dishId));
}

/** A set meal meets a need only where each of its dishes does. */
function sharedTags([first = [], ...others]: readonly (readonly string[])[]): string[] {
  return first.filter((tag) => others.every((tags) => tags.includes(tag)));
}

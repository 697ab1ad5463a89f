import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CreateDishRequest, DishRow, PutSetMealRequest, SetMealRow } from '../../contract/menu.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuBook } from './menu-book.js';
import { MenuScope } from './menu-scope.js';

/** Writes the menu of a kitchen. What was sent to a point or sold keeps its price, name and dishes for ever. */
@Injectable()
export class EditMenu {
  constructor(
    private readonly scope: MenuScope, private readonly unitOfWork: UnitOfWork, private readonly menus: MenuBook,
    private readonly audit: AuditTrail, private readonly clock: Clock,
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

  /** @throws DomainError MENU.DAY_PAST, MENU.DISH_UNKNOWN, MENU.SET_MEAL_FIXED */
  async putSetMeal(request: PutSetMealRequest, staff: StaffIdentity): Promise<SetMealRow> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const day = request.day as BusinessDay;
    if (day < this.clock.today()) throw new DomainError('MENU.DAY_PAST', 'refused');
    return this.unitOfWork.run(async (tx) => {
      const known = (await this.menus.dishes(kitchenId, tx)).filter(({ id }) => request.dishIds.includes(id));
      if (known.length !== new Set(request.dishIds).size) throw new DomainError('MENU.DISH_UNKNOWN', 'invalid');
      // A set meal meets a need only where each of its dishes does.
      const [first, ...others] = known;
      const dietTags = (first?.dietTags ?? []).filter((tag) => others.every((dish) => dish.dietTags.includes(tag)));
      const setMealId = await this.writeSetMeal(tx, kitchenId, request, dietTags);
      await tx.query('DELETE FROM set_meal_dish WHERE set_meal_id = ?', [setMealId]);
      await tx.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES ?', [known.map(({ id }) => [setMealId, id])]);
      await this.record(tx, staff, 'set-meal.written', 'set-meal', setMealId);
      const written = (await this.menus.sets(kitchenId, day, day, request.period, tx)).find(({ id }) => id === setMealId);
      if (written === undefined) throw new InvariantError('the set meal is not there');
      return written;
    });
  }

  private async writeSetMeal(tx: EntityManager, kitchenId: KitchenId, request: PutSetMealRequest, dietTags: string[]): Promise<string> {
    const { day, period, code, name, grossFen } = request;
    const [existing] = await tx.query<{ id: string; stocks: number }[]>(
      `SELECT m.id, (SELECT COUNT(*) FROM portion_stock s WHERE s.set_meal_id = m.id) AS stocks FROM set_meal m
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
    await tx.query('UPDATE set_meal SET name = ?, gross_fen = ?, diet_tags = ? WHERE id = ?', [name, grossFen, JSON.stringify(dietTags), existing.id]);
    return existing.id;
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, objectKind: string, objectId: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind, objectId, outcome: 'done' }, tx);
  }
}

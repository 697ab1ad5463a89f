import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { OrderScope } from './order-scope.js';
import { requireAtHome } from './place-order.js';

/** A meal to the door that cannot wait for the next cut-off, asked for by a dispatcher together with its place on a trip. */
@Injectable()
export class PlaceUrgentOrder {
  constructor(
    private readonly scope: OrderScope,
    private readonly menu: MenuDirectory,
    private readonly suitability: MealSuitability,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * In the caller's transaction. Only for today and tomorrow; the menu and one order a meal stay rules.
   *
   * @returns id of the order
   * @throws DomainError ORDER.SENIOR_NOT_ACTIVE, ORDER.DAY_PAST, ORDER.TOO_FAR_AHEAD, ORDER.SENIOR_AWAY, ORDER.NOT_ON_MENU, ORDER.NOT_SUITABLE, ORDER.ALREADY_ORDERED; REQUEST.NOT_FOUND outside the scope
   */
  async execute(tx: EntityManager, asked: { seniorId: string; day: string; period: MealPeriod; setCode: string }, staff: StaffIdentity): Promise<string> {
    const senior = await this.scope.requireSenior(staff, asked.seniorId, tx);
    if (!senior.active) throw new DomainError('ORDER.SENIOR_NOT_ACTIVE', 'refused');
    const day = asked.day as BusinessDay;
    const today = this.clock.today();
    if (day < today) throw new DomainError('ORDER.DAY_PAST', 'refused', { day });
    if (day > addDays(today, 1)) throw new DomainError('ORDER.TOO_FAR_AHEAD', 'refused', { day });
    await requireAtHome(tx, senior.id, day);
    const wanted = { pointId: senior.pointId, day, period: asked.period, code: asked.setCode, today };
    if (!await this.menu.isOffered(tx, wanted)) throw new DomainError('ORDER.NOT_ON_MENU', 'refused', { code: asked.setCode, day });
    const offer = (await this.menu.offers(senior.pointId as PointId, day, asked.period, tx)).find(({ code }) => code === asked.setCode);
    if (offer !== undefined) await this.suitability.require(tx, senior.id, { day, period: asked.period, door: 'order' }, offer.setMealId, 'ORDER.NOT_SUITABLE');
    const orderId = newId();
    try {
      await tx.query(
        `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, 'delivery', 'order', 'ordered', 1, ?, ?)`,
        [orderId, senior.id, senior.pointId, day, asked.period, asked.setCode, staff.staffId, this.clock.now()],
      );
    } catch (error) {
      if (isDuplicateKey(error, 'uq_meal_order')) throw new DomainError('ORDER.ALREADY_ORDERED', 'conflict');
      throw error;
    }
    // Whoever asked too late for this meal has been answered.
    await tx.query("UPDATE late_order SET state = 'accepted', waiting = NULL, decided_by = ?, decided_at = ?, order_id = ? WHERE senior_id = ? AND business_day = ? AND period = ? AND waiting = 1",
      [staff.staffId, this.clock.now(), orderId, senior.id, day, asked.period]);
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'order.placed-urgent', objectKind: 'order', objectId: orderId, outcome: 'done' }, tx);
    return orderId;
  }
}

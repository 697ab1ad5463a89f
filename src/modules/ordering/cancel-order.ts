import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CancelOrderAnswer } from '../../contract/ordering.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DepotDirectory } from '../sites/index.js';
import { OrderScope } from './order-scope.js';

interface OrderRow { id: string; seniorId: string; pointId: string; day: BusinessDay; period: MealPeriod; status: string }

/** Cancels a standing order before its cut-off. Repeating it is harmless: a cancelled order stays cancelled. */
@Injectable()
export class CancelOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: OrderScope,
    private readonly depots: DepotDirectory,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError ORDER.CUTOFF_PASSED, ORDER.NOT_OPEN; REQUEST.NOT_FOUND for an order outside the scope */
  async execute(orderId: string, staff: StaffIdentity): Promise<CancelOrderAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const order = await this.read(tx, orderId);
      await this.scope.requireSenior(staff, order.seniorId, tx);
      return this.cancel(tx, order, { actorKind: 'staff', actorId: staff.staffId });
    });
  }

  /** In the caller's transaction: the senior's own order, at a kiosk. @throws DomainError ORDER.CUTOFF_PASSED, ORDER.NOT_OPEN; REQUEST.NOT_FOUND for another's */
  async cancelOwn(tx: EntityManager, orderId: string, seniorId: string, deviceId: string): Promise<CancelOrderAnswer> {
    const order = await this.read(tx, orderId);
    if (order.seniorId !== seniorId) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return this.cancel(tx, order, { actorKind: 'device', actorId: deviceId });
  }

  /**
   * In the caller's transaction: what a standing plan has become for days on which it no longer asks. Each is let go of
   * by its plan, so that a pause taken back asks for the day again.
   *
   * @returns how many were cancelled, and the days whose meal stands because the kitchen counts on it already
   */
  async ofPlan(tx: EntityManager, plan: { id: string; seniorId: string }, days: { from: string; to: string | null }, staffId: string): Promise<{ cancelled: number; stillOn: BusinessDay[] }> {
    const today = this.clock.today();
    const orders = await tx.query<OrderRow[]>(
      `SELECT id, senior_id AS seniorId, point_id AS pointId, business_day AS day, period, status FROM meal_order
       WHERE senior_id = ? AND standing_plan_id = ? AND active = 1 AND status = 'ordered' AND business_day >= ? AND (? IS NULL OR business_day < ?) ORDER BY business_day`,
      [plan.seniorId, plan.id, days.from > today ? days.from : today, days.to, days.to],
    );
    // What was brought before anybody paused was brought all the same.
    await tx.query(
      "UPDATE meal_order SET kept_on = 1 WHERE senior_id = ? AND standing_plan_id = ? AND active = 1 AND status <> 'ordered' AND business_day >= ? AND (? IS NULL OR business_day < ?)",
      [plan.seniorId, plan.id, days.from, days.to, days.to],
    );
    const stillOn: BusinessDay[] = [];
    for (const order of orders) {
      if (this.clock.now() >= await this.cutoffOf(tx, order)) {
        stillOn.push(order.day);
        await tx.query('UPDATE meal_order SET kept_on = 1 WHERE id = ?', [order.id]);
        continue;
      }
      await this.cancel(tx, order, { actorKind: 'staff', actorId: staffId });
      await tx.query('UPDATE meal_order SET standing_plan_id = NULL WHERE id = ?', [order.id]);
    }
    return { cancelled: orders.length - stillOn.length, stillOn };
  }

  private async read(tx: EntityManager, orderId: string): Promise<OrderRow> {
    const [order] = await tx.query<OrderRow[]>(
      'SELECT id, senior_id AS seniorId, point_id AS pointId, business_day AS day, period, status FROM meal_order WHERE id = ?', [orderId],
    );
    if (order === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return order;
  }

  /** A repeat whose twin was still under way: it is cancelled, and that is what whoever asks is told. */
  private async cancelledMeanwhile(tx: EntityManager, orderId: string): Promise<CancelOrderAnswer> {
    const [now] = await tx.query<{ status: string }[]>('SELECT status FROM meal_order WHERE id = ? FOR UPDATE', [orderId]);
    if (now?.status !== 'cancelled') throw new DomainError('ORDER.NOT_OPEN', 'conflict');
    return { orderId, status: 'cancelled' };
  }

  private async cutoffOf(tx: EntityManager, order: OrderRow): Promise<Date> {
    const service = await this.depots.service(tx, order.pointId, order.period, 'share');
    return service === null ? this.clock.now() : cutoffInstant(service, order.day);
  }

  private async cancel(tx: EntityManager, order: OrderRow, by: { actorKind: 'staff' | 'device'; actorId: string }): Promise<CancelOrderAnswer> {
    const orderId = order.id;
    if (order.status === 'cancelled') return { orderId, status: 'cancelled' };
    const cutoffAt = await this.cutoffOf(tx, order);
    if (this.clock.now() >= cutoffAt) throw new DomainError('ORDER.CUTOFF_PASSED', 'refused', { cutoffAt: cutoffAt.toISOString() });
    const result: unknown = await tx.query(
      "UPDATE meal_order SET status = 'cancelled', active = NULL, cancelled_at = ? WHERE id = ? AND active = 1 AND status = 'ordered'", [this.clock.now(), orderId],
    );
    if (affectedRows(result) !== 1) return this.cancelledMeanwhile(tx, orderId);
    // What was decided for this portion ends with it: whoever then eats the ordinary tray is asked about that one.
    await tx.query('DELETE FROM meal_adjustment WHERE senior_id = ? AND business_day = ? AND period = ?', [order.seniorId, order.day, order.period]);
    await this.audit.record({ ...by, action: 'order.cancelled', objectKind: 'order', objectId: orderId, outcome: 'done' }, tx);
    return { orderId, status: 'cancelled' };
  }
}

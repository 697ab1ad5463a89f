import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { DepotDirectory } from '../sites/index.js';

/** Days on which orders and plans are stopped, half-open; a null end has no end. */
export interface StoppedDays { readonly from: BusinessDay; readonly to: BusinessDay | null }

/** A plan as it was before it was ended. */
export interface EndedPlan { readonly id: string; readonly validTo: BusinessDay | null }

/** An order that stands and has not been carried yet. */
export interface AheadOrder { readonly id: string; readonly day: BusinessDay; readonly period: MealPeriod; readonly pointId: string; readonly fulfilment: 'delivery' | 'collect' }

const AHEAD = `SELECT id, business_day AS day, period, point_id AS pointId, fulfilment FROM meal_order
  WHERE senior_id = ? AND active = 1 AND status = 'ordered' AND business_day >= ? AND (? IS NULL OR business_day < ?) ORDER BY business_day, id`;

/** The door to one person's orders, for what happens in their life. Every call runs in the caller's transaction. */
@Injectable()
export class SeniorOrders {
  constructor(private readonly dataSource: DataSource, private readonly depots: DepotDirectory, private readonly clock: Clock) {}

  /** Orders of those days that nobody has carried yet, none before today. */
  async ahead(seniorId: string, days: StoppedDays, tx: EntityManager = this.dataSource.manager): Promise<AheadOrder[]> {
    const today = this.clock.today();
    const from = days.from > today ? days.from : today;
    return tx.query<AheadOrder[]>(AHEAD, [seniorId, from, days.to, days.to]);
  }

  /** Cancels those orders whatever the cut-off: nobody will eat them. @returns ids that were cancelled by this call */
  async cancel(tx: EntityManager, orderIds: readonly string[]): Promise<string[]> {
    const cancelled: string[] = [];
    for (const id of orderIds) {
      const result: unknown = await tx.query(
        "UPDATE meal_order SET status = 'cancelled', active = NULL, cancelled_at = ? WHERE id = ? AND active = 1 AND status = 'ordered'", [this.clock.now(), id],
      );
      if (affectedRows(result) === 1) cancelled.push(id);
    }
    return cancelled;
  }

  /**
   * Puts cancelled orders back whose cut-off still lies ahead; the kitchen no longer cooks for the others.
   *
   * @returns ids that stand again
   */
  async restore(tx: EntityManager, orderIds: readonly string[]): Promise<string[]> {
    if (orderIds.length === 0) return [];
    const rows = await tx.query<AheadOrder[]>(
      "SELECT id, business_day AS day, period, point_id AS pointId, fulfilment FROM meal_order WHERE id IN (?) AND status = 'cancelled'", [orderIds],
    );
    const restored: string[] = [];
    for (const row of rows) {
      const service = await this.depots.service(tx, row.pointId, row.period, 'share');
      if (service === null || this.clock.now() >= cutoffInstant(service, row.day)) continue;
      const result: unknown = await tx.query(
        "UPDATE IGNORE meal_order SET status = 'ordered', active = 1, cancelled_at = NULL WHERE id = ? AND status = 'cancelled'", [row.id],
      );
      if (affectedRows(result) === 1) restored.push(row.id);
    }
    return restored;
  }

  /** Standing plans that would ask for a meal on or after `from`. */
  async plansFrom(seniorId: string, from: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<EndedPlan[]> {
    return tx.query<EndedPlan[]>(
      'SELECT id, valid_to AS validTo FROM standing_plan WHERE senior_id = ? AND (valid_to IS NULL OR valid_to > ?) ORDER BY id', [seniorId, from],
    );
  }

  /** Ends every plan on `from`, or on its own first day where that lies later. @returns plans with the end they had */
  async endPlans(tx: EntityManager, seniorId: string, from: BusinessDay): Promise<EndedPlan[]> {
    const plans = await this.plansFrom(seniorId, from, tx);
    if (plans.length > 0) await tx.query('UPDATE standing_plan SET valid_to = GREATEST(valid_from, ?) WHERE id IN (?)', [from, plans.map(({ id }) => id)]);
    return plans;
  }

  async restorePlans(tx: EntityManager, plans: readonly EndedPlan[]): Promise<void> {
    for (const { id, validTo } of plans) await tx.query('UPDATE standing_plan SET valid_to = ? WHERE id = ?', [validTo, id]);
  }

  /** Orders of a person who has moved inside the street go to the new point where neither point has passed its cut-off. */
  async moveTo(tx: EntityManager, orders: readonly AheadOrder[], pointId: string): Promise<{ moved: string[]; left: string[] }> {
    const moved: string[] = [];
    const left: string[] = [];
    for (const order of orders) {
      const services = [await this.depots.service(tx, order.pointId, order.period, 'share'), await this.depots.service(tx, pointId, order.period, 'share')];
      const open = services.every((service) => service !== null && this.clock.now() < cutoffInstant(service, order.day));
      if (open) await tx.query('UPDATE meal_order SET point_id = ? WHERE id = ? AND active = 1', [pointId, order.id]);
      (open ? moved : left).push(order.id);
    }
    return { moved, left };
  }

  async putBack(tx: EntityManager, orderIds: readonly string[], pointId: string): Promise<void> {
    if (orderIds.length > 0) await tx.query("UPDATE meal_order SET point_id = ? WHERE id IN (?) AND active = 1 AND status = 'ordered'", [pointId, orderIds]);
  }

  /** Starts delivered lunches on every weekday for somebody who accepted the offer. @returns the plan, or null where a plan exists already */
  async startDelivery(tx: EntityManager, seniorId: string, from: BusinessDay): Promise<string | null> {
    const plans = await tx.query<{ id: string }[]>(
      "SELECT id FROM standing_plan WHERE senior_id = ? AND period = 'lunch' AND (valid_to IS NULL OR valid_to > ?)", [seniorId, from],
    );
    if (plans.length > 0) return null;
    const planId = newId();
    await tx.query(
      "INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from, valid_to) VALUES (?, ?, 'lunch', 127, 'A', 'delivery', ?, NULL)",
      [planId, seniorId, from],
    );
    return planId;
  }
}

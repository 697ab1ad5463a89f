import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { DepotDirectory } from '../sites/index.js';
import { MaterialisePlans } from './materialise-plans.js';
import { StormOrders } from './storm-orders.js';

/** An order that a crew is to carry. */
export interface DeliveryOrder {
  readonly orderId: string;
  readonly seniorId: string;
  readonly pointId: string;
  readonly setCode: string;
}

/** What stands for a point, day and period after standing plans were added; `final` once the cut-off has passed. */
export interface StandingOrders {
  readonly final: boolean;
  readonly added: number;
  readonly deliveries: readonly DeliveryOrder[];
}

const DELIVERY_SQL = 'SELECT id AS orderId, senior_id AS seniorId, point_id AS pointId, set_code AS setCode FROM meal_order';

/** The door to orders for those who plan and carry them. */
@Injectable()
export class OrderBook {
  constructor(
    private readonly depots: DepotDirectory,
    private readonly materialise: MaterialisePlans,
    private readonly storms: StormOrders,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds what the standing plans ask for, each once, and returns the deliveries that stand. From the cut-off on the
   * closing is recorded, once. Holds the lock of the meal service until the transaction ends, so that no order or
   * cancellation slips past.
   */
  async settleOrders(tx: EntityManager, at: { pointId: string; day: BusinessDay; period: MealPeriod }): Promise<StandingOrders> {
    const service = await this.depots.service(tx, at.pointId, at.period, 'close');
    if (service === null) return { final: true, added: 0, deliveries: [] };
    const added = await this.materialise.execute(tx, at);
    await this.storms.turn(tx, at);
    const final = this.clock.now() >= cutoffInstant(service, at.day);
    if (final) {
      await tx.query(
        `INSERT IGNORE INTO order_closing (point_id, business_day, period, orders, closed_at)
         SELECT ?, ?, ?, COUNT(*), ? FROM meal_order WHERE point_id = ? AND business_day = ? AND period = ? AND active = 1`,
        [at.pointId, at.day, at.period, this.clock.now(), at.pointId, at.day, at.period],
      );
    }
    const deliveries = await tx.query<DeliveryOrder[]>(
      `${DELIVERY_SQL} WHERE point_id = ? AND business_day = ? AND period = ? AND active = 1 AND fulfilment = 'delivery' ORDER BY id`,
      [at.pointId, at.day, at.period],
    );
    return { final, added, deliveries };
  }

  /** Standing delivery orders by id, for a depot that took them over from another point. */
  async deliveries(tx: EntityManager, orderIds: readonly string[]): Promise<DeliveryOrder[]> {
    if (orderIds.length === 0) return [];
    return tx.query<DeliveryOrder[]>(`${DELIVERY_SQL} WHERE id IN (?) AND active = 1 AND fulfilment = 'delivery' ORDER BY id`, [orderIds]);
  }

  /** Records how a delivery ended. @returns false when the order no longer stands */
  async end(tx: EntityManager, orderId: string, status: 'delivered' | 'absent' | 'refused'): Promise<boolean> {
    const result: unknown = await tx.query('UPDATE meal_order SET status = ? WHERE id = ? AND active = 1', [status, orderId]);
    return affectedRows(result) === 1;
  }
}

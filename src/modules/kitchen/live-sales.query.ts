import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';

/** One counter and set meal at this minute: portions there, sales with and without an order, orders that nobody has had yet. */
export interface CounterRow { pointId: string; setMealId: string; sold: number; soldToWalkIns: number; left: number; onRoad: number; openOrders: number }

interface CountRow { pointId: string; setMealId: string; portions: string | number }
type At = readonly [pointIds: readonly string[], day: BusinessDay, period: MealPeriod];

/** Meals that stand; `o` is the order that a meal was for. */
const MEALS = `meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id
  LEFT JOIN meal_order o ON o.senior_id = m.senior_id AND o.business_day = m.business_day AND o.period = m.period AND o.active = 1
  WHERE m.point_id IN (?) AND m.business_day = ? AND m.period = ? AND r.meal_id IS NULL`;

/**
 * Where the food of an order comes from: the depot of its trip, else what was decided for a door outside the radius, else
 * its point. `o` is the order.
 */
export const ORDER_DEPOT = `COALESCE((SELECT p.depot_id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan p ON p.id = t.route_plan_id WHERE s.meal_order_id = o.id),
  (SELECT d.depot_id FROM radius_decision d WHERE d.meal_order_id = o.id), o.point_id)`;

/** What live advice reads of the counters of this minute. */
@Injectable()
export class LiveSales {
  constructor(private readonly dataSource: DataSource) {}

  /** One row for each point and set meal that was sent portions, sold some or has orders open. */
  async counters(...at: At): Promise<CounterRow[]> {
    const [pointIds, day, period] = at;
    if (pointIds.length === 0) return [];
    const [stock, walkIns, orders] = await Promise.all([this.stock(pointIds, day, period), this.walkIns(pointIds, day, period), this.openOrders(pointIds, day, period)]);
    const rows = new Map<string, CounterRow>();
    const at0 = ({ pointId, setMealId }: Pick<CounterRow, 'pointId' | 'setMealId'>): CounterRow => {
      const key = `${pointId}/${setMealId}`;
      const row = rows.get(key) ?? { pointId, setMealId, sold: 0, soldToWalkIns: 0, left: 0, onRoad: 0, openOrders: 0 };
      rows.set(key, row);
      return row;
    };
    for (const one of stock) Object.assign(at0(one), { sold: Number(one.sold), left: Number(one.left), onRoad: Number(one.onRoad) });
    for (const one of walkIns) at0(one).soldToWalkIns = Number(one.portions);
    for (const one of orders) at0(one).openOrders = Number(one.portions);
    return [...rows.values()];
  }

  /** Minutes of the day (Asia/Shanghai) at which people without an order were served from a day on. */
  async minutes(pointIds: readonly string[], from: BusinessDay, before: BusinessDay, period: MealPeriod): Promise<number[]> {
    if (pointIds.length === 0) return [];
    const rows = await this.dataSource.query<{ minute: number; meals: string }[]>(
      `SELECT HOUR(DATE_ADD(m.sold_at, INTERVAL 8 HOUR)) * 60 + MINUTE(m.sold_at) AS minute, COUNT(*) AS meals FROM meal m
         LEFT JOIN meal_order o ON o.senior_id = m.senior_id AND o.business_day = m.business_day AND o.period = m.period AND o.active = 1
       WHERE m.business_day >= ? AND m.business_day < ? AND m.point_id IN (?) AND m.period = ? AND m.channel <> 'delivery' AND o.id IS NULL GROUP BY minute`, [from, before, pointIds, period],
    );
    return rows.flatMap(({ minute, meals }) => Array.from({ length: Number(meals) }, () => Number(minute)));
  }

  /** On the road: loads, but none that was recalled before it left, and what another point has sent. */
  private stock(...at: At): Promise<{ pointId: string; setMealId: string; sold: string; left: string; onRoad: string }[]> {
    return this.dataSource.query(
      `SELECT s.point_id AS pointId, s.set_meal_id AS setMealId, s.served + s.collected AS sold, s.left_portions AS \`left\`,
         (SELECT COALESCE(SUM(i.sent), 0) FROM portion_load l JOIN portion_load_item i ON i.load_id = l.id
          WHERE l.point_id = s.point_id AND i.set_meal_id = s.set_meal_id AND (l.state = 'left' OR (l.state = 'sealed' AND NOT EXISTS (
            SELECT 1 FROM load_batch x JOIN kitchen_batch b ON b.id = x.batch_id AND b.recalled = 1 WHERE x.load_id = l.id))))
         + (SELECT COALESCE(SUM(t.portions), 0) FROM portion_transfer t WHERE t.to_point_id = s.point_id AND t.set_meal_id = s.set_meal_id AND t.state = 'sent') AS onRoad
       FROM portion_stock s WHERE s.point_id IN (?) AND s.business_day = ? AND s.period = ?`, [...at],
    );
  }

  private walkIns(...at: At): Promise<CountRow[]> {
    return this.dataSource.query(
      `SELECT m.point_id AS pointId, m.set_meal_id AS setMealId, COUNT(*) AS portions FROM ${MEALS} AND m.channel <> 'delivery' AND o.id IS NULL GROUP BY m.point_id, m.set_meal_id`, [...at],
    );
  }

  /** By the point whose counter they are taken from: not eaten, not fetched, not in a crate that has left. */
  private openOrders(...at: At): Promise<CountRow[]> {
    const [pointIds, day, period] = at;
    return this.dataSource.query(
      `SELECT x.depotId AS pointId, m.id AS setMealId, COUNT(*) AS portions FROM (
         SELECT o.id, o.senior_id, o.point_id, o.set_code, IF(o.fulfilment = 'delivery', ${ORDER_DEPOT}, o.point_id) AS depotId FROM meal_order o
         WHERE o.business_day = ? AND o.period = ? AND o.active = 1
           AND NOT EXISTS (SELECT 1 FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id WHERE m.senior_id = o.senior_id AND m.business_day = o.business_day AND m.period = o.period AND r.meal_id IS NULL)
           AND NOT EXISTS (SELECT 1 FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id AND t.left_at IS NOT NULL WHERE s.meal_order_id = o.id)
       ) x JOIN point p ON p.id = x.depotId JOIN set_meal m ON m.kitchen_id = p.kitchen_id AND m.business_day = ? AND m.period = ? AND m.code = x.set_code
       WHERE x.depotId IN (?) GROUP BY x.depotId, m.id`, [day, period, day, period, pointIds],
    );
  }
}

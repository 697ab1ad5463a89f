import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { SetMealId } from '../../domain/kernel/ids.js';
import { swappedTo } from '../dispatch/index.js';

/** What lies in the box of a door: the set meal of the kitchen that feeds the trip's depot, swaps counted in. */
export interface TripBox {
  readonly tripId: string; readonly stopId: string; readonly seq: number; readonly seniorId: string; readonly pointId: string;
  /** The order still stands. */
  readonly ordered: boolean;
  readonly portionTaken: boolean;
  /** null: that kitchen has no such set meal on the day. */
  readonly setMealId: SetMealId | null;
  /** Since when a dish in it is recalled; null: none is. */
  readonly recalledAt: Date | null;
}

type BoxRow = Omit<TripBox, 'ordered' | 'portionTaken'> & { ordered: number | null; portionTaken: number };

/** The boxes of trips, as they were packed: the food is that of the depot's kitchen, whosever point the order is of. */
@Injectable()
export class TripBoxes {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of the doors. A substitute of the person's own counts as a dish in the box. */
  async of(tripIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<TripBox[]> {
    if (tripIds.length === 0) return [];
    const rows = await tx.query<BoxRow[]>(
      `SELECT b.tripId, b.stopId, b.seq, b.seniorId, b.pointId, b.ordered, b.portionTaken, m.id AS setMealId,
         (SELECT MIN(c.opened_at) FROM recall_dish z JOIN recall c ON c.id = z.recall_id AND c.state <> 'undone'
          WHERE z.business_day = b.day AND z.dish_id IN (
            SELECT COALESCE(a.substitute_id, y.dish_id) FROM set_meal_dish y
            LEFT JOIN meal_adjustment a ON a.senior_id = b.seniorId AND a.business_day = b.day AND a.period = b.period AND a.set_code = m.code AND a.dish_id = y.dish_id
            WHERE y.set_meal_id = m.id)) AS recalledAt
       FROM (${BOX_SQL}) b LEFT JOIN set_meal m ON m.kitchen_id = b.kitchenId AND m.business_day = b.day AND m.period = b.period AND m.code = b.code
       ORDER BY b.tripId, b.seq, b.stopId`, [tripIds],
    );
    return rows.map((row) => ({ ...row, seq: Number(row.seq), ordered: Number(row.ordered ?? 0) === 1, portionTaken: Number(row.portionTaken) === 1 }));
  }
}

const BOX_SQL = `SELECT t.id AS tripId, s.id AS stopId, s.seq, s.senior_id AS seniorId, o.point_id AS pointId, o.active AS ordered, s.portion_taken AS portionTaken,
    r.business_day AS day, r.period, CASE WHEN r.depot_kind = 'kitchen' THEN r.depot_id ELSE p.kitchen_id END AS kitchenId,
    COALESCE(${swappedTo('s.id')}, o.set_code) AS code
  FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id JOIN meal_order o ON o.id = s.meal_order_id
  LEFT JOIN point p ON p.id = r.depot_id WHERE t.id IN (?)`;

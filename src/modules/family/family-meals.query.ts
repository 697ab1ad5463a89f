import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FamilyMeal } from '../../contract/family.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { SeniorId } from '../../domain/kernel/ids.js';

interface Row {
  businessDay: string; period: FamilyMeal['period']; state: FamilyMeal['state']; at: Date | null; placeName: string; mealName: string; dueFen: number | null;
}

const MEALS_SQL = `
  SELECT m.business_day AS businessDay, m.period,
    CASE WHEN r.meal_id IS NOT NULL THEN 'refunded' WHEN m.channel = 'delivery' THEN 'delivered' ELSE 'eaten' END AS state,
    COALESCE(r.at, m.sold_at) AS at, p.name AS placeName, sm.name AS mealName, m.due_fen AS dueFen
  FROM meal m JOIN point p ON p.id = m.point_id JOIN set_meal sm ON sm.id = m.set_meal_id
  LEFT JOIN meal_reversal r ON r.meal_id = m.id
  WHERE m.senior_id = ? AND m.business_day BETWEEN ? AND ?`;

const ORDERS_SQL = `
  SELECT o.business_day AS businessDay, o.period, COALESCE(NULLIF(s.result, 'open'), 'ordered') AS state, s.result_at AS at,
    p.name AS placeName, COALESCE(sm.name, '') AS mealName, NULL AS dueFen
  FROM meal_order o JOIN point p ON p.id = o.point_id
  LEFT JOIN set_meal sm ON sm.kitchen_id = p.kitchen_id AND sm.business_day = o.business_day AND sm.period = o.period AND sm.code = o.set_code
  LEFT JOIN route_stop s ON s.meal_order_id = o.id
  WHERE o.senior_id = ? AND o.business_day = ? AND o.active = 1 AND (s.result IS NULL OR s.result <> 'delivered')
    AND NOT EXISTS (SELECT 1 FROM meal m WHERE m.senior_id = o.senior_id AND m.business_day = o.business_day AND m.period = o.period)`;

/** Meals and open orders of one senior. */
@Injectable()
export class FamilyMealsQuery {
  constructor(private readonly dataSource: DataSource) {}

  /** Meals of the days `from` to `to`, newest first. */
  async meals(seniorId: SeniorId, from: BusinessDay, to: BusinessDay): Promise<FamilyMeal[]> {
    const rows = await this.dataSource.query<Row[]>(`${MEALS_SQL} ORDER BY m.business_day DESC, m.sold_at DESC`, [seniorId, from, to]);
    return rows.map(toMeal);
  }

  /** Orders of a day that have not become a meal. */
  async openOrders(seniorId: SeniorId, day: BusinessDay): Promise<FamilyMeal[]> {
    const rows = await this.dataSource.query<Row[]>(`${ORDERS_SQL} ORDER BY o.period`, [seniorId, day]);
    return rows.map(toMeal);
  }
}

function toMeal(row: Row): FamilyMeal {
  return { ...row, at: row.at?.toISOString() ?? null, dueFen: row.dueFen === null ? null : Number(row.dueFen) };
}

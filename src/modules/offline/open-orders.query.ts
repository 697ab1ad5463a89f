import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { ORDER_DEPOT } from '../kitchen/index.js';

/** An order of the day whose meal nobody has had yet. */
export interface OpenOrder {
  readonly seniorId: string;
  readonly period: MealPeriod;
  /** null: its code is on no menu of that kitchen. */
  readonly setMealId: string | null;
  readonly delivered: boolean;
  /** Eaten at, or fetched from, this point. */
  readonly here: boolean;
  /** Its portion is still among those of this point: not in a crate that has left. */
  readonly inStock: boolean;
}

/** What is on order today for the people of a point, or out of its portions. */
@Injectable()
export class OpenOrders {
  async of(tx: EntityManager, pointId: string, day: string, seniorIds: readonly string[]): Promise<OpenOrder[]> {
    const rows = await tx.query<{ seniorId: string; period: MealPeriod; setMealId: string | null; fulfilment: string; pointId: string; depotId: string; hasLeft: number | string }[]>(
      `SELECT x.*, m.id AS setMealId FROM (
         SELECT o.senior_id AS seniorId, o.business_day, o.period, o.set_code, o.fulfilment, o.point_id AS pointId, IF(o.fulfilment = 'delivery', ${ORDER_DEPOT}, o.point_id) AS depotId,
           EXISTS (SELECT 1 FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id AND t.left_at IS NOT NULL WHERE s.meal_order_id = o.id) AS hasLeft
         FROM meal_order o WHERE o.business_day = ? AND o.active = 1
           AND NOT EXISTS (SELECT 1 FROM meal e LEFT JOIN meal_reversal r ON r.meal_id = e.id WHERE e.senior_id = o.senior_id AND e.business_day = o.business_day AND e.period = o.period AND r.meal_id IS NULL)
       ) x JOIN point p ON p.id = x.depotId LEFT JOIN set_meal m ON m.kitchen_id = p.kitchen_id AND m.business_day = x.business_day AND m.period = x.period AND m.code = x.set_code
       WHERE x.depotId = ? OR x.pointId = ? OR x.seniorId IN (?)`, [day, pointId, pointId, seniorIds.length === 0 ? [''] : seniorIds],
    );
    return rows.map(({ seniorId, period, setMealId, fulfilment, pointId: at, depotId, hasLeft }) => ({
      seniorId, period, setMealId, delivered: fulfilment === 'delivery', here: fulfilment !== 'delivery' && at === pointId, inStock: depotId === pointId && Number(hasLeft) === 0,
    }));
  }
}

/**
 * One kiosk's share of a set meal. What is on order is taken out before the rest is shared, so that nobody else is sold it;
 * whose order it is finds it at their own kiosk. `reserved` goes with it: what the point is told to have left holds all orders.
 *
 * @param stock what the point has, `free` what anybody may buy of it (none while it is off sale)
 * @param reserved orders still to be served out of it; `own`: of people of this kiosk
 */
export function shareOf({ stock, free, reserved, own, kiosks }: { stock: number; free: number; reserved: number; own: number; kiosks: number }): { portionsLeft: number; forOrders?: number; reserved: number } {
  const portionsLeft = Math.floor(Math.max(0, Math.min(free, stock - reserved)) / kiosks);
  if (own === 0) return { portionsLeft, reserved };
  const kept = stock >= reserved ? own : Math.floor((Math.max(0, stock) * own) / reserved);
  return { portionsLeft, forOrders: portionsLeft + kept, reserved };
}

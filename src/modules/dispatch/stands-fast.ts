import type { EntityManager } from 'typeorm';
import type { PlanKey } from './plan-runs.js';

/** A stop `s` on a trip `t` that no plan takes it from any more: the trip has left, is held fast or over, or the door has a result. */
export const STANDS_FAST = "(t.left_at IS NOT NULL OR t.frozen_at IS NOT NULL OR t.closed_at IS NOT NULL OR s.result <> 'open')";

/** Orders that another depot's crew has with it, or holds fast: no other plan carries them, whatever was decided since. */
export async function fastElsewhere(tx: EntityManager, key: PlanKey): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }[]>(
    `SELECT s.meal_order_id AS id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
     WHERE r.business_day = ? AND r.period = ? AND r.depot_id <> ? AND ${STANDS_FAST}`, [key.day, key.period, key.depotId],
  );
  return new Set(rows.map((row) => row.id));
}

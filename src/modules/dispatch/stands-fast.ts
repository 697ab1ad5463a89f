import type { EntityManager } from 'typeorm';
import { keepFormerStops } from './former-stops.js';
import type { PlanKey } from './plan-runs.js';
import { numberTrips } from './trip-numbers.js';

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

/**
 * Takes orders that this plan carries off the waiting trips of other plans: each page is told of by its revision, counts a box less
 * for each, and a trip with no door left is gone. To be called in the transaction that puts them into this plan.
 *
 * @returns the plans that lost doors, to be timed anew; null where a trip with one of the orders cannot be touched any more
 */
export async function takeFromOthers(tx: EntityManager, planId: string, orderIds: readonly string[], now: Date): Promise<PlanKey[] | null> {
  if (orderIds.length === 0) return [];
  const stops = await tx.query<{ id: string; tripId: string; planId: string; fast: number }[]>(
    `SELECT s.id, t.id AS tripId, t.route_plan_id AS planId, ${STANDS_FAST} AS fast FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
     WHERE s.meal_order_id IN (?) AND t.route_plan_id <> ? FOR UPDATE`, [orderIds, planId],
  );
  if (stops.some((stop) => Number(stop.fast) === 1)) return null;
  if (stops.length === 0) return [];
  const tripIds = [...new Set(stops.map((stop) => stop.tripId))].sort();
  await keepFormerStops(tx, tripIds, now);
  await tx.query('DELETE FROM route_stop WHERE id IN (?)', [stops.map((stop) => stop.id)]);
  for (const tripId of tripIds) {
    await tx.query('UPDATE route_trip SET boxes = boxes - ?, revision = revision + 1 WHERE id = ?', [stops.filter((stop) => stop.tripId === tripId).length, tripId]);
  }
  await tx.query('DELETE t FROM route_trip t LEFT JOIN route_stop s ON s.route_trip_id = t.id WHERE t.id IN (?) AND s.id IS NULL', [tripIds]);
  const plans = [...new Set(stops.map((stop) => stop.planId))].sort();
  // What these plans were made from no longer says what is on them: the next run of each looks again.
  await tx.query("UPDATE route_plan SET revision = revision + 1, input_digest = '' WHERE id IN (?)", [plans]);
  for (const plan of plans) await numberTrips(tx, plan);
  return tx.query<PlanKey[]>('SELECT depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period FROM route_plan WHERE id IN (?) ORDER BY id', [plans]);
}

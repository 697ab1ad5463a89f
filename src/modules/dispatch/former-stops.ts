import type { EntityManager } from 'typeorm';

/**
 * Remembers which crew was shown the doors of these trips, before they go to another crew or are planned anew: its phone may
 * have recorded some of them without a signal. Drafts are shown to nobody. To be called in the transaction that moves them.
 */
export async function keepFormerStops(tx: EntityManager, tripIds: readonly string[], at: Date): Promise<void> {
  if (tripIds.length === 0) return;
  await tx.query(
    `INSERT IGNORE INTO former_stop (route_stop_id, crew_id, meal_order_id, senior_id, route_trip_id, route_plan_id, until_at)
     SELECT s.id, t.crew_id, s.meal_order_id, s.senior_id, t.id, t.route_plan_id, ? FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
       JOIN route_plan r ON r.id = t.route_plan_id WHERE t.id IN (?) AND r.status = 'final'`, [at, tripIds],
  );
}

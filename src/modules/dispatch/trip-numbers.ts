import type { EntityManager } from 'typeorm';

/** Trips of a crew in a plan are counted in the order they leave; a page that names another number by then is printed anew. */
export async function numberTrips(tx: EntityManager, planId: string): Promise<void> {
  await tx.query(
    `UPDATE route_trip t JOIN (SELECT id, ROW_NUMBER() OVER (PARTITION BY crew_id ORDER BY depart_s, id) AS no FROM route_trip WHERE route_plan_id = ?) n ON n.id = t.id
     SET t.revision = t.revision + (t.trip_no <> n.no AND t.trip_no <> 99), t.trip_no = n.no WHERE t.route_plan_id = ?`, [planId, planId],
  );
}

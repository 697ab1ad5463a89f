import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

/** Whose trip it is, which of the crew's, and how far it has come: what everything that is said of a trip begins with. */
export interface TripHeading {
  depot: string; streetId: string; crewId: string; crew: string; tripNo: number; day: BusinessDay; boxes: number;
  departS: number; lastDoorS: number; leftAt: Date | null; closedAt: Date | null; openStops: number;
  /** Of the plan: only a final one is carried out. */
  status: string;
  /** Was everything on it decided for the kitchen's car? */
  byCarOnly: boolean;
}

/** @returns undefined for a trip that is gone */
export async function tripHeading(tx: EntityManager, tripId: string): Promise<TripHeading | undefined> {
  const [trip] = await tx.query<(Omit<TripHeading, 'openStops' | 'byCarOnly'> & { openStops: number | string; byCarOnly: number | string | null })[]>(
    `SELECT COALESCE(p.name, k.name) AS depot, COALESCE(cm.street_id, k.street_id) AS streetId, c.id AS crewId, c.name AS crew, t.trip_no AS tripNo,
       r.business_day AS day, t.boxes, t.depart_s AS departS, t.last_door_s AS lastDoorS, t.left_at AS leftAt, t.closed_at AS closedAt, r.status,
       (SELECT COUNT(*) FROM route_stop s WHERE s.route_trip_id = t.id AND s.result = 'open') AS openStops,
       (SELECT MIN(COALESCE(d.decision = 'kitchen-car', 0)) FROM route_stop s LEFT JOIN radius_decision d ON d.meal_order_id = s.meal_order_id WHERE s.route_trip_id = t.id) AS byCarOnly
     FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = t.crew_id
     LEFT JOIN point p ON p.id = r.depot_id LEFT JOIN community cm ON cm.id = p.community_id LEFT JOIN kitchen k ON k.id = r.depot_id
     WHERE t.id = ?`, [tripId],
  );
  return trip && { ...trip, openStops: Number(trip.openStops), byCarOnly: Number(trip.byCarOnly) === 1 };
}

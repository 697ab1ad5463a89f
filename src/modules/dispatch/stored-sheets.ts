import type { EntityManager } from 'typeorm';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { consequencesOf, isLimit, verifySheet, type PlanViolation, type RouteProblem, type SheetTrip, type TimedTrip } from '../../domain/routing/index.js';

interface SheetRow { tripId: string; crewId: string; departS: number; backS: number; boxes: number; orderId: string; doorAtS: number }

/** The trips of a plan as they are stored, door by door: what the sheet will say. @param doorOf the door of the problem an order belongs to; orders of none are left out */
async function sheetsOf(tx: EntityManager, planId: string, doorOf: (orderId: string, tripId: string) => string | undefined): Promise<(SheetTrip & { tripId: string })[]> {
  const rows = await tx.query<SheetRow[]>(
    `SELECT t.id AS tripId, t.crew_id AS crewId, t.depart_s AS departS, t.back_s AS backS, t.boxes, s.meal_order_id AS orderId, s.door_at_s AS doorAtS
     FROM route_trip t JOIN route_stop s ON s.route_trip_id = t.id WHERE t.route_plan_id = ? ORDER BY t.id, s.seq, s.meal_order_id`, [planId],
  );
  const sheets = new Map<string, SheetTrip & { tripId: string; doors: { stopId: string; doorAtS: number }[] }>();
  for (const { orderId, doorAtS, ...trip } of rows) {
    const sheet = sheets.get(trip.tripId) ?? { ...trip, doors: [] };
    sheets.set(trip.tripId, sheet);
    const stopId = doorOf(orderId, trip.tripId);
    if (stopId !== undefined && sheet.doors.at(-1)?.stopId !== stopId) sheet.doors.push({ stopId, doorAtS });
  }
  return [...sheets.values()];
}

/** @throws InvariantError where a plan as it was just stored breaks a rule: it is neither printed nor sent */
export async function requireSound(tx: EntityManager, planId: string, problem: RouteProblem): Promise<void> {
  // A household's door is named after its first order; the others stand at the same line.
  const doors = new Set(problem.stops.map((stop) => stop.id));
  refuse(verifySheet(problem, await sheetsOf(tx, planId, (orderId) => (doors.has(orderId) ? orderId : undefined))));
}

/**
 * Reckons the changed trips of a plan in hand again from what was stored. Limits may be broken where a person changed it, but only
 * those that were shown: the consequences of the change.
 *
 * @param changed the trips that were written, each under the id it is stored with
 * @throws InvariantError for a mistake of reckoning, or a broken limit that nobody was shown
 */
export async function requireAsShown(
  tx: EntityManager, planId: string, problem: RouteProblem, { changed, all, doorOf }: { changed: ReadonlyMap<string, TimedTrip>; all: readonly TimedTrip[]; doorOf: ReadonlyMap<string, string> },
): Promise<void> {
  if (changed.size === 0) return;
  const sheets = await sheetsOf(tx, planId, (orderId, tripId) => {
    const stopId = doorOf.get(orderId);
    return stopId !== undefined && changed.get(tripId)?.stopIds.includes(stopId) ? stopId : undefined;
  });
  const shown = consequencesOf(problem, all);
  const overloaded = new Set(all.filter((trip) => shown.overloaded.includes(trip.key)).map((trip) => trip.crewId));
  refuse(verifySheet(problem, sheets.filter((sheet) => changed.has(sheet.tripId))).filter((one) => !isLimit(one) || !wasShown(one, shown, overloaded)));
}

function wasShown({ rule, stopId, crewId }: PlanViolation, shown: ReturnType<typeof consequencesOf>, overloaded: ReadonlySet<string>): boolean {
  if (rule === 'capacity') return overloaded.has(crewId ?? '');
  if (rule === 'window') return shown.late.includes(stopId ?? '');
  if (rule === 'freshness') return shown.stale.includes(stopId ?? '');
  if (rule === 'vehicle' || rule === 'skill' || rule === 'home-radius') return shown.forbidden.includes(stopId ?? '');
  return shown.overtime.includes(crewId ?? '');
}

function refuse(violations: readonly PlanViolation[]): void {
  if (violations.length > 0) throw new InvariantError(`stored plan broke ${violations.map((one) => one.rule).join(', ')}`);
}

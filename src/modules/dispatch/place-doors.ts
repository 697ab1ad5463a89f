import { byNeed, consequencesOf, isNoWorse, placeStops, retime, type RouteCrew, type StandingTrip } from '../../domain/routing/index.js';
import { householdOf, singleDoorsOf, type Door } from './delivery-doors.js';
import type { HeldPlan } from './plan-in-hand.js';

export interface PlacedDoors {
  /** The plan with the doors as they are now: whoever joined a standing door has none of their own any more. */
  readonly held: HeldPlan;
  readonly trips: readonly StandingTrip[];
  readonly left: readonly string[];
}

/**
 * Puts doors of a plan in hand into its trips with the least disturbance. Whose household has a door on a trip that waits is joined
 * to it where that breaks no limit that was not broken before; anybody else, and who cannot be joined, is a door of their own.
 *
 * @param crews those who may get something new
 */
export function placeDoors(held: HeldPlan, crews: readonly RouteCrew[], standing: readonly StandingTrip[], ids: readonly string[]): PlacedDoors {
  let [now, trips] = [held, standing];
  const left: string[] = [];
  for (const id of byNeed(held.problem, ids)) {
    const joined = joinedTo(now, crews, trips, id);
    if (joined !== null) {
      now = joined;
      continue;
    }
    const placement = placeStops({ ...now.problem, crews }, trips, [id], now.nowS);
    trips = placement.trips;
    left.push(...placement.left);
  }
  return { held: now, trips, left };
}

function joinedTo(held: HeldPlan, crews: readonly RouteCrew[], trips: readonly StandingTrip[], id: string): HeldPlan | null {
  const door = held.doors.get(id);
  const household = door === undefined ? null : householdOf(door.orders[0]);
  if (door === undefined || household === null) return null;
  for (const trip of trips.filter((one) => !one.fixed && crews.some((crew) => crew.id === one.crewId))) {
    const mate = trip.stopIds.flatMap((other) => held.doors.get(other) ?? []).find((other) => householdOf(other.orders[0]) === household);
    if (mate === undefined) continue;
    const together = withOneDoor(held, mate, door);
    const own = trips.filter((one) => one.crewId === trip.crewId);
    const [before, after] = [held.problem, together.problem].map((problem) => consequencesOf(problem, retime(problem, own, held.nowS)));
    if (isNoWorse(before, after)) return together;
  }
  return null;
}

/** The standing door keeps its id and its place, so that trips name it as before. */
function withOneDoor(held: HeldPlan, standing: Door, more: Door): HeldPlan {
  const [both] = singleDoorsOf([...standing.orders, ...more.orders], held.rules);
  const stop = { ...both.stop, id: standing.stop.id, place: standing.stop.place };
  const doors = new Map(held.doors);
  doors.delete(more.stop.id);
  doors.set(stop.id, { ...both, stop });
  return { ...held, doors, problem: { ...held.problem, stops: held.problem.stops.filter((one) => one.id !== more.stop.id).map((one) => (one.id === stop.id ? stop : one)) } };
}

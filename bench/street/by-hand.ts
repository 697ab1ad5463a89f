import { scheduleCrew } from '../../src/domain/routing/schedule-trip.js';
import { feasibleAlone, type PlannedTrip, type RouteCrew, type RoutePlan, type RouteProblem, type RouteStop } from '../../src/domain/routing/index.js';

/**
 * What a street does without a planner. Crew after crew, trip after trip: the next door is the nearest one (or the next
 * of the remembered order) that still can be added at the end of the trip within every limit; when none can, the crew
 * goes back and loads again; when it can serve nobody any more, the next crew starts.
 */
export function planByHand(problem: RouteProblem, order: readonly RouteStop[], nearestNext: boolean): RoutePlan {
  const infeasible = problem.stops.filter((stop) => !feasibleAlone(problem, stop));
  let left = order.filter((stop) => !infeasible.includes(stop));
  const trips: PlannedTrip[] = [];
  for (const crew of problem.crews) {
    const day: RouteStop[][] = [];
    for (;;) {
      const trip = ride(problem, crew, day, left, nearestNext);
      if (trip.length === 0) break;
      day.push(trip);
      left = left.filter((stop) => !trip.includes(stop));
    }
    trips.push(...planned(problem, crew, day));
    if (left.length === 0) break;
  }
  return {
    seed: 0, trips,
    unplanned: [
      ...infeasible.map((stop) => ({ stopId: stop.id, reason: 'infeasible-alone' as const })),
      ...left.map((stop) => ({ stopId: stop.id, reason: 'fleet-spent' as const })),
    ],
  };
}

/** One more trip after those of the day, door by door. Of the windows still open the earliest is served first. */
function ride(problem: RouteProblem, crew: RouteCrew, day: readonly RouteStop[][], left: readonly RouteStop[], nearestNext: boolean): RouteStop[] {
  const matrix = problem.matrices[crew.profile];
  const trip: RouteStop[] = [];
  for (;;) {
    const here = trip.at(-1)?.place ?? 0;
    const distance = (stop: RouteStop): number => matrix?.travelS[here * matrix.size + stop.place] ?? 0;
    const open = left.filter((stop) => !trip.includes(stop));
    const earliest = Math.min(...open.map((stop) => stop.windowStartS));
    const wished = trip.length === 0 ? open.filter((stop) => stop.windowStartS === earliest) : open;
    const sorted = nearestNext ? wished.sort((a, b) => distance(a) - distance(b)) : wished;
    const next = sorted.find((stop) => scheduleCrew(problem, crew, [...day, [...trip, stop]]) !== null)
      ?? (trip.length === 0 ? open.find((stop) => scheduleCrew(problem, crew, [...day, [stop]]) !== null) : undefined);
    if (next === undefined) return trip;
    trip.push(next);
  }
}

function planned(problem: RouteProblem, crew: RouteCrew, day: readonly RouteStop[][]): PlannedTrip[] {
  return (scheduleCrew(problem, crew, day) ?? []).map((times, index) => ({
    crewId: crew.id, departS: times.departS, backS: times.backS, travelS: times.travelS, distanceM: times.distanceM,
    boxes: day[index].reduce((sum, stop) => sum + stop.boxes, 0),
    visits: day[index].map((stop, visit) => ({ stopId: stop.id, doorAtS: times.doorAtS[visit] })),
  }));
}

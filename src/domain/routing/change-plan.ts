import { InvariantError } from '../kernel/domain-error.js';
import { inOneGo } from './building-times.js';
import type { RouteCrew, RouteProblem, RouteStop } from './route-problem.js';
import { departures, matrixOf, ride } from './schedule-trip.js';
import { mayServe } from './search/street-problem.js';

/** A trip as it stands on the day. A fixed one has left or is held fast by a person: neither doors nor times change. */
export interface StandingTrip {
  readonly key: string;
  readonly crewId: string;
  readonly stopIds: readonly string[];
  readonly fixed: boolean;
  readonly departS: number;
  readonly backS: number;
}

export interface TimedTrip {
  readonly key: string;
  readonly crewId: string;
  readonly fixed: boolean;
  readonly stopIds: readonly string[];
  readonly doorAtS: readonly number[];
  readonly departS: number;
  readonly backS: number;
  readonly boxes: number;
  readonly distanceM: number;
}

/** What a change does to people, for a person to see before it is done. */
export interface Consequences {
  readonly late: readonly string[];
  readonly stale: readonly string[];
  /** The crew lacks vehicle or skill. */
  readonly forbidden: readonly string[];
  /** Not the face the person knows. */
  readonly strangers: readonly string[];
  readonly overloaded: readonly string[];
  /** Crews that come back after their shift, ride through a break or are not back for a trip that stands. */
  readonly overtime: readonly string[];
}

const MINUTE_S = 60;
/** What opening another trip, an unknown face and a moved time weigh against seconds of riding. */
const NEW_TRIP_S = 600;
const STRANGER_S = 90;
const SHIFTED_SHARE = 0.2;

/**
 * Times of standing trips from `nowS` on. Limits are not enforced: consequencesOf says which are broken, so that a person can
 * see what a change would do. Empty trips are left out.
 */
export function retime(problem: RouteProblem, trips: readonly StandingTrip[], nowS: number): TimedTrip[] {
  const stops = stopMap(problem);
  return problem.crews.flatMap((crew) => {
    const own = trips.filter((trip) => trip.crewId === crew.id && (trip.fixed || trip.stopIds.length > 0)).sort((a, b) => a.departS - b.departS || (a.fixed ? -1 : 1));
    let earliestS = Math.max(crew.shiftStartS, problem.readyS, nowS);
    return own.map((trip) => {
      const timed = trip.fixed ? asPlanned(problem, crew, trip, stops) : asSoonAsFit(problem, crew, trip, stops, earliestS);
      earliestS = Math.max(earliestS, timed.backS + problem.reloadS);
      return timed;
    });
  });
}

/** Whom timed trips leave late, stale, or with a face they do not know. Fixed trips are as they are. */
export function consequencesOf(problem: RouteProblem, trips: readonly TimedTrip[]): Consequences {
  const stops = stopMap(problem);
  const open = trips.filter((trip) => !trip.fixed).map((trip) => ({ trip, crew: crewOf(problem, trip.crewId) }));
  const each = open.flatMap(({ trip, crew }) => trip.stopIds.map((id, index) => ({ id, stop: stopOf(stops, id), doorAtS: trip.doorAtS[index], trip, crew })));
  const ids = (test: (one: (typeof each)[number]) => boolean): string[] => each.filter(test).map((one) => one.id);
  return {
    late: ids(({ stop, doorAtS }) => doorAtS > stop.windowEndS),
    stale: ids(({ stop, doorAtS, trip }) => doorAtS - trip.departS > stop.freshnessS),
    forbidden: ids(({ stop, crew }) => !mayServe(problem, crew, stop)),
    strangers: ids(({ stop, crew }) => stop.knownCrewId != null && stop.knownCrewId !== crew.id),
    overloaded: open.filter(({ trip, crew }) => trip.boxes > crew.capacityBoxes).map(({ trip }) => trip.key),
    overtime: [...new Set(open.filter(({ trip, crew }) => trip.backS > crew.shiftEndS
      || crew.breaks?.some((rest) => trip.departS < rest.toS && trip.backS > rest.fromS)
      || trips.some((other) => other.fixed && overlaps(trip, other, problem.reloadS))).map(({ crew }) => crew.id))],
  };
}

function overlaps(trip: TimedTrip, other: TimedTrip, reloadS: number): boolean {
  return trip.crewId === other.crewId && trip.departS < other.backS + reloadS && other.departS < trip.backS + reloadS;
}

/** No limit is broken; unknown faces are a wish, not a limit. */
export function isClean(consequences: Consequences): boolean {
  const { late, stale, forbidden, overloaded, overtime } = consequences;
  return late.length + stale.length + forbidden.length + overloaded.length + overtime.length === 0;
}

/** No limit is broken that was not broken before: a crew that is late already may still take a box more to a door it goes to. */
export function isNoWorse(before: Consequences, after: Consequences): boolean {
  const within = (now: readonly string[], then: readonly string[]): boolean => now.every((one) => then.includes(one));
  return within(after.late, before.late) && within(after.stale, before.stale) && within(after.forbidden, before.forbidden)
    && within(after.overloaded, before.overloaded) && within(after.overtime, before.overtime);
}

export interface Placement { readonly trips: readonly StandingTrip[]; readonly left: readonly string[] }

/**
 * Puts doors into standing trips with the least disturbance: whoever must be served first, each where it costs least riding
 * and moves others' times least, without breaking any limit; a new trip only where no trip can take it. What finds no place
 * is left.
 */
export function placeStops(problem: RouteProblem, standing: readonly StandingTrip[], stopIds: readonly string[], nowS: number): Placement {
  const stops = stopMap(problem);
  let trips = standing.slice();
  const left: string[] = [];
  for (const id of byNeed(problem, stopIds)) {
    const found = cheapest(problem, trips, id, nowS, stops);
    if (found === null) left.push(id);
    else trips = found;
  }
  return { trips, left };
}

/** Whoever must be served comes first, then who must be served soonest. */
export function byNeed(problem: RouteProblem, stopIds: readonly string[]): string[] {
  const stops = stopMap(problem);
  return [...stopIds].sort((a, b) => Number(stopOf(stops, b).mustServe) - Number(stopOf(stops, a).mustServe)
    || stopOf(stops, a).windowEndS - stopOf(stops, b).windowEndS || (a < b ? -1 : 1));
}

function cheapest(problem: RouteProblem, trips: readonly StandingTrip[], id: string, nowS: number, stops: ReadonlyMap<string, RouteStop>): StandingTrip[] | null {
  let best: { trips: StandingTrip[]; cost: number } | null = null;
  const stop = stopOf(stops, id);
  for (const crew of problem.crews) {
    if (!mayServe(problem, crew, stop)) continue;
    const own = trips.filter((trip) => trip.crewId === crew.id);
    const before = retime(problem, own, nowS);
    for (const candidate of insertions(own, crew, id, trips.length)) {
      const after = retime(problem, candidate.trips, nowS);
      if (!isClean(consequencesOf(problem, after))) continue;
      const cost = ridden(after) - ridden(before) + SHIFTED_SHARE * shifted(before, after) + (candidate.opens ? NEW_TRIP_S : 0)
        + (stop.knownCrewId != null && stop.knownCrewId !== crew.id ? STRANGER_S : 0);
      if (best === null || cost < best.cost) best = { cost, trips: [...trips.filter((trip) => trip.crewId !== crew.id), ...candidate.trips] };
    }
  }
  return best?.trips ?? null;
}

function* insertions(own: readonly StandingTrip[], crew: RouteCrew, id: string, count: number): Generator<{ trips: StandingTrip[]; opens: boolean }> {
  for (const trip of own.filter((one) => !one.fixed)) {
    for (let position = 0; position <= trip.stopIds.length; position += 1) {
      yield { opens: false, trips: own.map((one) => (one === trip ? { ...one, stopIds: one.stopIds.toSpliced(position, 0, id) } : one)) };
    }
  }
  const lastS = Math.max(crew.shiftStartS, ...own.map((trip) => trip.backS));
  yield { opens: true, trips: [...own, { key: `new-${crew.id}-${count}`, crewId: crew.id, stopIds: [id], fixed: false, departS: lastS + 1, backS: lastS + 1 }] };
}

function ridden(trips: readonly TimedTrip[]): number {
  return trips.reduce((sum, trip) => sum + trip.backS - trip.departS, 0);
}

/** Seconds by which doors that were there before are reached at another time. */
function shifted(before: readonly TimedTrip[], after: readonly TimedTrip[]): number {
  const times = new Map(before.flatMap((trip) => trip.stopIds.map((id, index) => [id, trip.doorAtS[index]] as const)));
  return after.reduce((sum, trip) => sum + trip.stopIds.reduce((all, id, index) => all + Math.abs(trip.doorAtS[index] - (times.get(id) ?? trip.doorAtS[index])), 0), 0);
}

function asSoonAsFit(problem: RouteProblem, crew: RouteCrew, trip: StandingTrip, stops: ReadonlyMap<string, RouteStop>, earliestS: number): TimedTrip {
  const matrix = matrixOf(problem, crew);
  const doors = inOneGo(trip.stopIds.map((id) => stopOf(stops, id)));
  const { withoutWaitingS, latestS } = departures(matrix, doors);
  let firstS = Math.ceil(earliestS / MINUTE_S) * MINUTE_S;
  for (const rest of crew.breaks ?? []) {
    const lengthS = ride(matrix, doors, Math.max(firstS, Math.min(withoutWaitingS, latestS))).backS - Math.max(firstS, Math.min(withoutWaitingS, latestS));
    const leavesS = Math.max(firstS, Math.min(withoutWaitingS, latestS));
    if (leavesS < rest.toS && leavesS + lengthS > rest.fromS) firstS = Math.max(firstS, Math.ceil(rest.toS / MINUTE_S) * MINUTE_S);
  }
  // The whole minute before the ideal one waits at a door, the one after may be late: the better of the two.
  const wishedS = Math.max(firstS, Math.min(withoutWaitingS, latestS));
  const early = Math.max(firstS, Math.floor(wishedS / MINUTE_S) * MINUTE_S);
  const stale = (departS: number): boolean => ride(matrix, doors, departS).doorAtS.some((doorAtS, index) => doorAtS - departS > doors[index].freshnessS);
  const departS = stale(early) ? Math.ceil(wishedS / MINUTE_S) * MINUTE_S : early;
  const times = ride(matrix, doors, departS);
  return { ...trip, departS, backS: times.backS, doorAtS: times.doorAtS, boxes: boxesOf(doors), distanceM: times.distanceM };
}

function asPlanned(problem: RouteProblem, crew: RouteCrew, trip: StandingTrip, stops: ReadonlyMap<string, RouteStop>): TimedTrip {
  const doors = inOneGo(trip.stopIds.flatMap((id) => stops.get(id) ?? []));
  const times = ride(matrixOf(problem, crew), doors, trip.departS);
  return { ...trip, doorAtS: times.doorAtS, boxes: boxesOf(doors), distanceM: times.distanceM };
}

function boxesOf(doors: readonly RouteStop[]): number {
  return doors.reduce((sum, door) => sum + door.boxes, 0);
}

function stopMap(problem: RouteProblem): Map<string, RouteStop> {
  return new Map(problem.stops.map((stop) => [stop.id, stop]));
}

function stopOf(stops: ReadonlyMap<string, RouteStop>, id: string): RouteStop {
  const stop = stops.get(id);
  if (stop === undefined) throw new InvariantError(`no door ${id} in the problem`);
  return stop;
}

function crewOf(problem: RouteProblem, id: string): RouteCrew {
  const crew = problem.crews.find((one) => one.id === id);
  if (crew === undefined) throw new InvariantError(`no crew ${id} in the problem`);
  return crew;
}

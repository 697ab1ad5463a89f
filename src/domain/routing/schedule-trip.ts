import { InvariantError } from '../kernel/domain-error.js';
import { at } from './road-graph.js';
import type { RouteCrew, RouteProblem, RouteStop } from './route-problem.js';
import type { TravelMatrix } from './travel-time.js';

export interface TripTimes {
  readonly departS: number;
  readonly doorAtS: readonly number[];
  readonly backS: number;
  readonly travelS: number;
  readonly distanceM: number;
}

const MINUTE_S = 60;

export function matrixOf(problem: RouteProblem, crew: RouteCrew): TravelMatrix {
  const matrix = problem.matrices[crew.profile];
  if (matrix === undefined) throw new InvariantError(`no travel times for profile ${crew.profile}`);
  return matrix;
}

/**
 * Times of one trip over `stops` in this order, or null if no departure from `earliestS` on keeps every limit.
 *
 * Waiting at a door ages the meals, so the trip leaves late enough not to wait where the windows allow it, and no
 * later: up to that moment leaving earlier brings nobody home earlier. The departure is a whole minute, the one
 * before that moment if the meals stay fresh, else the one after.
 */
export function scheduleTrip(problem: RouteProblem, crew: RouteCrew, stops: readonly RouteStop[], earliestS: number): TripTimes | null {
  const matrix = matrixOf(problem, crew);
  if (stops.reduce((sum, stop) => sum + stop.boxes, 0) > crew.capacityBoxes) return null;
  if (!stops.every((stop) => allowed(matrix, crew, stop))) return null;
  const { withoutWaitingS, latestS } = departures(matrix, stops);
  const firstS = Math.ceil(earliestS / MINUTE_S) * MINUTE_S;
  const wishedS = Math.max(firstS, Math.min(withoutWaitingS, latestS));
  const candidates = new Set([Math.floor(wishedS / MINUTE_S) * MINUTE_S, Math.ceil(wishedS / MINUTE_S) * MINUTE_S]);
  for (const departS of candidates) {
    if (departS > latestS) continue;
    const times = ride(matrix, stops, departS);
    if (times.backS <= crew.shiftEndS && stops.every((stop, index) => kept(stop, times.doorAtS[index], departS))) return times;
  }
  return null;
}

function allowed(matrix: TravelMatrix, crew: RouteCrew, stop: RouteStop): boolean {
  if (stop.vehicle !== null && stop.vehicle !== crew.profile) return false;
  return stop.homeRadiusS === null || at(matrix.travelS, stop.place) <= stop.homeRadiusS;
}

/** The latest departure knows when windows close, not that waiting for one to open can overrun the next: asked at each door. */
function kept(stop: RouteStop, doorAtS: number, departS: number): boolean {
  return doorAtS <= stop.windowEndS && doorAtS - departS <= stop.freshnessS;
}

/** The first departure with no waiting at any door and the last one that still meets every window. */
export function departures(matrix: TravelMatrix, stops: readonly RouteStop[]): { withoutWaitingS: number; latestS: number } {
  let elapsedS = 0;
  let withoutWaitingS = -Infinity;
  let latestS = Infinity;
  let place = 0;
  for (const stop of stops) {
    elapsedS += at(matrix.travelS, place * matrix.size + stop.place) + stop.climbS;
    withoutWaitingS = Math.max(withoutWaitingS, stop.windowStartS - elapsedS);
    elapsedS += stop.doorS;
    place = stop.place;
  }
  let doorByS = Infinity;
  for (let index = stops.length - 1; index >= 0; index -= 1) {
    const stop = stops[index];
    const next = stops[index + 1];
    const onwardS = next === undefined ? 0 : stop.doorS + at(matrix.travelS, stop.place * matrix.size + next.place) + next.climbS;
    doorByS = Math.min(stop.windowEndS, doorByS - onwardS);
    latestS = doorByS - at(matrix.travelS, stop.place) - stop.climbS;
  }
  return { withoutWaitingS, latestS };
}

/** Times of a ride that leaves at `departS`, whatever limits it breaks. */
export function ride(matrix: TravelMatrix, stops: readonly RouteStop[], departS: number): TripTimes {
  const doorAtS: number[] = [];
  let clockS = departS;
  let place = 0;
  let travelS = 0;
  let distanceM = 0;
  const drive = (to: number): void => {
    const leg = at(matrix.travelS, place * matrix.size + to);
    travelS += leg;
    distanceM += at(matrix.distanceM, place * matrix.size + to);
    clockS += leg;
    place = to;
  };
  for (const stop of stops) {
    drive(stop.place);
    clockS = Math.max(clockS + stop.climbS, stop.windowStartS);
    doorAtS.push(clockS);
    clockS += stop.doorS;
  }
  drive(0);
  return { departS, doorAtS, backS: clockS, travelS, distanceM };
}

/**
 * Times of a crew's trips one after the other with reloading between them, or null if one of them cannot be kept.
 * Each trip is back as early as it can be, so taking them in order loses nothing.
 */
export function scheduleCrew(problem: RouteProblem, crew: RouteCrew, trips: readonly (readonly RouteStop[])[]): TripTimes[] | null {
  const times: TripTimes[] = [];
  let earliestS = Math.max(crew.shiftStartS, problem.readyS);
  for (const stops of trips) {
    const trip = besideBreaks(problem, crew, stops, earliestS);
    if (trip === null) return null;
    times.push(trip);
    earliestS = trip.backS + problem.reloadS;
  }
  return times;
}

/** A trip that would run into a break leaves after it. */
function besideBreaks(problem: RouteProblem, crew: RouteCrew, stops: readonly RouteStop[], earliestS: number): TripTimes | null {
  let trip = scheduleTrip(problem, crew, stops, earliestS);
  for (const rest of crew.breaks ?? []) {
    const runsInto = trip !== null && trip.departS < rest.toS && trip.backS > rest.fromS;
    if (runsInto || trip === null) trip = scheduleTrip(problem, crew, stops, Math.max(earliestS, rest.toS));
  }
  return trip;
}

import type { RouteCrew, RouteProblem, RouteStop, TravelMatrix } from '../../../src/domain/routing/index.js';

/** 10:30 in the morning, in seconds of the day. */
export const HALF_PAST_TEN = 37_800;
export const NOON = 43_200;

/** A matrix from rows of minutes; a metre for each tenth of a second. */
export function matrixOfMinutes(rows: readonly (readonly number[])[]): TravelMatrix {
  const travelS = Int32Array.from(rows.flat(), (minutes) => Math.round(minutes * 60));
  return {
    size: rows.length, travelS, distanceM: travelS.map((seconds) => seconds * 4), estimated: new Uint8Array(travelS.length),
    source: 'hand-made', datum: 'WGS-84',
  };
}

/** Doors on a straight road, `minutes` from the depot; negative lies the other way. */
export function roadOfMinutes(minutes: readonly number[]): TravelMatrix {
  const places = [0, ...minutes];
  return matrixOfMinutes(places.map((from) => places.map((to) => Math.abs(from - to))));
}

export function stop(place: number, given: Partial<RouteStop> = {}): RouteStop {
  return {
    id: `door-${place}`, place, boxes: 1, windowStartS: HALF_PAST_TEN, windowEndS: NOON, climbS: 0, doorS: 60,
    homeRadiusS: 900, freshnessS: 900, vehicle: null, mustServe: false, ...given,
  };
}

export function crew(id: string, given: Partial<RouteCrew> = {}): RouteCrew {
  return { id, profile: 'tricycle', capacityBoxes: 20, shiftStartS: 36_000, shiftEndS: 46_800, ...given };
}

export function problem(matrix: TravelMatrix, stops: RouteStop[], crews: RouteCrew[], given: Partial<RouteProblem> = {}): RouteProblem {
  return { stops, crews, matrices: { tricycle: matrix }, readyS: 36_000, reloadS: 600, ...given };
}

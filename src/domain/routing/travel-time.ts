import { DATUM, straightDistanceM, type Place } from './place.js';
import { at, nearestNode, type RoadGraph } from './road-graph.js';
import { quickestFrom, type Reach } from './shortest-paths.js';

/** How a crew moves; the speed is what it can do on an open road, stops and lights averaged in. */
export const TRAVEL_PROFILES = ['foot', 'tricycle', 'car'] as const;
export type TravelProfile = (typeof TRAVEL_PROFILES)[number];

export const PROFILE_SPEED_KMH: Readonly<Record<TravelProfile, number>> = { foot: 4.5, tricycle: 15, car: 30 };

/**
 * Travel from every point to every other, row by row (from × size + to), whole seconds and metres rounded up.
 * `estimated` is 1 where no road was known and the straight line stands in.
 */
export interface TravelMatrix {
  readonly size: number;
  readonly travelS: Int32Array;
  readonly distanceM: Int32Array;
  readonly estimated: Uint8Array;
  readonly source: string;
  readonly datum: string;
}

/**
 * Where travel times come from. `departureMin` (minutes since midnight in Asia/Shanghai) lets a source that knows
 * traffic use it; the sources of this file do not depend on the hour.
 */
export interface TravelTimeProvider {
  matrix(points: readonly Place[], profile: TravelProfile, departureMin: number): Promise<TravelMatrix>;
}

/** Straight lines are lengthened by this factor and ridden at 15 km/h, the vehicle's speed where that is lower. */
export const DETOUR_FACTOR = 1.3;
export const ESTIMATE_SPEED_KMH = 15;

/** Travel between two places when no road is known. Always there, always flagged as an estimate. */
export function estimateTravel(from: Place, to: Place, profile: TravelProfile): { travelS: number; distanceM: number } {
  const distanceM = straightDistanceM(from, to) * DETOUR_FACTOR;
  const speedKmh = Math.min(ESTIMATE_SPEED_KMH, PROFILE_SPEED_KMH[profile]);
  return { travelS: Math.ceil((distanceM * 3.6) / speedKmh), distanceM: Math.ceil(distanceM) };
}

/** Straight lines for every pair: the stand-in where a street has no road graph. */
export class StraightLineTravelTimes implements TravelTimeProvider {
  matrix(points: readonly Place[], profile: TravelProfile): Promise<TravelMatrix> {
    return Promise.resolve(fillMatrix(points, 'straight-line', () => null, profile));
  }
}

/** A point farther than this from every road node is not on the map. */
export const SNAP_LIMIT_M = 400;
/** Nobody rides longer than this for one meal; what lies farther is estimated, and flagged. */
const CUTOFF_S = 3 * 3600;

/**
 * Quickest ways on the street's own road graph. A door is joined to its nearest node by a lengthened straight line.
 */
export class RoadGraphTravelTimes implements TravelTimeProvider {
  constructor(private readonly graph: RoadGraph, private readonly source: string) {}

  matrix(points: readonly Place[], profile: TravelProfile): Promise<TravelMatrix> {
    const snapped = points.map((point) => nearestNode(this.graph, point, SNAP_LIMIT_M));
    const accessSpeedKmh = Math.min(ESTIMATE_SPEED_KMH, PROFILE_SPEED_KMH[profile]);
    const reaches = new Map<number, Reach>();
    const reachFrom = (node: number): Reach => {
      const known = reaches.get(node);
      if (known !== undefined) return known;
      const reach = quickestFrom(this.graph, node, PROFILE_SPEED_KMH[profile], CUTOFF_S);
      reaches.clear(); // rows come one after the other, so one row's result is all that is worth keeping
      reaches.set(node, reach);
      return reach;
    };
    const onRoads = (from: number, to: number): { travelS: number; distanceM: number } | null => {
      const start = snapped[from];
      const end = snapped[to];
      if (start == null || end == null) return null;
      const reach = reachFrom(start.node);
      if (at(reach.travelS, end.node) < 0) return null;
      const accessM = (start.distanceM + end.distanceM) * DETOUR_FACTOR;
      return {
        travelS: Math.ceil(at(reach.travelS, end.node) + (accessM * 3.6) / accessSpeedKmh),
        distanceM: Math.ceil(at(reach.distanceM, end.node) + accessM),
      };
    };
    return Promise.resolve(fillMatrix(points, this.source, onRoads, profile));
  }
}

type PairTravel = (from: number, to: number) => { travelS: number; distanceM: number } | null;

function fillMatrix(points: readonly Place[], source: string, known: PairTravel, profile: TravelProfile): TravelMatrix {
  const size = points.length;
  const travelS = new Int32Array(size * size);
  const distanceM = new Int32Array(size * size);
  const estimated = new Uint8Array(size * size);
  points.forEach((from, row) => {
    points.forEach((to, column) => {
      if (row === column || (from.latitude === to.latitude && from.longitude === to.longitude)) return;
      const onRoads = known(row, column);
      const travel = onRoads ?? estimateTravel(from, to, profile);
      const cell = row * size + column;
      travelS[cell] = travel.travelS;
      distanceM[cell] = travel.distanceM;
      estimated[cell] = onRoads === null ? 1 : 0;
    });
  });
  return { size, travelS, distanceM, estimated, source, datum: DATUM };
}

import { straightDistanceM, type Place } from './place.js';
import { at, nearestNode, type RoadGraph } from './road-graph.js';
import { quickestFrom } from './shortest-paths.js';
import { DETOUR_FACTOR, ESTIMATE_SPEED_KMH, estimateTravel, PROFILE_SPEED_KMH, SNAP_LIMIT_M, type TravelProfile } from './travel-time.js';

/** One-way seconds to a place; `estimated` where no road leads there within the limit and the straight line stands in. */
export interface OneWay { readonly travelS: number; readonly estimated: boolean }

/** A place joined to the roads once, for many questions about it. */
export interface JoinedPlace { readonly place: Place; readonly node: number | null; readonly accessM: number }

export function joinToRoads(graph: RoadGraph | null, place: Place): JoinedPlace {
  const found = graph === null ? null : nearestNode(graph, place, SNAP_LIMIT_M);
  return { place, node: found?.node ?? null, accessM: (found?.distanceM ?? 0) * DETOUR_FACTOR };
}

/**
 * One-way travel from one place to many, by the rule of the travel-time matrix: along the roads, joined by lengthened
 * straight lines; places that no road reaches within `limitS` are estimated, and told as beyond it where they lie on roads.
 */
export function oneWayTimes(graph: RoadGraph | null, from: Place, homes: readonly JoinedPlace[], profile: TravelProfile, limitS: number): OneWay[] {
  const start = joinToRoads(graph, from);
  const reach = graph === null || start.node === null ? null : quickestFrom(graph, start.node, PROFILE_SPEED_KMH[profile], limitS);
  const accessSpeedKmh = Math.min(ESTIMATE_SPEED_KMH, PROFILE_SPEED_KMH[profile]);
  return homes.map((home) => {
    if (home.place.latitude === from.latitude && home.place.longitude === from.longitude) return { travelS: 0, estimated: false };
    const rideS = reach === null || home.node === null ? -1 : at(reach.travelS, home.node);
    if (rideS < 0) {
      const { travelS } = estimateTravel(from, home.place, profile);
      // Roads are known at both ends and did not lead there in time: the straight line may not say that they do.
      return { travelS: reach === null || home.node === null ? travelS : Math.max(travelS, limitS + 1), estimated: true };
    }
    return { travelS: Math.ceil(rideS + ((start.accessM + home.accessM) * 3.6) / accessSpeedKmh), estimated: false };
  });
}

export interface ReachedRoad { readonly from: Place; readonly to: Place; /** When the later end is reached. */ readonly travelS: number }

/** Roads that are reached from a place within `limitS`, each once, the later end telling the time: the lines of an isochrone. */
export function reachedRoads(graph: RoadGraph, from: Place, profile: TravelProfile, limitS: number): ReachedRoad[] {
  const start = joinToRoads(graph, from);
  if (start.node === null) return [];
  const reach = quickestFrom(graph, start.node, PROFILE_SPEED_KMH[profile], limitS);
  const accessS = (start.accessM * 3.6) / Math.min(ESTIMATE_SPEED_KMH, PROFILE_SPEED_KMH[profile]);
  const roads: ReachedRoad[] = [];
  for (let node = 0; node < graph.nodeCount; node += 1) {
    if (at(reach.travelS, node) < 0) continue;
    for (let edge = at(graph.edgeStart, node); edge < at(graph.edgeStart, node + 1); edge += 1) {
      const to = at(graph.edgeTo, edge);
      // A road open both ways is drawn from its lower node; one that leads one way, from where it begins.
      if (at(reach.travelS, to) < 0 || (to < node && leadsBack(graph, to, node))) continue;
      roads.push({ from: placeOf(graph, node), to: placeOf(graph, to), travelS: Math.ceil(accessS + Math.max(at(reach.travelS, node), at(reach.travelS, to))) });
    }
  }
  return roads;
}

function leadsBack(graph: RoadGraph, from: number, to: number): boolean {
  for (let edge = at(graph.edgeStart, from); edge < at(graph.edgeStart, from + 1); edge += 1) if (at(graph.edgeTo, edge) === to) return true;
  return false;
}

function placeOf(graph: RoadGraph, node: number): Place {
  return { latitude: at(graph.latitude, node), longitude: at(graph.longitude, node) };
}

export interface SiteChoice {
  /** Index of the site in the list given. */
  readonly site: number;
  /** Homes that this site reaches and nothing before it did, in ascending order. */
  readonly gained: readonly number[];
}

/**
 * Where to open next: again and again the site that reaches the most homes (by weight) nobody reaches yet, the earlier one
 * of equals. Greedy choice is at least 63 % of the best possible for any number of sites, and the best itself for one.
 *
 * @param reached for each site the homes it reaches
 * @param weightOf what a home counts
 */
export function chooseSites(reached: readonly (readonly number[])[], most: number, weightOf: (home: number) => number = () => 1): SiteChoice[] {
  const covered = new Set<number>();
  const chosen: SiteChoice[] = [];
  while (chosen.length < most) {
    let best: { site: number; gained: number[]; weight: number } | null = null;
    reached.forEach((homes, site) => {
      const gained = [...new Set(homes)].filter((home) => !covered.has(home));
      const weight = gained.reduce((sum, home) => sum + weightOf(home), 0);
      if (weight > (best?.weight ?? 0)) best = { site, gained, weight };
    });
    const found = best as { site: number; gained: number[] } | null;
    if (found === null) return chosen;
    for (const home of found.gained) covered.add(home);
    chosen.push({ site: found.site, gained: found.gained.sort((a, b) => a - b) });
  }
  return chosen;
}

/**
 * Places worth trying: one for each square of `cellM` in which homes lie, the home nearest to the middle of its square's homes,
 * squares with most homes first.
 */
export function candidateSites(homes: readonly Place[], cellM: number, most: number): Place[] {
  const [first] = homes;
  if (first === undefined) return [];
  const metres = { north: 111_195, east: 111_195 * Math.cos((first.latitude * Math.PI) / 180) };
  const cells = new Map<string, Place[]>();
  for (const home of homes) {
    const key = `${Math.floor((home.latitude * metres.north) / cellM)}|${Math.floor((home.longitude * metres.east) / cellM)}`;
    cells.set(key, [...(cells.get(key) ?? []), home]);
  }
  return [...cells].sort(([a, own], [b, other]) => other.length - own.length || (a < b ? -1 : 1)).slice(0, most).map(([, own]) => middleOf(own));
}

function middleOf(homes: readonly Place[]): Place {
  const mean = (pick: (home: Place) => number): number => homes.reduce((sum, home) => sum + pick(home), 0) / homes.length;
  const middle = { latitude: mean((home) => home.latitude), longitude: mean((home) => home.longitude) };
  return homes.reduce((best, home) => (straightDistanceM(home, middle) < straightDistanceM(best, middle) ? home : best));
}


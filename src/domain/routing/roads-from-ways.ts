import { DATUM, straightDistanceM, type Place } from './place.js';
import type { RoadGraphData } from './road-graph.js';

/** A way of OpenStreetMap: its tags, and the ids of its nodes in order. */
export interface MappedWay { readonly tags: Readonly<Record<string, string | undefined>>; readonly nodes: readonly number[] }

/** South, west, north, east in degrees. */
export interface Box { readonly south: number; readonly west: number; readonly north: number; readonly east: number }

/**
 * What a meal crew can ride at most on each kind of road, stops and lights averaged in; the vehicle's own speed where that is
 * lower. Motorways take no tricycle, steps no wheels: what is not named here is no road for a meal.
 */
const SPEED_KMH: Readonly<Record<string, number | undefined>> = {
  trunk: 40, trunk_link: 35, primary: 35, primary_link: 30, secondary: 30, secondary_link: 28, tertiary: 28, tertiary_link: 25, unclassified: 22, residential: 20, road: 20,
  service: 15, living_street: 12, cycleway: 15, track: 10, pedestrian: 8, footway: 6, path: 6,
};
const SHUT: ReadonlySet<string | undefined> = new Set(['no', 'private', 'agricultural', 'forestry', 'military']);

/** @returns the speed on a way, or null where no crew may go */
export function waySpeedKmh(tags: MappedWay['tags']): number | null {
  const speed = SPEED_KMH[tags['highway'] ?? ''];
  if (speed === undefined || tags['area'] === 'yes') return null;
  // Who is let in by bicycle or on foot gets in, whatever the gate says to cars.
  const letIn = ['yes', 'designated', 'permissive'].some((word) => tags['bicycle'] === word || tags['foot'] === word);
  return SHUT.has(tags['access']) && !letIn ? null : speed;
}

/** 1: along its nodes only; -1: against them only; 0: both ways. */
export function wayDirection(tags: MappedWay['tags']): -1 | 0 | 1 {
  if (tags['oneway:bicycle'] === 'no') return 0;
  if (tags['oneway'] === '-1' || tags['oneway'] === 'reverse') return -1;
  const oneWay = ['yes', 'true', '1'].includes(tags['oneway'] ?? '') || (tags['junction'] === 'roundabout' && tags['oneway'] !== 'no');
  return oneWay ? 1 : 0;
}

/**
 * A road graph of mapped ways: each node of a way is a node of the graph, in the order of first use, so that the same extract
 * always gives the same graph. Nodes whose place is not known (cut off at the border of the extract) end a way there.
 */
export function roadsFromWays(ways: Iterable<MappedWay>, placeOf: (node: number) => Place | undefined): RoadGraphData {
  const numbers = new Map<number, number>();
  const nodes: [number, number][] = [];
  const edges: [number, number, number, number][] = [];
  const numberOf = (id: number, place: Place): number => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, nodes.length);
    nodes.push([place.longitude, place.latitude]);
    return nodes.length - 1;
  };
  for (const way of ways) {
    const speedKmh = waySpeedKmh(way.tags);
    if (speedKmh === null) continue;
    const direction = wayDirection(way.tags);
    for (let index = 1; index < way.nodes.length; index += 1) {
      const [fromId, toId] = [way.nodes[index - 1], way.nodes[index]];
      const [from, to] = [placeOf(fromId), placeOf(toId)];
      if (from === undefined || to === undefined || fromId === toId) continue;
      const lengthM = Math.round(straightDistanceM(from, to) * 10) / 10;
      const [a, b] = [numberOf(fromId, from), numberOf(toId, to)];
      if (direction !== -1) edges.push([a, b, lengthM, speedKmh]);
      if (direction !== 1) edges.push([b, a, lengthM, speedKmh]);
    }
  }
  return { datum: DATUM, nodes, edges };
}

export function inBox({ latitude, longitude }: Place, box: Box): boolean {
  return latitude >= box.south && latitude <= box.north && longitude >= box.west && longitude <= box.east;
}

/** The smallest box around places, wider by `marginM` on each side; null without places. */
export function boxAround(places: readonly Place[], marginM: number): Box | null {
  const [first] = places;
  if (first === undefined) return null;
  const latitudes = places.map((place) => place.latitude);
  const longitudes = places.map((place) => place.longitude);
  const north = marginM / 111_195;
  const east = north / Math.cos((first.latitude * Math.PI) / 180);
  return {
    south: least(latitudes) - north, north: -least(latitudes.map((value) => -value)) + north, west: least(longitudes) - east, east: -least(longitudes.map((value) => -value)) + east,
  };
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

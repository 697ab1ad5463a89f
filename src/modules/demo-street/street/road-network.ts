import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';

/** A place on the ground, WGS-84 degrees. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** Road graph as it is stored: nodes [longitude, latitude], edges [from, to, metres, km/h], both directions listed. */
export interface RoadNetwork {
  datum: 'WGS-84';
  nodes: [longitude: number, latitude: number][];
  edges: [from: number, to: number, lengthM: number, speedKmh: number][];
}

/** The network with what the generators of places need to know about its nodes. */
export interface StreetGround {
  roads: RoadNetwork;
  columns: number;
  rows: number;
  /** Node numbers of the village far outside, where the home radius ends before the door. */
  village: number[];
}

const CENTRE: Place = { latitude: 30.31, longitude: 120.35 };
const METRES_PER_DEGREE_LATITUDE = 111_195;
const BLOCK_M = 190;
const COLUMNS = 26;
const ROWS = 20;
/** The canal runs between this column and the next; only some rows have a bridge. */
const CANAL_COLUMN = 15;
const BRIDGE_ROWS = new Set([2, 7, 10, 14, 18]);
const MAIN_ROAD_EVERY = 5;
const MAIN_ROAD_KMH = 22;
const LANE_KMH = 15;
const VILLAGE_ROAD_KMH = 18;
const VILLAGE_DISTANCE_M = 4_800;

/**
 * An invented quarter near 30.31 N 120.35 E: bent blocks, main roads, lanes that end, a canal with five bridges, and a
 * village at the end of a long road. Every node can be reached from every other. Speeds are those of an electric bicycle.
 */
export function layRoads(random: SeededRandom): StreetGround {
  const nodes = gridNodes(random);
  const roads: RoadNetwork = { datum: 'WGS-84', nodes, edges: [] };
  const candidates = random.shuffled(gridLinks());
  const reach = new Reach(nodes.length);
  const extra: GridLink[] = [];
  for (const link of candidates) {
    if (reach.join(link.from, link.to)) addRoad(roads, link.from, link.to, link.speedKmh, random);
    else extra.push(link);
  }
  for (const link of extra) {
    if (link.speedKmh === MAIN_ROAD_KMH || random.chance(0.8)) addRoad(roads, link.from, link.to, link.speedKmh, random);
  }
  return { roads, columns: COLUMNS, rows: ROWS, village: addVillage(roads, random) };
}

/** The place of a node. */
export function placeOfNode(roads: RoadNetwork, node: number): Place {
  const [longitude, latitude] = roads.nodes[node] ?? [CENTRE.longitude, CENTRE.latitude];
  return { latitude, longitude };
}

/** Straight-line metres between two places of one town (flat earth, good to a metre within 10 km). */
export function straightMetres(a: Place, b: Place): number {
  const north = (a.latitude - b.latitude) * METRES_PER_DEGREE_LATITUDE;
  const east = (a.longitude - b.longitude) * metresPerDegreeLongitude(a.latitude);
  return Math.hypot(north, east);
}

/** The place `northM` and `eastM` metres away, rounded to 0.1 m. */
export function shifted(place: Place, northM: number, eastM: number): Place {
  return {
    latitude: round6(place.latitude + northM / METRES_PER_DEGREE_LATITUDE),
    longitude: round6(place.longitude + eastM / metresPerDegreeLongitude(place.latitude)),
  };
}

function gridNodes(random: SeededRandom): [number, number][] {
  const nodes: [number, number][] = [];
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const north = (row - (ROWS - 1) / 2) * BLOCK_M + random.real(-32, 32);
      const east = (column - (COLUMNS - 1) / 2) * BLOCK_M + random.real(-32, 32);
      const { latitude, longitude } = shifted(CENTRE, north, east);
      nodes.push([longitude, latitude]);
    }
  }
  return nodes;
}

interface GridLink {
  from: number;
  to: number;
  speedKmh: number;
}

function gridLinks(): GridLink[] {
  const links: GridLink[] = [];
  const speedOf = (line: number): number => (line % MAIN_ROAD_EVERY === 2 ? MAIN_ROAD_KMH : LANE_KMH);
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const node = row * COLUMNS + column;
      const crossesCanal = column === CANAL_COLUMN;
      if (column + 1 < COLUMNS && (!crossesCanal || BRIDGE_ROWS.has(row))) links.push({ from: node, to: node + 1, speedKmh: speedOf(row) });
      if (row + 1 < ROWS) links.push({ from: node, to: node + COLUMNS, speedKmh: speedOf(column) });
    }
  }
  return links;
}

/** A road east along the dyke and nine nodes around a village green. */
function addVillage(roads: RoadNetwork, random: SeededRandom): number[] {
  const gate = Math.floor(ROWS / 2) * COLUMNS + COLUMNS - 1;
  const start = placeOfNode(roads, gate);
  const steps = Math.round(VILLAGE_DISTANCE_M / 300);
  let last = gate;
  for (let step = 1; step <= steps; step += 1) {
    last = addNode(roads, shifted(start, random.real(-40, 40), step * 300));
    addRoad(roads, step === 1 ? gate : last - 1, last, VILLAGE_ROAD_KMH, random);
  }
  const green = placeOfNode(roads, last);
  return Array.from({ length: 8 }, (_, index) => {
    const angle = (index / 8) * 2 * Math.PI;
    const node = addNode(roads, shifted(green, Math.sin(angle) * 140, 150 + Math.cos(angle) * 140));
    addRoad(roads, index === 0 ? last : node - 1, node, LANE_KMH, random);
    return node;
  });
}

function addNode(roads: RoadNetwork, place: Place): number {
  roads.nodes.push([place.longitude, place.latitude]);
  return roads.nodes.length - 1;
}

function addRoad(roads: RoadNetwork, from: number, to: number, speedKmh: number, random: SeededRandom): void {
  const straight = straightMetres(placeOfNode(roads, from), placeOfNode(roads, to));
  const lengthM = Math.round(straight * random.real(1.02, 1.12) * 10) / 10;
  roads.edges.push([from, to, lengthM, speedKmh], [to, from, lengthM, speedKmh]);
}

function metresPerDegreeLongitude(latitude: number): number {
  return METRES_PER_DEGREE_LATITUDE * Math.cos((latitude * Math.PI) / 180);
}

function round6(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

/** Which nodes are already joined (sets with path halving). */
class Reach {
  private readonly parents: number[];

  constructor(size: number) {
    this.parents = Array.from({ length: size }, (_, index) => index);
  }

  /** Joins the sets of two nodes; false when they were one already. */
  join(a: number, b: number): boolean {
    const rootA = this.rootOf(a);
    const rootB = this.rootOf(b);
    this.parents[rootA] = rootB;
    return rootA !== rootB;
  }

  private rootOf(node: number): number {
    let current = node;
    while (this.parents[current] !== current) {
      this.parents[current] = this.parents[this.parents[current]];
      current = this.parents[current];
    }
    return current;
  }
}

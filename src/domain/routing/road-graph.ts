import { InvariantError } from '../kernel/domain-error.js';
import { DATUM, type Place } from './place.js';

/**
 * Roads as they are stored and exchanged: nodes `[longitude, latitude]` (the order of GeoJSON) in WGS-84
 * degrees, directed edges `[from, to, lengthM, speedKmh]` between node numbers. A road open both ways is two edges.
 */
export interface RoadGraphData {
  readonly datum: string;
  readonly nodes: readonly (readonly [number, number])[];
  readonly edges: readonly (readonly [number, number, number, number])[];
}

/**
 * Roads in typed arrays. The edges leaving node n are edgeStart[n] … edgeStart[n + 1] - 1. The grid lists the nodes
 * of square cells so that the nearest node is found without looking at every node.
 */
export interface RoadGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  readonly edgeStart: Int32Array;
  readonly edgeTo: Int32Array;
  readonly edgeLengthM: Float64Array;
  readonly edgeSpeedKmh: Float64Array;
  readonly grid: NodeGrid;
}

interface NodeGrid {
  readonly south: number;
  readonly west: number;
  readonly rows: number;
  readonly columns: number;
  readonly cellStart: Int32Array;
  readonly cellNode: Int32Array;
}

/** About 220 m north-south: a city block or two, some ten nodes in a cell. */
const CELL_DEGREES = 0.002;
const MAX_CELLS = 4_000_000;

/** @throws InvariantError unless the data is WGS-84, its nodes lie on the earth and its edges join existing nodes. */
export function buildRoadGraph(data: RoadGraphData): RoadGraph {
  if (data.datum !== DATUM) throw new InvariantError(`road graph in datum ${data.datum}, expected ${DATUM}`);
  const nodeCount = data.nodes.length;
  const latitude = new Float64Array(nodeCount);
  const longitude = new Float64Array(nodeCount);
  data.nodes.forEach(([lon, lat], node) => {
    if (!(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180)) throw new InvariantError(`node ${node} lies off the earth`);
    latitude[node] = lat;
    longitude[node] = lon;
  });
  return { nodeCount, edgeCount: data.edges.length, latitude, longitude, ...packEdges(data, nodeCount), grid: buildGrid(latitude, longitude) };
}

function packEdges(data: RoadGraphData, nodeCount: number): Pick<RoadGraph, 'edgeStart' | 'edgeTo' | 'edgeLengthM' | 'edgeSpeedKmh'> {
  const edgeStart = new Int32Array(nodeCount + 1);
  data.edges.forEach(([from, to, lengthM, speedKmh], index) => {
    const known = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to >= 0 && from < nodeCount && to < nodeCount;
    if (!known || !(lengthM >= 0) || !(speedKmh > 0)) throw new InvariantError(`edge ${index} is not usable`);
    edgeStart[from + 1] = at(edgeStart, from + 1) + 1;
  });
  for (let node = 0; node < nodeCount; node += 1) edgeStart[node + 1] = at(edgeStart, node + 1) + at(edgeStart, node);
  const next = edgeStart.slice();
  const edgeTo = new Int32Array(data.edges.length);
  const edgeLengthM = new Float64Array(data.edges.length);
  const edgeSpeedKmh = new Float64Array(data.edges.length);
  for (const [from, to, lengthM, speedKmh] of data.edges) {
    const slot = at(next, from);
    next[from] = slot + 1;
    edgeTo[slot] = to;
    edgeLengthM[slot] = lengthM;
    edgeSpeedKmh[slot] = speedKmh;
  }
  return { edgeStart, edgeTo, edgeLengthM, edgeSpeedKmh };
}

function buildGrid(latitude: Float64Array, longitude: Float64Array): NodeGrid {
  if (latitude.length === 0) return { south: 0, west: 0, rows: 0, columns: 0, cellStart: new Int32Array(1), cellNode: new Int32Array(0) };
  const [south, north] = extent(latitude);
  const [west, east] = extent(longitude);
  const rows = Math.floor((north - south) / CELL_DEGREES) + 1;
  const columns = Math.floor((east - west) / CELL_DEGREES) + 1;
  if (rows * columns > MAX_CELLS) throw new InvariantError('road graph covers more than a district; cut it first');
  const cellOf = (node: number): number =>
    Math.floor((at(latitude, node) - south) / CELL_DEGREES) * columns + Math.floor((at(longitude, node) - west) / CELL_DEGREES);
  const cellStart = new Int32Array(rows * columns + 1);
  for (let node = 0; node < latitude.length; node += 1) cellStart[cellOf(node) + 1] = at(cellStart, cellOf(node) + 1) + 1;
  for (let cell = 0; cell < rows * columns; cell += 1) cellStart[cell + 1] = at(cellStart, cell + 1) + at(cellStart, cell);
  const next = cellStart.slice();
  const cellNode = new Int32Array(latitude.length);
  for (let node = 0; node < latitude.length; node += 1) {
    const slot = at(next, cellOf(node));
    next[cellOf(node)] = slot + 1;
    cellNode[slot] = node;
  }
  return { south, west, rows, columns, cellStart, cellNode };
}

function extent(values: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * The node nearest to a place within `limitM` metres, the lowest number on a tie; null if there is none.
 * Distances are taken on a plane touching the earth at the place, exact to centimetres over a few kilometres.
 */
export function nearestNode(graph: RoadGraph, place: Place, limitM: number): { node: number; distanceM: number } | null {
  const { grid } = graph;
  const metresPerDegree = 111_195;
  const shrink = Math.cos((place.latitude * Math.PI) / 180);
  const row = Math.floor((place.latitude - grid.south) / CELL_DEGREES);
  const column = Math.floor((place.longitude - grid.west) / CELL_DEGREES);
  const cellM = CELL_DEGREES * metresPerDegree * shrink;
  const lastRing = Math.ceil(limitM / cellM) + 1;
  let node = -1;
  let bestM = limitM;
  for (let ring = 0; ring <= lastRing && (ring - 1) * cellM <= bestM; ring += 1) {
    for (const cell of ringCells(grid, row, column, ring)) {
      for (let slot = at(grid.cellStart, cell); slot < at(grid.cellStart, cell + 1); slot += 1) {
        const candidate = at(grid.cellNode, slot);
        const northM = (at(graph.latitude, candidate) - place.latitude) * metresPerDegree;
        const eastM = (at(graph.longitude, candidate) - place.longitude) * metresPerDegree * shrink;
        const distanceM = Math.hypot(northM, eastM);
        if (distanceM < bestM || (distanceM === bestM && (node === -1 || candidate < node))) {
          node = candidate;
          bestM = distanceM;
        }
      }
    }
  }
  return node === -1 ? null : { node, distanceM: bestM };
}

function* ringCells(grid: NodeGrid, row: number, column: number, ring: number): Generator<number> {
  for (let r = Math.max(0, row - ring); r <= Math.min(grid.rows - 1, row + ring); r += 1) {
    const edgeRow = Math.abs(r - row) === ring;
    const step = edgeRow || ring === 0 ? 1 : 2 * ring;
    for (let c = column - ring; c <= column + ring; c += step) {
      if (c >= 0 && c < grid.columns) yield r * grid.columns + c;
    }
  }
}

/** Reads a typed array where the index is known to be inside. */
export function at(array: Int32Array | Float64Array | Uint8Array, index: number): number {
  return array[index];
}

import type { Place } from './place.js';
import { at, type RoadGraph } from './road-graph.js';

/** A place where no crew gets through: every road that comes nearer than this is shut. */
export interface RoadBlock extends Place { readonly radiusM: number }

const METRES_PER_DEGREE = 111_195;

/**
 * The same roads without those that pass within a block: nodes keep their numbers, shut edges go. A road is shut along its
 * whole edge, because nobody can turn around in the middle of it with the meals of others on the cart.
 *
 * @returns the graph, and how many edges are shut; the graph given where none is
 */
export function closeRoads(graph: RoadGraph, blocks: readonly RoadBlock[]): { graph: RoadGraph; closed: number } {
  const open: number[] = [];
  const edgeStart = new Int32Array(graph.nodeCount + 1);
  for (let node = 0; node < graph.nodeCount; node += 1) {
    edgeStart[node] = open.length;
    for (let edge = at(graph.edgeStart, node); edge < at(graph.edgeStart, node + 1); edge += 1) {
      if (!blocks.some((block) => passes(graph, node, at(graph.edgeTo, edge), block))) open.push(edge);
    }
  }
  edgeStart[graph.nodeCount] = open.length;
  const closed = graph.edgeCount - open.length;
  if (closed === 0) return { graph, closed };
  return {
    closed,
    graph: {
      ...graph, edgeCount: open.length, edgeStart, edgeTo: Int32Array.from(open, (edge) => at(graph.edgeTo, edge)),
      edgeLengthM: Float64Array.from(open, (edge) => at(graph.edgeLengthM, edge)), edgeSpeedKmh: Float64Array.from(open, (edge) => at(graph.edgeSpeedKmh, edge)),
    },
  };
}

/** Whether the straight piece of road between two nodes comes within the block. */
function passes(graph: RoadGraph, from: number, to: number, block: RoadBlock): boolean {
  const east = METRES_PER_DEGREE * Math.cos((block.latitude * Math.PI) / 180);
  const flat = (node: number): [number, number] => [(at(graph.longitude, node) - block.longitude) * east, (at(graph.latitude, node) - block.latitude) * METRES_PER_DEGREE];
  const [ax, ay] = flat(from);
  const [bx, by] = flat(to);
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared));
  return Math.hypot(ax + along * dx, ay + along * dy) <= block.radiusM;
}

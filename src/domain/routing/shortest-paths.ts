import { at, type RoadGraph } from './road-graph.js';

/** Seconds and metres of the quickest way to one node; -1 where it was not reached within the cut-off. */
export interface Reach {
  readonly travelS: Float64Array;
  readonly distanceM: Float64Array;
  /** The node before each reached node on the quickest way, -1 at the source and where not reached. */
  readonly previous: Int32Array;
}

/** Binary heap of (key, node) in typed arrays; stale pairs are skipped when popped instead of being moved. */
class NodeHeap {
  private keys: Float64Array;
  private nodes: Int32Array;
  size = 0;

  constructor(capacity: number) {
    this.keys = new Float64Array(capacity);
    this.nodes = new Int32Array(capacity);
  }

  push(key: number, node: number): void {
    let hole = this.size;
    this.size += 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (at(this.keys, parent) <= key) break;
      this.place(hole, at(this.keys, parent), at(this.nodes, parent));
      hole = parent;
    }
    this.place(hole, key, node);
  }

  topKey(): number {
    return at(this.keys, 0);
  }

  pop(): number {
    const top = at(this.nodes, 0);
    this.size -= 1;
    if (this.size > 0) this.sink(at(this.keys, this.size), at(this.nodes, this.size));
    return top;
  }

  private sink(key: number, node: number): void {
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && at(this.keys, child + 1) < at(this.keys, child)) child += 1;
      if (at(this.keys, child) >= key) break;
      this.place(hole, at(this.keys, child), at(this.nodes, child));
      hole = child;
    }
    this.place(hole, key, node);
  }

  private place(slot: number, key: number, node: number): void {
    this.keys[slot] = key;
    this.nodes[slot] = node;
  }
}

/**
 * Dijkstra's algorithm from one node, quickest first, at the road's speed or the vehicle's where that is lower.
 *
 * @param maxSpeedKmh what the vehicle can do at most
 * @param cutoffS nodes farther than this many seconds are left out
 */
export function quickestFrom(graph: RoadGraph, source: number, maxSpeedKmh: number, cutoffS: number): Reach {
  const travelS = new Float64Array(graph.nodeCount).fill(-1);
  const distanceM = new Float64Array(graph.nodeCount).fill(-1);
  const previous = new Int32Array(graph.nodeCount).fill(-1);
  const best = new Float64Array(graph.nodeCount).fill(Infinity);
  const lengths = new Float64Array(graph.nodeCount);
  const heap = new NodeHeap(graph.edgeCount + 1);
  best[source] = 0;
  heap.push(0, source);
  while (heap.size > 0) {
    const key = heap.topKey();
    const node = heap.pop();
    if (at(travelS, node) >= 0) continue;
    travelS[node] = key;
    distanceM[node] = at(lengths, node);
    for (let edge = at(graph.edgeStart, node); edge < at(graph.edgeStart, node + 1); edge += 1) {
      const to = at(graph.edgeTo, edge);
      const lengthM = at(graph.edgeLengthM, edge);
      const reached = key + (lengthM * 3.6) / Math.min(at(graph.edgeSpeedKmh, edge), maxSpeedKmh);
      if (reached > cutoffS || reached >= at(best, to)) continue;
      best[to] = reached;
      lengths[to] = at(lengths, node) + lengthM;
      previous[to] = node;
      heap.push(reached, to);
    }
  }
  return { travelS, distanceM, previous };
}

/** The nodes of the quickest way from the source of `reach` to `target`, both included; null if not reached. */
export function wayTo(reach: Reach, target: number): number[] | null {
  if (at(reach.travelS, target) < 0) return null;
  const way: number[] = [];
  for (let node = target; node !== -1; node = at(reach.previous, node)) way.push(node);
  return way.reverse();
}

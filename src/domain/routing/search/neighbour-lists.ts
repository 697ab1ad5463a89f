/** For each node 1 … size - 1 its nearest other customers, nearest first: `list[node * count + rank]`. */
export interface NeighbourLists {
  readonly count: number;
  readonly list: Int32Array;
}

/**
 * @param count neighbours per node at most
 * @param nearness smaller is nearer, in whole units below 2^40; Infinity: never neighbours (such places are filled with the node itself)
 */
export function neighbourLists(size: number, count: number, nearness: (node: number, other: number) => number): NeighbourLists {
  const kept = Math.max(0, Math.min(count, size - 2));
  const list = new Int32Array(size * kept);
  const keys = new Float64Array(Math.max(0, size - 2));
  for (let node = 1; node < size; node += 1) {
    let filled = 0;
    for (let other = 1; other < size; other += 1) {
      if (other === node) continue;
      // Nearness and number in one key, so that the fast sort of plain numbers can be used.
      keys[filled] = Math.round(nearness(node, other)) * size + other;
      filled += 1;
    }
    keys.sort();
    for (let rank = 0; rank < kept; rank += 1) list[node * kept + rank] = keys[rank] < Infinity ? keys[rank] % size : node;
  }
  return { count: kept, list };
}

import { InvariantError } from '../kernel/domain-error.js';
/** Rows of one fixed width, row after row, with what is to be learned of each. */
export interface TreeRows {
  width: number;
  features: Float64Array;
  targets: Float64Array;
  /** How much an error of the row matters; positive. */
  weights: Float64Array;
}

export interface TreeSettings {
  trees: number;
  depth: number;
  /** Share of each tree's answer that is believed. */
  learningRate: number;
  /** Weight that must lie on either side of a split, in rows of mean weight. */
  minLeafRows: number;
  /** Pseudo-rows that pull a leaf towards 0. */
  leafPrior: number;
  /** One of so many rows, and of so many features, is left out of each tree in turn. */
  rowStride: number;
  featureStride: number;
  /** Errors beyond this count as this: one party of forty does not bend the curve. */
  errorLimit: number;
}

/** Out of their object once: these loops run millions of times. */
const { imul, max, min } = Math;
const BINS = 48;

/** A full binary tree, level by level; entry n has children 2n+1 and 2n+2; a node without a split has feature -1. */
interface Tree {
  feature: Int16Array;
  threshold: Float64Array;
  leaf: Float64Array;
}

/** Features as numbers of bins, feature after feature, with the upper edge of each bin. */
interface BinnedRows {
  bins: Uint8Array;
  edges: Float64Array[];
}

interface LevelWork {
  binned: BinnedRows;
  width: number;
  sums: Float64Array;
  weights: Float64Array;
  nodes: Int32Array;
  tree: Tree;
  settings: TreeSettings;
  index: number;
  meanWeight: number;
}

interface Histogram {
  sums: Float64Array;
  weights: Float64Array;
}


/** A sum of small regression trees, fitted one after the other to what the earlier ones left (gradient boosting). */
export class BoostedTrees {
  private constructor(private readonly trees: readonly Tree[], private readonly depth: number, private readonly learningRate: number) {}

  /**
   * Deterministic: the same rows in the same order give the same trees.
   *
   * @throws InvariantError without rows, or when lengths do not fit
   */
  static fit(rows: TreeRows, settings: TreeSettings): BoostedTrees {
    const count = rows.targets.length;
    if (count === 0 || rows.features.length !== count * rows.width || rows.weights.length !== count) throw new InvariantError('training rows do not fit');
    const binned = binRows(rows);
    const residual = Float64Array.from(rows.targets);
    const trees: Tree[] = [];
    for (let index = 0; index < settings.trees; index += 1) {
      const tree = growTree(binned, rows, residual, settings, index);
      trees.push(tree);
      for (let row = 0; row < count; row += 1) {
        residual[row] = residual[row] - settings.learningRate * leafOf(tree, settings.depth, rows.features, row * rows.width);
      }
    }
    return new BoostedTrees(trees, settings.depth, settings.learningRate);
  }
  
  /** @param offset where the row begins in `features` */
  predict(features: Float64Array | readonly number[], offset = 0): number {
    let sum = 0;
    for (const tree of this.trees) sum += leafOf(tree, this.depth, features, offset);
    return sum * this.learningRate;
  }
}

function leafOf(tree: Tree, depth: number, features: Float64Array | readonly number[], offset: number): number {
  let node = 0;
  for (let level = 0; level < depth; level += 1) {
    const feature = tree.feature[node];
    // A node that was not split sends everything to its left child.
    node = feature >= 0 && features[offset + feature] > tree.threshold[node] ? 2 * node + 2 : 2 * node + 1;
  }
  return tree.leaf[node - ((1 << depth) - 1)];
}

function binRows({ width, features, targets }: TreeRows): BinnedRows {
  const count = targets.length;
  const bins = new Uint8Array(count * width);
  const edges: Float64Array[] = [];
  const column = new Float64Array(count);
  for (let feature = 0; feature < width; feature += 1) {
    for (let row = 0; row < count; row += 1) column[row] = features[row * width + feature];
    const ofFeature = edgesOf(column);
    edges.push(ofFeature);
    for (let row = 0; row < count; row += 1) bins[feature * count + row] = binOf(ofFeature, column[row]);
  }
  return { bins, edges };
}

/** At most BINS - 1 edges between values, at equal shares of the rows; each value is at most its bin's edge. */
function edgesOf(column: Float64Array): Float64Array {
  const sorted = Float64Array.from(column).sort();
  const edges: number[] = [];
  for (let bin = 1; bin < BINS; bin += 1) {
    const edge = sorted[Math.floor((bin * sorted.length) / BINS)];
    if (edge !== edges[edges.length - 1] && edge < (sorted[sorted.length - 1])) edges.push(edge);
  }
  return Float64Array.from(edges);
}

function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

function growTree(binned: BinnedRows, rows: TreeRows, residual: Float64Array, settings: TreeSettings, index: number): Tree {
  const { depth, errorLimit } = settings;
  const count = residual.length;
  const sums = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    if (settings.rowStride > 1 && mixed(row, index) % settings.rowStride === 0) continue;
    const weight = rows.weights[row];
    weights[row] = weight;
    sums[row] = weight * max(-errorLimit, min(errorLimit, residual[row]));
  }
  const meanWeight = rows.weights.reduce((sum, weight)=> sum + weight, 0) / count;
  const tree: Tree = {
    feature: new Int16Array((1 << depth) - 1).fill(-1),
    threshold: new Float64Array((1 << depth) - 1),
    leaf: new Float64Array(1 << depth)
  };
  const nodes = new Int32Array(count);
  for (let level = 0; level < depth; level += 1) {
    splitLevel({ binned, width: rows.width, sums, weights, nodes, tree, settings, index, meanWeight }, (1 << level) - 1, 1 << level);
  }
  const firstLeaf = (1 << depth) - 1;
  const leafSums = new Float64Array(1 << depth);
  const leafWeights = new Float64Array(1 << depth);
  for (let row = 0; row < count; row += 1) {
    const leaf = nodes[row] - firstLeaf;
    leafSums[leaf] = leafSums[leaf] + sums[row];
    leafWeights[leaf] = leafWeights[leaf] + weights[row];
  }
  const prior = settings.leafPrior * meanWeight;
  for (let leaf = 0; leaf < leafSums.length; leaf += 1) tree.leaf[leaf] = leafSums[leaf] / (leafWeights[leaf] + prior);
  return tree;
}

/** Splits the nodes first … first + size - 1 where that explains something, and sends every row one level down. */
function splitLevel(work: LevelWork, first: number, size: number): void {
  const { binned, width, nodes, tree, settings } = work;
  const count = nodes.length;
  const best = new Float64Array(size).fill(1e-12);
  const bestBin = new Int16Array(size);
  const histogram = { sums: new Float64Array(size * BINS), weights: new Float64Array(size * BINS) };
  const splittable = nodesWithRowsFor(work, first, size);
  for (let feature = 0; splittable.length > 0 && feature < width; feature += 1) {
    if (settings.featureStride > 1 && mixed(feature, work.index * 7919 + 1) % settings.featureStride === 0) continue;
    fillHistogram(work, feature, first, histogram);
    const lastBin = binned.edges[feature].length;
    for (const node of splittable) {
      const found = bestSplit(histogram, node * BINS, lastBin, settings.minLeafRows * work.meanWeight, settings.leafPrior * work.meanWeight);
      if (found.gain <= best[node]) continue;
      best[node] = found.gain;
      bestBin[node] = found.bin;
      tree.feature[first + node] = feature;
      tree.threshold[first + node] = binned.edges[feature][found.bin];
    }
  }
  for (let row = 0; row < count; row += 1) {
    const node = nodes[row];
    const feature = tree.feature[node];
    const right = feature >= 0 && binned.bins[feature * count + row] > bestBin[node - first];
    nodes[row] = right ? 2 * node + 2 : 2 * node + 1;
  }
}

/** Nodes of a level with rows enough for both sides of a split. */
function nodesWithRowsFor({ nodes, weights, settings, meanWeight }: LevelWork, first: number, size: number): number[] {
  const held = new Float64Array(size);
  for (let row = 0; row < nodes.length; row += 1) held[nodes[row] - first] += weights[row];
  return [...held.keys()].filter((node) => held[node] >= 2 * settings.minLeafRows * meanWeight);
}

function fillHistogram({ binned, nodes, sums, weights }: LevelWork, feature: number, first: number, histogram: Histogram): void {
  histogram.sums.fill(0);
  histogram.weights.fill(0);
  const count = nodes.length;
  const column = binned.bins.subarray(feature * count, (feature + 1) * count);
  for (let row = 0; row < count; row += 1) {
    const weight = weights[row];
    if (weight === 0) continue;
    const place = (nodes[row] - first) * BINS + column[row];
    histogram.sums[place] += sums[row];
    histogram.weights[place] += weight;
  }
}

/** The bin after which a node is best parted, with what that explains. */
function bestSplit({ sums, weights }: Histogram, from: number, lastBin: number, minWeight: number, prior: number): { gain: number; bin: number } {
  let allSums = 0;
  let allWeights = 0;
  for (let bin = 0; bin <= lastBin; bin += 1) {
    allSums += sums[from + bin];
    allWeights += weights[from + bin];
  }
  const unsplit = allSums * allSums / (allWeights + prior);
  let leftSums = 0;
  let leftWeights = 0;
  const found = { gain: 0, bin: 0 };
  for (let bin = 0; bin < lastBin; bin += 1) {
    leftSums += sums[from + bin];
    leftWeights += weights[from + bin];
    const rightWeights = allWeights - leftWeights;
    if (leftWeights < minWeight) continue;
    if (rightWeights < minWeight) break;
    const rightSums = allSums - leftSums;
    const gain = leftSums * leftSums / (leftWeights + prior) + rightSums * rightSums / (rightWeights + prior) - unsplit;
    if (gain > found.gain) {
      found.gain = gain;
      found.bin = bin;
    }
  }
  return found;
}

/** A fixed shuffle of two whole numbers, for leaving rows out evenly without chance. */
function mixed(a: number, b: number): number {
  let value = imul(a + 1, 0x9e3779b1) ^ imul(b + 1, 0x85ebca6b);
  value = imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = imul(value ^ (value >>> 12), 0x297a2d39);
  return (value ^ (value >>> 15)) >>> 0;
}

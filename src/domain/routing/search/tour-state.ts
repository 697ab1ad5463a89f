import { neighbourLists, type NeighbourLists } from './neighbour-lists.js';
import { RouteState, type InsertionOrder } from './route-state.js';
import type { CostMatrix, TourPlan, TourProblem } from './tour-problem.js';

/** An insertion place: behind `before` (0: at the start) on `route`; `delta` is what it costs. */
interface Place {
  before: number;
  route: number;
  delta: number;
}

/** Tours with a capacity and no times. Places next to a near neighbour are looked at, and a tour of its own. */
export class TourState extends RouteState {
  readonly orders: readonly InsertionOrder[];
  protected readonly near: NeighbourLists;
  protected readonly load: Int32Array;
  /** Cost of the leg to the next stop (or home) and from the one before, so that a place is priced from one matrix row. */
  protected readonly onward: Int32Array;
  protected readonly inward: Int32Array;
  protected readonly costTo: CostMatrix;
  /** Cost from each neighbour in `near` to the node, in the order of the list. */
  protected readonly nearCost: Int32Array;
  protected readonly place: Place = { before: 0, route: 0, delta: 0 };
  private emptyRoute = 0;
  /** Tours that may be used at once. */
  limit = Infinity;

  constructor(protected readonly problem: TourProblem, near: NeighbourLists, routeSlots = problem.size) {
    super(problem.size, routeSlots);
    this.near = near;
    this.load = new Int32Array(routeSlots);
    this.onward = new Int32Array(problem.size);
    this.inward = new Int32Array(problem.size);
    this.costTo = transposedUnlessSymmetric(problem.cost, problem.size);
    this.nearCost = near.list.map((other, slot) => this.costTo[Math.floor(slot / near.count) * problem.size + other]);
    this.orders = tourOrders(problem);
  }

  insertBest(node: number, chance: () => number, blink: number): boolean {
    this.seek(node, chance, blink);
    const { place } = this;
    if (place.delta === Infinity) return false;
    this.insert(node, place.before, place.route, place.delta);
    return true;
  }

  /** Leaves the cheapest place in `this.place`; delta Infinity when there is none. */
  protected seek(node: number, chance: () => number, blink: number): void {
    const { next, prev, routeOf, load, onward, inward, place, costTo, nearCost } = this;
    const { cost, size, capacity } = this.problem;
    const row = node * size;
    const room = capacity - this.problem.demand[node];
    const list = this.near.list;
    const end = (node + 1) * this.near.count;
    let best = Infinity;
    for (let slot = node * this.near.count; slot < end; slot += 1) {
      const other = list[slot];
      const route = routeOf[other];
      if (route < 0 || load[route] > room) continue;
      const behind = nearCost[slot] + cost[row + next[other]] - onward[other];
      if (behind < best && chance() >= blink) {
        best = behind;
        place.before = other;
        place.route = route;
      }
      // The place ahead of a stop is the place behind the one before it, which is near as well, except at the start.
      if (prev[other] !== 0) continue;
      const ahead = costTo[row] + cost[row + other] - inward[other];
      if (ahead < best && chance() >= blink) {
        best = ahead;
        place.before = 0;
        place.route = route;
      }
    }
    const alone = costTo[row] + cost[row];
    place.delta = alone < best ? this.openUnlessOverlooked(best, alone, chance, blink) : best;
  }

  /** A tour of its own costs less than the best place: taken unless overlooked; never overlooked where it is the only one. */
  protected openUnlessOverlooked(best: number, alone: number, chance: () => number, blink: number): number {
    if (this.usedRoutes >= this.limit || (best < Infinity && chance() < blink)) return best;
    return Math.min(best, this.openRoute(alone));
  }

  /** Points `place` at an empty route; Infinity when all are used. */
  protected openRoute(alone: number): number {
    if (this.stops[this.emptyRoute] > 0) {
      let route = 0;
      while (route < this.routeSlots && this.stops[route] > 0) route += 1;
      if (route === this.routeSlots) return Infinity;
      this.emptyRoute = route;
    }
    this.place.before = 0;
    this.place.route = this.emptyRoute;
    return alone;
  }

  closeUnit(weight: Float64Array): number[] | null {
    let lightest = -1;
    let least = Infinity;
    for (let route = 0; route < this.routeSlots; route += 1) {
      if (this.stops[route] === 0) continue;
      const sum = this.stopsOf(route).reduce((total, node) => total + weight[node], 0);
      if (sum < least) {
        least = sum;
        lightest = route;
      }
    }
    if (lightest < 0) return null;
    const taken = this.stopsOf(lightest);
    for (const node of taken) this.remove(node);
    this.settleTouched();
    this.limit = this.usedRoutes;
    return taken;
  }

  protected override saveUnits(): unknown {
    return this.limit;
  }

  protected override loadUnits(units: unknown): void {
    this.limit = Number(units);
  }

  protected removalDelta(node: number): number {
    return this.problem.cost[this.prev[node] * this.size + this.next[node]] - this.inward[node] - this.onward[node];
  }

  protected added(node: number, route: number): void {
    const before = this.prev[node];
    const after = this.next[node];
    const to = this.costTo[node * this.size + before];
    const from = this.problem.cost[node * this.size + after];
    this.inward[node] = to;
    this.onward[node] = from;
    this.onward[before] = to;
    this.inward[after] = from;
    this.load[route] += this.problem.demand[node];
  }

  protected dropped(node: number, route: number): void {
    const before = this.prev[node];
    const after = this.next[node];
    const leg = this.problem.cost[before * this.size + after];
    this.onward[before] = leg;
    this.inward[after] = leg;
    this.load[route] -= this.problem.demand[node];
  }

  protected settle(_route: number): void {
    // Loads and legs follow each change; there are no times.
  }

  override restore(snapshot: Parameters<RouteState['restore']>[0]): void {
    super.restore(snapshot);
    this.load.fill(0);
    for (let node = 1; node < this.size; node += 1) {
      const route = this.routeOf[node];
      if (route < 0) continue;
      this.load[route] += this.problem.demand[node];
      this.inward[node] = this.problem.cost[this.prev[node] * this.size + node];
      this.onward[node] = this.problem.cost[node * this.size + this.next[node]];
    }
  }

  plan(iterations: number): TourPlan {
    const tours: number[][] = [];
    for (let route = 0; route < this.routeSlots; route += 1) if (this.stops[route] > 0) tours.push(this.stopsOf(route));
    return { cost: this.cost, tours, iterations };
  }
}

/** Costs towards a node in one row; the matrix itself where both directions cost the same. */
export function transposedUnlessSymmetric(cost: CostMatrix, size: number): CostMatrix {
  let symmetric = true;
  for (let from = 0; from < size && symmetric; from += 1) {
    for (let to = 0; to < from; to += 1) if (cost[from * size + to] !== cost[to * size + from]) symmetric = false;
  }
  if (symmetric) return cost;
  const turned = cost.slice();
  for (let from = 0; from < size; from += 1) for (let to = 0; to < size; to += 1) turned[to * size + from] = cost[from * size + to];
  return turned;
}

/** Random, largest demand, farthest and nearest first; with windows also narrowest, earliest opening and earliest closing. */
function tourOrders({ cost, demand, times, size }: TourProblem): InsertionOrder[] {
  const by = (weight: number, key: (node: number) => number): InsertionOrder => ({ weight, key: Float64Array.from({ length: size }, (_, node) => key(node)) });
  const general = [{ weight: 4, key: null }, by(4, (node) => -demand[node]), by(2, (node) => -cost[node]), by(1, (node) => cost[node])];
  return times === null ? general : [
    ...general,
    by(2, (node) => times.closes[node] - times.opens[node]), by(2, (node) => times.opens[node]), by(2, (node) => -times.closes[node]),
  ];
}

/** Customers a removal walks through, and places looked at for an insertion. */
export interface Reach {
  readonly ruin: NeighbourLists;
  readonly insertion: NeighbourLists;
}

const RUIN_NEIGHBOURS = 120;

/**
 * Removal walks along distance. With windows, insertion looks at places that are near in space and time: waiting counts
 * a fifth of its length, and a pair that cannot be served one after the other in either order is never near.
 */
export function reachOf(problem: TourProblem, insertionNeighbours: number): Reach {
  const { size, cost, times } = problem;
  const distance = (node: number, other: number): number => Math.min(cost[node * size + other], cost[other * size + node]);
  const oneWay = (from: number, to: number): number => {
    if (times === null) return cost[from * size + to];
    const leg = times.service[from] + times.travel[from * size + to];
    if (times.opens[from] + leg > times.closes[to]) return Infinity;
    const waiting = Math.max(0, times.opens[to] - leg - times.closes[from]);
    return cost[from * size + to] + 0.2 * waiting;
  };
  return {
    ruin: neighbourLists(size, RUIN_NEIGHBOURS, distance),
    insertion: neighbourLists(size, insertionNeighbours, times === null ? distance : (node, other) => Math.min(oneWay(node, other), oneWay(other, node))),
  };
}

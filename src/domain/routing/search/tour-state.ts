import { neighbourLists, type NeighbourLists } from './neighbour-lists.js';
import { RouteState, type InsertionOrder } from './route-state.js';
import type { CostMatrix, TourPlan, TourProblem } from './tour-problem.js';

/** An insertion place: behind `before` (0: at the start) on `route`; `delta` is what it costs. */
interface Place {
  before: number;
  route: number;
  delta: number;
}

/** More than any place costs, and small enough that sums stay whole numbers of 32 bits, with which the search is fastest. */
export const NONE = 0x3fff_ffff;
/** As the length of a leg: so short that a place beside it is never looked at. */
const ABSENT = -NONE;

/** Tours with a capacity and no times. Places next to a near neighbour are looked at, and a tour of its own. */
export class TourState extends RouteState {
  readonly orders: readonly InsertionOrder[];
  protected readonly near: NeighbourLists;
  protected readonly load: Int32Array;
  /** Cost of the leg to the next stop (or home) and from the one before, so that a place is priced from one matrix row. */
  protected readonly onward: Int32Array;
  protected readonly inward: Int32Array;
  protected readonly costTo: CostMatrix;
  /** The longer of the legs at a stop, so that most neighbours are passed over after one comparison; ABSENT: on no route. */
  protected readonly longer: Int32Array;
  /** The list in `near`, each stop followed by what the two legs of a place beside it cost at least. */
  protected readonly nearby: Int32Array;
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
    this.longer = new Int32Array(problem.size).fill(ABSENT);
    this.nearby = nearby(problem, this.costTo, near);
    this.orders = tourOrders(problem);
  }

  insertBest(node: number, chance: () => number, blink: number, below = Infinity): boolean {
    this.seek(node, chance, blink, below);
    const { place } = this;
    if (place.delta === Infinity) return false;
    this.insert(node, place.before, place.route, place.delta);
    return true;
  }

  /**
   * Leaves the cheapest place that costs less than `below` in `this.place`; delta Infinity when there is none. Each
   * place is looked at once, from its nearer end: there `nearby` bounds its cost, and a place overlooked stays so.
   */
  protected seek(node: number, chance: () => number, blink: number, below: number): void {
    const { next, prev, routeOf, load, onward, inward, longer, place, costTo, nearby } = this;
    const { cost, size, capacity } = this.problem;
    const row = node * size;
    const room = capacity - this.problem.demand[node];
    const width = 2 * this.near.count;
    const end = (node + 1) * width;
    const none = below < NONE ? Math.ceil(below) | 0 : NONE;
    let best = none;
    for (let slot = node * width; slot < end; slot += 2) {
      const other = nearby[slot];
      if (nearby[slot + 1] - longer[other] >= best) continue;
      const route = routeOf[other];
      if (load[route] > room) continue;
      const nearness = this.nearness(row + other);
      const after = next[other];
      if (after === 0 || this.nearness(row + after) >= nearness) {
        const behind = costTo[row + other] + cost[row + after] - onward[other];
        if (behind < best && chance() >= blink) {
          best = behind;
          place.before = other;
          place.route = route;
        }
      }
      const before = prev[other];
      if (before !== 0 && this.nearness(row + before) <= nearness) continue;
      const ahead = costTo[row + before] + cost[row + other] - inward[other];
      if (ahead < best && chance() >= blink) {
        best = ahead;
        place.before = before;
        place.route = route;
      }
    }
    const alone = costTo[row] + cost[row];
    place.delta = best < none ? best : Infinity;
    if (alone < best) place.delta = this.openUnlessOverlooked(place.delta, alone, chance, blink);
  }

  private nearness(cell: number): number {
    const from = this.problem.cost[cell];
    const to = this.costTo[cell];
    return from < to ? from : to;
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
    const { onward, inward, longer } = this;
    const before = this.prev[node];
    const after = this.next[node];
    const to = this.costTo[node * this.size + before];
    const from = this.problem.cost[node * this.size + after];
    inward[node] = to;
    onward[node] = from;
    onward[before] = to;
    inward[after] = from;
    longer[node] = to > from ? to : from;
    longer[before] = to > inward[before] ? to : inward[before];
    longer[after] = from > onward[after] ? from : onward[after];
    this.load[route] += this.problem.demand[node];
  }

  protected dropped(node: number, route: number): void {
    const { onward, inward, longer } = this;
    const before = this.prev[node];
    const after = this.next[node];
    const leg = this.problem.cost[before * this.size + after];
    onward[before] = leg;
    inward[after] = leg;
    longer[node] = ABSENT;
    longer[before] = leg > inward[before] ? leg : inward[before];
    longer[after] = leg > onward[after] ? leg : onward[after];
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
      this.longer[node] = ABSENT;
      if (route < 0) continue;
      this.load[route] += this.problem.demand[node];
      this.inward[node] = this.problem.cost[this.prev[node] * this.size + node];
      this.onward[node] = this.problem.cost[node * this.size + this.next[node]];
      this.longer[node] = Math.max(this.inward[node], this.onward[node]);
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

/**
 * A place lies between two stops (or a stop and the depot). Seen from the nearer of them, in a list sorted by nearness,
 * neither of its new legs can cost less than the way to that nearer stop, or to the depot where that is nearer still.
 */
function nearby({ cost, size }: TourProblem, costTo: CostMatrix, near: NeighbourLists): Int32Array {
  const pairs = new Int32Array(2 * near.list.length);
  near.list.forEach((other, slot) => {
    const row = Math.floor(slot / near.count) * size;
    const least = Math.min(cost[row + other], costTo[row + other]);
    pairs[2 * slot] = other;
    pairs[2 * slot + 1] = least + Math.min(least, cost[row], costTo[row]);
  });
  return pairs;
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

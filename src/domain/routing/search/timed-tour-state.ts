import { InvariantError } from '../../kernel/domain-error.js';
import type { NeighbourLists } from './neighbour-lists.js';
import type { CostMatrix, TourProblem, TourTimes } from './tour-problem.js';
import { NONE, transposedUnlessSymmetric, TourState } from './tour-state.js';

/**
 * Tours with time windows. Each stop keeps the earliest time its service can end and the latest it may begin, so that
 * a place is checked in constant time.
 */
export class TimedTourState extends TourState {
  private readonly times: TourTimes;
  private readonly travelTo: CostMatrix;
  /** Earliest end of service; for 0: the earliest departure. */
  private readonly ends: Int32Array;
  /** Latest start of service that keeps what follows; for 0: the latest return. */
  private readonly latest: Int32Array;

  constructor(problem: TourProblem, near: NeighbourLists, routeSlots = problem.size) {
    super(problem, near, routeSlots);
    if (problem.times === null) throw new InvariantError('a tour problem without times');
    this.times = problem.times;
    this.travelTo = problem.times.travel === problem.cost ? this.costTo : transposedUnlessSymmetric(problem.times.travel, problem.size);
    this.ends = new Int32Array(problem.size);
    this.latest = new Int32Array(problem.size);
    this.ends[0] = problem.times.opens[0];
    this.latest[0] = problem.times.closes[0];
  }

  /** As without times. Nearness counts waiting too here: a place whose nearer end is far in time may be passed over. */
  protected override seek(node: number, chance: () => number, blink: number, below: number): void {
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
      const after = next[other];
      const behind = costTo[row + other] + cost[row + after] - onward[other];
      if (behind < best && this.fits(node, other, after) && chance() >= blink) {
        best = behind;
        place.before = other;
        place.route = route;
      }
      const before = prev[other];
      const ahead = costTo[row + before] + cost[row + other] - inward[other];
      if (ahead < best && this.fits(node, before, other) && chance() >= blink) {
        best = ahead;
        place.before = before;
        place.route = route;
      }
    }
    const alone = costTo[row] + cost[row];
    place.delta = best < none ? best : Infinity;
    if (alone < best && this.fits(node, 0, 0)) place.delta = this.openUnlessOverlooked(place.delta, alone, chance, blink);
  }

  private fits(node: number, before: number, after: number): boolean {
    const { opens, closes, service, travel } = this.times;
    const row = node * this.size;
    const arrives = this.ends[before] + this.travelTo[row + before];
    const starts = arrives > opens[node] ? arrives : opens[node];
    return starts <= closes[node] && starts + service[node] + travel[row + after] <= this.latest[after];
  }

  override insertBest(node: number, chance: () => number, blink: number, below = Infinity): boolean {
    if (!super.insertBest(node, chance, blink, below)) return false;
    this.forward(node);
    this.backward(node);
    return true;
  }

  /** From `from` on until an earliest time stays as it was. */
  private forward(from: number): void {
    const { next, prev, ends } = this;
    const { opens, service, travel } = this.times;
    for (let node = from; node !== 0; node = next[node]) {
      const arrives = ends[prev[node]] + travel[prev[node] * this.size + node];
      const finished = (arrives > opens[node] ? arrives : opens[node]) + service[node];
      if (finished === ends[node] && node !== from) return;
      ends[node] = finished;
    }
  }

  private backward(from: number): void {
    const { next, prev, latest } = this;
    const { closes, service, travel } = this.times;
    for (let node = from; node !== 0; node = prev[node]) {
      const by = latest[next[node]] - travel[node * this.size + next[node]] - service[node];
      const start = by < closes[node] ? by : closes[node];
      if (start === latest[node] && node !== from) return;
      latest[node] = start;
    }
  }

  protected override settle(route: number): void {
    if (this.stops[route] === 0) return;
    const { next, prev, ends, latest } = this;
    const { opens, closes, service, travel } = this.times;
    const size = this.size;
    let before = 0;
    for (let node = this.first[route]; node !== 0; node = next[node]) {
      const arrives = ends[before] + travel[before * size + node];
      ends[node] = (arrives > opens[node] ? arrives : opens[node]) + service[node];
      before = node;
    }
    let after = 0;
    for (let node = this.last[route]; node !== 0; node = prev[node]) {
      const by = latest[after] - travel[node * size + after] - service[node];
      latest[node] = by < closes[node] ? by : closes[node];
      after = node;
    }
  }
}

import type { NeighbourLists } from './neighbour-lists.js';
import type { RouteSnapshot, RouteState } from './route-state.js';
import { PutBack, type SearchSettings, type Spent } from './sisr.js';
import { StringRemoval } from './string-removal.js';

/** Steps between two looks at the budget. */
const LOOK_EVERY = 32;

/**
 * Serves as many customers, and then with as few units of the fleet (tours, crews), as it can. A customer that stays
 * without a place counts more each time, so that the search turns to those hardest to place (absence counters).
 */
export class FleetSearch {
  /** How often each customer was left without a place, begun with what it matters. */
  private readonly counters: Float64Array;
  private readonly removal: StringRemoval;
  private readonly put: PutBack;

  /** @param priority what leaving a customer out weighs; above 0 */
  constructor(
    private readonly state: RouteState, near: NeighbourLists, private readonly random: () => number,
    private readonly settings: SearchSettings, private readonly priority: Float64Array,
  ) {
    this.counters = priority.slice();
    this.removal = new StringRemoval(state, near, random, settings.removal);
    this.put = new PutBack(state, random, settings.blink);
  }

  /**
   * Looks for places for `absent` customers until there are none or the budget is spent. `state` then holds the best
   * plan seen.
   *
   * @returns who is still without a place, and the steps made
   */
  place(absent: readonly number[], spent: Spent, from = 0): { absent: number[]; iteration: number } {
    const { state, random } = this;
    let current = this.tryAll(absent);
    let weight = this.weigh(current);
    state.commit();
    let best = state.snapshot(current);
    let least = this.matter(current);
    let iteration = from;
    while (current.length > 0) {
      if (iteration % LOOK_EVERY === 0 && spent(iteration) >= 1) break;
      iteration += 1;
      const limit = state.cost - this.settings.cooling.from * Math.log(random());
      const removed = current.slice();
      this.removal.remove(removed);
      const left = state.intact() ? this.tryAll(removed) : null;
      const newWeight = left === null ? Infinity : this.weigh(left);
      if (left !== null && (newWeight < weight || equalAndCheaper(newWeight - weight, state.cost - limit))) {
        state.commit();
        current = left;
        const matters = this.matter(current);
        if (matters < least || equalAndCheaper(matters - least, state.cost - best.cost)) {
          best = state.snapshot(current);
          least = matters;
        }
      } else {
        state.rollback();
      }
      for (const node of left ?? current) this.counters[node] += this.priority[node];
      weight = this.weigh(current);
    }
    state.restore(best);
    return { absent: [...best.absent], iteration };
  }

  /** Closes unit after unit for as long as everybody keeps a place. */
  shrink(spent: Spent, from = 0): number {
    const { state } = this;
    let iteration = from;
    for (;;) {
      const before: RouteSnapshot = state.snapshot([]);
      const taken = state.closeUnit(this.counters);
      if (taken === null) return iteration;
      const placed = this.place(taken, spent, iteration);
      iteration = placed.iteration;
      if (placed.absent.length > 0) {
        state.restore(before);
        return iteration;
      }
    }
  }

  private tryAll(nodes: readonly number[]): number[] {
    const order = nodes.slice();
    this.put.sort(order);
    return order.filter((node) => !this.state.insertBest(node, this.random, this.settings.blink));
  }

  private weigh(nodes: readonly number[]): number {
    return nodes.reduce((sum, node) => sum + this.counters[node], 0);
  }

  private matter(nodes: readonly number[]): number {
    return nodes.reduce((sum, node) => sum + this.priority[node], 0);
  }
}

function equalAndCheaper(difference: number, costMore: number): boolean {
  return difference === 0 && costMore < 0;
}

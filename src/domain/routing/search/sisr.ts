import type { NeighbourLists } from './neighbour-lists.js';
import type { RouteState } from './route-state.js';
import { REMOVAL, StringRemoval, type RemovalSettings } from './string-removal.js';

/**
 * How much of the time given is used, from 0 to 1 (1: stop), asked now and then. Counting iterations makes a plan
 * repeatable; a caller with a clock may look at it instead.
 */
export type Spent = (iteration: number) => number;

/** A budget of so many iterations. */
export function iterations(count: number): Spent {
  return (iteration) => iteration / count;
}

export interface CoolingSettings {
  /** In units of cost: what a step may worsen the plan by, in the mean, at the beginning and at the end. */
  readonly from: number;
  readonly to: number;
}

export interface SearchSettings {
  readonly cooling: CoolingSettings;
  readonly blink: number;
  readonly removal: RemovalSettings;
}

export const BLINK = 0.01;
export { REMOVAL };

const LOOK_AT_BUDGET_EVERY = 128;

/**
 * Slack induction by string removals under simulated annealing (Christiaens and Vanden Berghe 2020): strings of stops
 * are removed from neighbouring routes and put back one by one where they cost least, now and then overlooking a place.
 * Ends with the best plan found in `state`.
 *
 * @param state customers on no route stay there
 * @returns the number of iterations made
 */
export function searchRoutes(state: RouteState, near: NeighbourLists, random: () => number, spent: Spent, settings: SearchSettings): number {
  const removal = new StringRemoval(state, near, random, settings.removal);
  const put = new PutBack(state, random, settings.blink);
  const best = state.snapshot([]);
  const removed: number[] = [];
  const { from, to } = settings.cooling;
  let temperature = from;
  let iteration = 0;
  for (;;) {
    if (iteration % LOOK_AT_BUDGET_EVERY === 0) {
      const share = spent(iteration);
      if (share >= 1) break;
      temperature = from * Math.pow(to / from, share);
    }
    iteration += 1;
    const limit = state.cost - temperature * Math.log(random());
    removed.length = 0;
    removal.remove(removed);
    if (state.intact() && put.all(removed, limit)) {
      state.commit();
      if (state.cost < best.cost) state.snapshot([], best);
    } else {
      state.rollback();
    }
  }
  state.restore(best);
  return iteration;
}

/** Puts removed customers back, in an order drawn anew each time. */
export class PutBack {
  private readonly totalWeight: number;

  constructor(private readonly state: RouteState, private readonly random: () => number, private readonly blink: number) {
    this.totalWeight = state.orders.reduce((sum, order) => sum + order.weight, 0);
  }

  /** @returns false as soon as a customer finds no place or the cost passes `limit` */
  all(nodes: number[], limit: number): boolean {
    this.sort(nodes);
    const { state, random, blink } = this;
    for (let index = 0; index < nodes.length; index += 1) {
      if (state.cost > limit || !state.insertBest(nodes[index], random, blink, limit - state.cost)) return false;
    }
    return state.cost < limit;
  }

  sort(nodes: number[]): void {
    let draw = this.random() * this.totalWeight;
    let chosen = 0;
    for (const order of this.state.orders) {
      draw -= order.weight;
      if (draw < 0) break;
      chosen += 1;
    }
    const key = this.state.orders[Math.min(chosen, this.state.orders.length - 1)].key;
    if (key === null) shuffle(nodes, this.random);
    else sortByKey(nodes, key);
  }
}

function shuffle(nodes: number[], random: () => number): void {
  for (let last = nodes.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const node = nodes[last];
    nodes[last] = nodes[other];
    nodes[other] = node;
  }
}

/** By insertion: lists are short, and the sort is made in each iteration. */
function sortByKey(nodes: number[], key: Float64Array): void {
  if (nodes.length > 64) {
    nodes.sort((a, b) => key[a] - key[b]);
    return;
  }
  for (let index = 1; index < nodes.length; index += 1) {
    const node = nodes[index];
    let hole = index;
    while (hole > 0 && key[nodes[hole - 1]] > key[node]) {
      nodes[hole] = nodes[hole - 1];
      hole -= 1;
    }
    nodes[hole] = node;
  }
}

import type { NeighbourLists } from './neighbour-lists.js';
import type { RouteState } from './route-state.js';

export interface RemovalSettings {
  /** Customers taken out of the plan by one removal, on average. */
  readonly meanRemoved: number;
  readonly longestString: number;
  /** Chance that a string is split by preserved customers in its middle. */
  readonly splitChance: number;
  /** Chance that the preserved middle ends where it is, each time it could grow. */
  readonly middleEnds: number;
}

export const REMOVAL: RemovalSettings = { meanRemoved: 10, longestString: 10, splitChance: 0.5, middleEnds: 0.01 };

/**
 * Adjacent strings: from a few routes near one customer a string of neighbouring stops is taken out, so that the gaps
 * lie side by side and their customers can change places (slack induction by string removals).
 */
export class StringRemoval {
  private readonly routeMark: Int32Array;
  private mark = 0;

  constructor(
    private readonly state: RouteState, private readonly near: NeighbourLists,
    private readonly chance: () => number, private readonly settings: RemovalSettings = REMOVAL,
  ) {
    this.routeMark = new Int32Array(state.routeSlots);
  }

  /** Appends the removed customers to `removed`. */
  remove(removed: number[]): void {
    const { state, near, chance, settings } = this;
    if (state.served === 0) return;
    const longest = Math.max(1, Math.min(settings.longestString, state.served / state.usedRoutes));
    const strings = Math.floor(1 + chance() * ((4 * settings.meanRemoved) / (1 + longest) - 1));
    const seed = 1 + Math.floor(chance() * (state.size - 1));
    this.mark += 1;
    let taken = this.takeAt(seed, longest, removed) ? 1 : 0;
    for (let rank = 0; rank < near.count && taken < strings; rank += 1) {
      if (this.takeAt(near.list[seed * near.count + rank], longest, removed)) taken += 1;
    }
    state.settleTouched();
  }

  private takeAt(node: number, longest: number, removed: number[]): boolean {
    const { state, chance, settings } = this;
    const route = state.routeOf[node];
    if (route < 0 || this.routeMark[route] === this.mark) return false;
    this.routeMark[route] = this.mark;
    const onRoute = state.stops[route];
    const length = Math.floor(1 + chance() * Math.min(longest, onRoute));
    let kept = 0;
    if (length > 1 && length < onRoute && chance() < settings.splitChance) {
      kept = 1;
      while (length + kept < onRoute && chance() > settings.middleEnds) kept += 1;
    }
    this.take(node, length, kept, removed);
    return true;
  }

  /** Takes `length` stops around `node` off its route, leaving `kept` stops in the middle of them. */
  private take(node: number, length: number, kept: number, removed: number[]): void {
    const { state, chance } = this;
    const { next, prev } = state;
    const span = length + kept;
    let ahead = 0;
    let at = node;
    while (ahead < span - 1 && prev[at] !== 0) {
      at = prev[at];
      ahead += 1;
    }
    let behind = 0;
    for (let walk = next[node]; walk !== 0 && behind < span - 1; walk = next[walk]) behind += 1;
    const least = Math.max(0, span - 1 - behind);
    let back = least + Math.floor(chance() * (ahead - least + 1));
    at = node;
    while (back > 0) {
      at = prev[at];
      back -= 1;
    }
    const keptFrom = kept === 0 ? -1 : 1 + Math.floor(chance() * (length - 1));
    for (let index = 0; index < span; index += 1) {
      const following = next[at];
      if (kept === 0 || index < keptFrom || index >= keptFrom + kept) {
        state.remove(at);
        removed.push(at);
      }
      at = following;
    }
  }
}

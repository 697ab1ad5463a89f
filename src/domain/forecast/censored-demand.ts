import type { DayScale } from './day-scale.js';
import { stateOf } from './demand-features.js';
import { normalShare } from './normal-quantile.js';
import { type DemandDay, expectedDemand } from './weekday-forecast.js';

/**
 * A sold-out day says that demand was at least what was sold. It is replaced by what demand then is on average: the
 * mean of a normal distribution (on the scale of roots) around what was usual before that day, above what was sold.
 * Days before anything is known keep what was sold.
 *
 * @param soldOut indexes of the days on which the last portion was sold while people still came
 * @returns a copy
 */
export function imputeSoldOut(roots: Float64Array, scale: DayScale, soldOut: ReadonlySet<number>): Float64Array {
  const completed = Float64Array.from(roots);
  for (const day of [...soldOut].sort((a, b) => a - b)) {
    const state = day > 0 ? stateOf(completed, scale, day - 1) : null;
    if (!state) continue;
    const usual = state.level + state.weekdayRoot[scale.weekday[day]];
    completed[day] = meanAbove(usual, state.spread, roots[day]);
  }
  return completed;
}

/** A count of people who come on their own scatters by its root, and points more than that. */
const SPREAD_PER_ROOT = 1.5;

/**
 * The same for one series in portions: each sold-out day with the demand that is to be expected above what was sold, by
 * what was usual before that day. Days with no past keep what was sold.
 */
export function completedDemand(days: readonly DemandDay[]): DemandDay[] {
  if (!days.some(({ soldOut }) => soldOut === true)) return [...days];
  const completed: DemandDay[] = [];
  for (const one of [...days].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    const usual = one.soldOut === true ? expectedDemand(completed, one.day).expectedPortions : 0;
    completed.push({ day: one.day, portions: usual > 0 ? meanAbove(usual, SPREAD_PER_ROOT * Math.sqrt(usual), one.portions) : one.portions });
  }
  return completed;
}

/** E[X | X >= least] for X normal with `mean` and `spread`. */
export function meanAbove(mean: number, spread: number, least: number): number {
  const standard = (least - mean) / spread;
  // Far above what is usual the tail has no weight left to divide by; demand was hardly more than what was sold.
  if (standard > 4) return least + spread / standard;
  const density = Math.exp((-standard * standard) / 2) / Math.sqrt(2 * Math.PI);
  return mean + (spread * density) / (1 - normalShare(standard));
}

/**
 * By which quantiles a kitchen cooks where it has set nothing itself: the first wave for the day (before costs of waste and
 * of running out are given), the second wave on live sales, and what a point keeps for itself before it passes portions on;
 * and the share of set meals (at a point on a day) that may run out, by which both waves are steered.
 */
export const COOKING_QUANTILES = { first: 0.9, second: 0.8, keep: 0.8, aimedRunOuts: 0.2 } as const;

export interface CookingQuantiles { readonly first: number; readonly second: number; readonly keep: number; readonly aimedRunOuts: number }

/** The share at which a kitchen runs out about as often as one that cooks by last week, and what else goes with it. */
const SPARING: CookingQuantiles = { first: 0.69, second: 0.6, keep: 0.65, aimedRunOuts: 0.58 };

/**
 * What goes with the share of days that a kitchen's costs ask for: who holds waste dearer cooks less in both waves, keeps
 * less back at its points, and is not steered back up by the run-outs that it chose. Straight between the two settings
 * that were tried, and on beyond them within bounds.
 *
 * @param share of days on which the first wave suffices, in (0, 1)
 */
export function cookingQuantiles(share: number): CookingQuantiles {
  const way = (COOKING_QUANTILES.first - share) / (COOKING_QUANTILES.first - SPARING.first);
  const at = (one: 'second' | 'keep' | 'aimedRunOuts', least: number, most: number): number =>
    Math.min(most, Math.max(least, COOKING_QUANTILES[one] + way * (SPARING[one] - COOKING_QUANTILES[one])));
  return { first: share, second: at('second', 0.5, 0.95), keep: at('keep', 0.5, 0.95), aimedRunOuts: at('aimedRunOuts', 0.05, 0.6) };
}

/** How a quantile moves with what came of it: per share of run-outs too many or too few, in log-odds, and at most so far. */
const GAIN = 2.5;
const MOST_LOG_ODDS = 1;
/** Share of the portions that arrived which is thrown away unserved even by a good kitchen; what is more moves the quantile down. */
const TOLERATED_WASTE = 0.05;
const WASTE_GAIN = 5;

/**
 * What was cooked by a quantile lately: of `cells` (a set meal at a point on a day) `runOuts` ended with nothing left, and
 * of `arrived` portions `unserved` were thrown away (counted, or weighed and divided by what a portion weighs).
 */
export interface CookedLately { readonly cells: number; readonly runOuts: number; readonly arrived?: number; readonly unserved?: number }

/**
 * A cooking quantile corrected by its own outcome: where more set meals ran out than were meant to, more is cooked, and
 * less where fewer did, so that a forecast that is off one way for weeks neither starves a street nor fills its bins. What
 * is thrown away beyond the tolerated share counts against cooking more.
 *
 * @param aimed share of set meals that may run out
 * @param least cells below which nothing is concluded
 */
export function steeredQuantile(quantile: number, aimed: number, { cells, runOuts, arrived = 0, unserved = 0 }: CookedLately, least: number): number {
  if (cells < least || cells === 0) return quantile;
  const tooMuch = arrived > 0 ? Math.max(0, unserved / arrived - TOLERATED_WASTE) : 0;
  const shift = Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, GAIN * (runOuts / cells - aimed) - WASTE_GAIN * tooMuch));
  return 1 / (1 + Math.exp(-(Math.log(quantile / (1 - quantile)) + shift)));
}

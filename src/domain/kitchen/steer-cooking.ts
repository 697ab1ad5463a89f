/**
 * By which quantiles a kitchen cooks where it has set nothing itself: the first wave for the day (before costs of waste and
 * of running out are given), the second wave on live sales, and what a point keeps for itself before it passes portions on;
 * and the share of set meals (at a point on a day) that may run out, by which both waves are steered.
 */
export const COOKING_QUANTILES = { first: 0.9, second: 0.8, keep: 0.8, aimedRunOuts: 0.2 } as const;

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

/** How a quantile moves with what came of it: per share of run-outs too many or too few, in log-odds, and at most so far. */
const GAIN = 2.5;
const MOST_LOG_ODDS = 1;

/** What was cooked by a quantile lately: of `cells` (a set meal at a point on a day) `runOuts` ended with nothing left. */
export interface CookedLately { readonly cells: number; readonly runOuts: number }

/**
 * A cooking quantile corrected by its own outcome: where more set meals ran out than were meant to, more is cooked, and
 * less where fewer did, so that a forecast that is off one way for weeks neither starves a street nor fills its bins.
 *
 * @param aimed share of set meals that may run out
 * @param least cells below which nothing is concluded
 */
export function steeredQuantile(quantile: number, aimed: number, { cells, runOuts }: CookedLately, least: number): number {
  if (cells < least || cells === 0) return quantile;
  const shift = Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, GAIN * (runOuts / cells - aimed)));
  return 1 / (1 + Math.exp(-(Math.log(quantile / (1 - quantile)) + shift)));
}

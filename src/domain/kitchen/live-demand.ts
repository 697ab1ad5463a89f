import { normalQuantile } from '../forecast/normal-quantile.js';

/** What is still to come of a demand, in portions. */
export interface RemainingDemand { readonly mean: number; readonly spread: number }

/**
 * What further people will come, from what was expected in the morning and what was sold so far. The day's demand is
 * taken as gamma distributed around the expectation, sales as its Poisson share: many sales early move the expectation
 * up, few move it down, and the more so the less sure the morning was.
 *
 * @param asked expected: portions of the whole day; relativeSpread: standard deviation over mean of the morning's
 *   forecast; sold: portions so far; share: part of a day's demand that has usually come by now, in [0, 1]; shareUntil:
 *   the part by the end of what is asked for, 1 unless given; soldOut: nothing was left to sell, so that what was sold is the least that was asked for
 */
export function remainingDemand(asked: { expected: number; relativeSpread: number; sold: number; share: number; shareUntil?: number; soldOut?: boolean }): RemainingDemand {
  const { expected, sold, share } = asked;
  const open = Math.max(0, (asked.shareUntil ?? 1) - share);
  if (expected <= 0) return { mean: sold > 0 && share > 0 ? (sold * open) / share : 0, spread: 0 };
  const shape = 1 / Math.max(0.02, asked.relativeSpread) ** 2;
  const seen = asked.soldOut === true ? Math.max(sold, expected * share) : sold;
  const level = (shape + seen) / (shape / expected + share);
  const mean = level * open;
  return { mean, spread: Math.sqrt(mean + mean ** 2 / (shape + seen)) };
}

/** Portions that suffice for a remaining demand on `quantile` of days. */
export function portionsFor({ mean, spread }: RemainingDemand, quantile: number): number {
  return mean <= 0 ? 0 : Math.max(0, Math.ceil(mean + normalQuantile(quantile) * spread - 1e-9));
}

/** What one point has of one set meal, and what it still needs. */
export interface LivePoint {
  readonly pointId: string;
  /** In the counter and on the road to it, less what is set aside for orders. */
  readonly leftPortions: number;
  readonly remaining: RemainingDemand;
}

/**
 * Whether and how much to cook in the second wave: what all points together still need on `quantile` of days less what
 * they have, given to those who lack most. Surplus of a point counts, since it can be passed on.
 */
export function decideSecondWave(points: readonly LivePoint[], quantile: number): { portions: number; byPoint: { pointId: string; portions: number }[] } {
  const remaining = { mean: total(points.map((point) => point.remaining.mean)), spread: Math.sqrt(total(points.map((point) => point.remaining.spread ** 2))) };
  const left = total(points.map(({ leftPortions }) => leftPortions));
  const portions = Math.max(0, portionsFor(remaining, quantile) - left);
  const given = points.map(({ pointId }) => ({ pointId, portions: 0 }));
  for (let index = 0; index < portions; index += 1) {
    let neediest = 0;
    points.forEach((_, at) => { if (lack(points, given, at) > lack(points, given, neediest)) neediest = at; });
    given[neediest].portions += 1;
  }
  return { portions, byPoint: given.filter((one) => one.portions > 0) };
}

/** Spreads by which a point would run short with what it has and is given. */
function lack(points: readonly LivePoint[], given: readonly { portions: number }[], at: number): number {
  const { remaining, leftPortions } = points[at];
  return (remaining.mean - leftPortions - given[at].portions) / (remaining.spread + 0.5);
}

export interface ProposedTransfer { readonly fromPointId: string; readonly toPointId: string; readonly portions: number }

/**
 * Transfers between points of what one will not sell and another lacks, the largest need first. A point keeps what it
 * needs on `keepQuantile` of days; below `least` portions no trip is worth it.
 */
export function proposeTransfers(points: readonly LivePoint[], keepQuantile: number, least = 2): ProposedTransfer[] {
  const spare = points.map(({ pointId, leftPortions, remaining }) => ({ pointId, portions: leftPortions - portionsFor(remaining, keepQuantile) }))
    .filter(({ portions }) => portions > 0).sort((a, b) => b.portions - a.portions || (a.pointId < b.pointId ? -1 : 1));
  const wanting = points.map(({ pointId, leftPortions, remaining }) => ({ pointId, portions: Math.ceil(remaining.mean - 1e-9) - leftPortions }))
    .filter(({ portions }) => portions > 0).sort((a, b) => b.portions - a.portions || (a.pointId < b.pointId ? -1 : 1));
  const proposed: ProposedTransfer[] = [];
  for (const to of wanting) {
    let open = to.portions;
    for (const from of spare) {
      const portions = Math.min(open, from.portions);
      if (portions < least) continue;
      from.portions -= portions;
      open -= portions;
      proposed.push({ fromPointId: from.pointId, toPointId: to.pointId, portions });
    }
  }
  return proposed;
}

/** Share of a day's sales that has come by each minute, from sales of the past; minutes since midnight. */
export function shareByMinute(soldMinutes: readonly number[]): (minute: number) => number {
  const sorted = [...soldMinutes].sort((a, b) => a - b);
  return (minute) => {
    if (sorted.length === 0) return 0;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) <= minute) low = middle + 1;
      else high = middle;
    }
    return low / sorted.length;
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

import { type LivePoint, remainingDemand } from './live-demand.js';

/** What one counter has and has sold of one set meal at a minute of its service. */
export interface CounterNow {
  readonly pointId: string;
  /** People without an order: expected in the morning, with standard deviation over mean, and served so far. */
  readonly expectedWalkIns: number;
  readonly relativeSpread: number;
  readonly soldToWalkIns: number;
  /** Portions at the counter and on the road to it, and those of them that people who ordered have not had yet. */
  readonly there: number;
  readonly openOrders: number;
  /** Nothing was left for people without an order while they still came. */
  readonly soldOut: boolean;
}

/**
 * What a counter still needs. Orders are certain: their portions are set aside, and when boxes leave in one minute that
 * says nothing about who still comes. Only sales to people without an order move the expectation.
 *
 * @param share part of a day's walk-ins that has usually come by now, and by the end of what is asked for (1 unless given)
 */
export function livePoint(now: CounterNow, share: number, shareUntil = 1): LivePoint {
  return {
    pointId: now.pointId, leftPortions: now.there - now.openOrders,
    remaining: remainingDemand({ expected: now.expectedWalkIns, relativeSpread: now.relativeSpread, sold: now.soldToWalkIns, share, shareUntil, soldOut: now.soldOut }),
  };
}

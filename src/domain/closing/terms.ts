import { addDays, instantOf, type BusinessDay } from '../kernel/business-day.js';
import { fen, type Fen } from '../kernel/money.js';

/** The largest advance on a base of subsidy: the street's share of it, whole fen, never rounded up. */
export function advanceLimitFen(baseFen: Fen, sharePercent: number): Fen {
  return fen(Number((BigInt(baseFen) * BigInt(sharePercent)) / 100n));
}

/** A contractor may object to what happened on `day` until noon of the day after. @returns the first instant that is too late */
export function objectionDeadline(day: BusinessDay): Date {
  return instantOf(addDays(day, 1), 12 * 60);
}

import { InvariantError } from '../kernel/domain-error.js';

/** What one portion too many and one too few cost, in fen. */
export interface CookingCosts {
  /** Ingredients and work of a portion that is thrown away. */
  wastedFen: number;
  /** What it costs that one person finds nothing: the way for nothing, a substitute meal, the trust. */
  missedFen: number;
}

/**
 * Share of days on which the cooked portions should suffice: the one more portion is worth cooking as long as it is
 * missed often enough to pay for being wasted otherwise (the newsvendor's quantile), within 0.5 and 0.98.
 */
export function cookingShare({ wastedFen, missedFen }: CookingCosts): number {
  if (!(wastedFen > 0 && missedFen > 0)) throw new InvariantError('costs must be positive');
  return Math.min(0.98, Math.max(0.5, missedFen / (missedFen + wastedFen)));
}

import type { IdentitySettings } from './decide-identity.js';
import { falseMatchPpmAt } from './false-match.js';

/** Somebody a point expects: with an order for today, or because of how many of the last days they came. */
export interface ExpectedPerson {
  readonly personCode: string;
  readonly hasOrder: boolean;
  readonly days: number;
}

type Bound = Pick<IdentitySettings, 'minSimilarity' | 'minMargin' | 'falseMatchPpm' | 'falseMatchTail' | 'maxRiskPpm'>;

/**
 * How many expected people may share one half of the bound, so that each of them is named by the face alone at any match
 * that a face alone may name; Infinity where nobody is ever mistaken for anybody.
 */
export function mostExpected(settings: Bound): number {
  const ratePpm = falseMatchPpmAt(settings, settings.minSimilarity + settings.minMargin);
  return ratePpm === 0 ? Infinity : Math.floor(settings.maxRiskPpm / (2 * ratePpm));
}

/**
 * Whom a gallery that is too large for the bound is searched in first: no more than the bound allows, for one more would
 * have the digits asked of all of them at each meal. Who ordered for today comes before who comes as a rule, and among these
 * whoever came on more days. The order is total and knows nothing of who stands there, so that the bound holds.
 */
export function chooseExpected(people: readonly ExpectedPerson[], settings: Bound): string[] {
  return [...people]
    .sort((one, other) => Number(other.hasOrder) - Number(one.hasOrder) || other.days - one.days || (one.personCode < other.personCode ? -1 : 1))
    .slice(0, mostExpected(settings)).map(({ personCode }) => personCode);
}

import { InvariantError } from '../kernel/domain-error.js';
import { cosine, type UnitVector } from './template.js';

/** How often two different people come at least this near, in false matches per million comparisons. */
export interface FalseMatchPoint {
  readonly similarity: number;
  readonly falseMatchPpm: number;
}

/** What is known of false matches: one figure at the threshold, and optionally a measured tail above it. */
export interface FalseMatchRates {
  readonly minSimilarity: number;
  readonly falseMatchPpm: number;
  readonly falseMatchTail: readonly FalseMatchPoint[];
}

/** Below this many people the site's own figure says less than that of the model. */
export const LEAST_PEOPLE_FOR_RATES = 200;

/** One-sided 95 %. */
const CONFIDENCE = 1.645;
/** Nothing seen in n comparisons leaves a rate of up to 3/n with 95 % confidence. */
const RULE_OF_THREE = 3;

/** The rate that counts for a match of this similarity: the least that is measured at or below it. Never zero data: the threshold's own figure holds everywhere above it. */
export function falseMatchPpmAt(rates: FalseMatchRates, similarity: number): number {
  return rates.falseMatchTail
    .filter((point) => point.similarity <= similarity && point.similarity >= rates.minSimilarity)
    .reduce((least, point) => Math.min(least, point.falseMatchPpm), rates.falseMatchPpm);
}

/**
 * Measures false matches among a site's own people, all of them different, at each of the given similarities. The
 * bound is the rate plus 1.645 standard errors from leaving out one person at a time, because the pairs of one person
 * are not independent of each other, and never less than three in all comparisons. Templates are compared with
 * templates: they are less noisy than a visit, so strangers come rather nearer here than at a kiosk.
 *
 * @param templates one per person
 * @param similarities in rising order
 * @throws InvariantError for fewer than LEAST_PEOPLE_FOR_RATES people
 */
export function measureFalseMatches(templates: readonly UnitVector[], similarities: readonly number[]): FalseMatchPoint[] {
  const people = templates.length;
  if (people < LEAST_PEOPLE_FOR_RATES) throw new InvariantError(`${people} people are too few for a rate of their own`);
  const perPerson = similarities.map(() => new Int32Array(people));
  for (let one = 0; one < people; one += 1) {
    for (let other = one + 1; other < people; other += 1) {
      const near = cosine(templates[one], templates[other]);
      for (let level = 0; level < similarities.length && similarities[level] <= near; level += 1) {
        perPerson[level][one] += 1;
        perPerson[level][other] += 1;
      }
    }
  }
  const pairs = (people * (people - 1)) / 2;
  return similarities.map((similarity, level) => ({ similarity, falseMatchPpm: boundPpm(perPerson[level], pairs) }));
}

/** Upper bound of a rate by leaving out each person; `matches`: how many others each person is confused with. */
function boundPpm(matches: Int32Array, pairs: number): number {
  const people = matches.length;
  const total = matches.reduce((sum, own) => sum + own, 0) / 2;
  const fewerPairs = pairs - (people - 1);
  const without = Array.from(matches, (own) => (total - own) / fewerPairs);
  const mean = without.reduce((sum, rate) => sum + rate, 0) / people;
  const spread = without.reduce((sum, rate) => sum + (rate - mean) ** 2, 0);
  const error = Math.sqrt(((people - 1) / people) * spread);
  const rate = Math.max(total / pairs + CONFIDENCE * error, RULE_OF_THREE / pairs);
  return Math.min(1_000_000, Math.ceil(rate * 1_000_000));
}

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

const LEVELS = 14;

/** Similarities at which false matches are counted for a model: from its own threshold upwards, where its matches lie. */
export function measuredFrom(minSimilarity: number): number[] {
  return Array.from({ length: LEVELS }, (_, step) => Number((minSimilarity + (step * (1 - minSimilarity)) / LEVELS).toFixed(4)));
}

/** Those of a kiosk of before, which names none: from the threshold of the model that was shipped, whatever model it runs. */
export const MEASURED_SIMILARITIES: readonly number[] = Array.from({ length: LEVELS }, (_, step) => Number((0.92 + step * 0.005).toFixed(3)));

/** What one gallery shows of itself without saying who: `counts[level][person]`, how many others of the gallery each person comes this near to. */
export interface ImpostorCounts {
  readonly people: number;
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts at each of the similarities how many different people each one comes near to. Templates are compared with
 * templates: they are less noisy than a visit, so strangers come rather nearer here than at a kiosk.
 *
 * @param templates one per person, all of one model
 * @param similarities in rising order
 */
export function countImpostors(templates: readonly UnitVector[], similarities: readonly number[] = MEASURED_SIMILARITIES): ImpostorCounts {
  const people = templates.length;
  const perPerson = similarities.map(() => new Array<number>(people).fill(0));
  for (let one = 0; one < people; one += 1) {
    for (let other = one + 1; other < people; other += 1) {
      const near = cosine(templates[one], templates[other]);
      for (let level = 0; level < similarities.length && similarities[level] <= near; level += 1) {
        perPerson[level][one] += 1;
        perPerson[level][other] += 1;
      }
    }
  }
  return { people, counts: perPerson };
}

/**
 * What a gallery that was counted at other similarities says of these: nobody comes near at a greater similarity who does
 * not at a lower one, so the counts at the greatest of its own that is not above each are a bound.
 *
 * @returns null where it was not counted from as low a similarity, and says nothing
 */
export function countsAt(gallery: ImpostorCounts, own: readonly number[], similarities: readonly number[]): ImpostorCounts | null {
  const levels = similarities.map((similarity) => own.findLastIndex((counted) => counted <= similarity));
  return levels.includes(-1) ? null : { people: gallery.people, counts: levels.map((level) => gallery.counts[level]) };
}

/**
 * The rates of a site from what its galleries have counted; people of different galleries were never compared. The bound
 * is the rate plus 1.645 standard errors from leaving out one person at a time, because the pairs of one person are not
 * independent of each other, and never less than three in all comparisons.
 *
 * @throws InvariantError for fewer than LEAST_PEOPLE_FOR_RATES people, and for counts of other levels than `similarities`
 */
export function ratesOfGalleries(galleries: readonly ImpostorCounts[], similarities: readonly number[] = MEASURED_SIMILARITIES): FalseMatchPoint[] {
  const people = galleries.reduce((sum, gallery) => sum + gallery.people, 0);
  if (people < LEAST_PEOPLE_FOR_RATES) throw new InvariantError(`${people} people are too few for a rate of their own`);
  if (galleries.some((gallery) => gallery.counts.length !== similarities.length)) throw new InvariantError('counts of other similarities');
  const pairs = galleries.reduce((sum, gallery) => sum + (gallery.people * (gallery.people - 1)) / 2, 0);
  // Leaving a person out leaves out the pairs with all others of the own gallery.
  const pairsOf = galleries.flatMap((gallery) => new Array<number>(gallery.people).fill(gallery.people - 1));
  return similarities.map((similarity, level) => ({ similarity, falseMatchPpm: boundPpm(galleries.flatMap((gallery) => gallery.counts[level]), pairs, pairsOf) }));
}

/** Rates of one gallery at each of the given similarities. @throws InvariantError for fewer than LEAST_PEOPLE_FOR_RATES people */
export function measureFalseMatches(templates: readonly UnitVector[], similarities: readonly number[]): FalseMatchPoint[] {
  if (templates.length < LEAST_PEOPLE_FOR_RATES) throw new InvariantError(`${templates.length} people are too few for a rate of their own`);
  return ratesOfGalleries([countImpostors(templates, similarities)], similarities);
}

/** Upper bound of a rate by leaving out each person. `matches`: how many others each person is confused with; `pairsOf`: how many each was compared with. */
function boundPpm(matches: readonly number[], pairs: number, pairsOf: readonly number[]): number {
  const people = matches.length;
  const total = matches.reduce((sum, own) => sum + own, 0) / 2;
  const without = matches.map((own, person) => (pairs - pairsOf[person] > 0 ? (total - own) / (pairs - pairsOf[person]) : 0));
  const mean = without.reduce((sum, rate) => sum + rate, 0) / people;
  const spread = without.reduce((sum, rate) => sum + (rate - mean) ** 2, 0);
  const error = Math.sqrt(((people - 1) / people) * spread);
  const rate = Math.max(total / pairs + CONFIDENCE * error, RULE_OF_THREE / pairs);
  return Math.min(1_000_000, Math.ceil(rate * 1_000_000));
}

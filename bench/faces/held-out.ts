import type { Described } from './browser.js';
import { strangerScores, thresholdAt, type PersonScores } from './score.js';

/** One person of the bench with everything that the pictures gave. */
export interface DescribedPerson { readonly set: string; readonly person: string; readonly pictures: readonly Described[] }

export const FOLDS = 5;

/** Whole people go into one fold each, in the order of the list: nobody is chosen for and scored at once. */
export const foldOf = (person: number): number => person % FOLDS;

/** The rule: of the looks that may be chosen the one that leaves the fewest pictures of these people without a face; of equal ones the first, which is the cheapest. */
export function chooseLook(people: readonly DescribedPerson[], looks: number): { look: number; missed: number; of: number } {
  const failed = people.flatMap((person) => person.pictures).filter((picture) => picture.first === null);
  let best = { look: 0, missed: Infinity, of: failed.length };
  for (let look = 0; look < looks; look += 1) {
    const missed = failed.filter((picture) => picture.looks[look] === null).length;
    if (missed < best.missed) best = { look, missed, of: failed.length };
  }
  return best;
}

/** For each person the look that the rule gives on the people of the other folds, of all sets. */
export function lookChosenByOthers(people: readonly DescribedPerson[], looks: number): number[] {
  const byFold = Array.from({ length: FOLDS }, (_, fold) => chooseLook(people.filter((__, index) => foldOf(index) !== fold), looks).look);
  return people.map((_, index) => byFold[foldOf(index)]);
}

/** For each person the look that the rule gives on the other sets alone: other people, other cameras. */
export function lookChosenByOtherSets(people: readonly DescribedPerson[], looks: number): number[] {
  const sets = new Map([...new Set(people.map((person) => person.set))].map((set) => [set, chooseLook(people.filter((person) => person.set !== set), looks).look]));
  return people.map((person) => sets.get(person.set) ?? 0);
}

/** What a threshold does to people who had no part in it: shares of their own visits missed, and of strangers' visits taken for them. */
export interface HeldOut { readonly fnmr: number; readonly fmr: number }

/** The threshold of each fold is that at which this share of the strangers among the other folds' people would pass. */
export function heldOutRates(scores: readonly PersonScores[], share: number): HeldOut {
  const all = scores.map((_, index) => index);
  let [genuine, missed, strange, taken] = [0, 0, 0, 0];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const own = all.filter((index) => foldOf(index) === fold);
    const others = all.filter((index) => foldOf(index) !== fold);
    const threshold = thresholdAt(strangerScores(scores, others), share);
    for (const one of own) {
      genuine += scores[one].genuine.length;
      missed += scores[one].genuine.filter((score) => score <= threshold).length;
      // Visits of this person at anybody's enrolment, and of anybody at this person's.
      const against = all.filter((other) => other !== one).flatMap((other) => [...scores[one].strange.get(other) ?? [], ...scores[other].strange.get(one) ?? []]);
      strange += against.length;
      taken += against.filter((score) => score > threshold).length;
    }
  }
  return { fnmr: missed / genuine, fmr: taken / strange };
}

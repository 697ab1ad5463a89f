import type { SeededRandom } from '../../src/domain/kernel/seeded-random.js';

/** A person with the descriptors of the own pictures, in the order of the list; null where no face was found. */
export interface BenchPerson {
  readonly person: string;
  readonly pictures: readonly (Float32Array | null)[];
}

/** Which pictures enrol, and which are shown together at a visit; numbers of pictures, the same for every pipeline. */
export interface Split {
  readonly enrol: readonly number[];
  readonly visits: readonly (readonly number[])[];
}

/** How like a visit is to an enrolment, greater is nearer; -Infinity where either shows no face. */
export type Compare = (enrolment: readonly Float32Array[], visit: readonly Float32Array[]) => number;

/** Scores of one person's visits: against the own enrolment, and against each other person's. */
export interface PersonScores {
  readonly genuine: number[];
  /** By number of the other person. */
  readonly strange: Map<number, number[]>;
}

export interface Rates { readonly eer: number; readonly fnmr1e2: number; readonly fnmr1e3: number; readonly fnmr1e4: number }

const ENROLMENT_PICTURES = 3;
const VISIT_PICTURES = 2;

/** Random splits of a person's pictures: three enrol, the others visit in disjoint pairs. */
export function splitsOf(pictures: number, count: number, random: SeededRandom): Split[] {
  return Array.from({ length: count }, () => {
    const order = Array.from({ length: pictures }, (_, index) => index);
    for (let index = order.length - 1; index > 0; index -= 1) {
      const other = random.int(0, index);
      [order[index], order[other]] = [order[other], order[index]];
    }
    const rest = order.slice(ENROLMENT_PICTURES);
    const visits: number[][] = [];
    for (let at = 0; at + VISIT_PICTURES <= rest.length; at += VISIT_PICTURES) visits.push(rest.slice(at, at + VISIT_PICTURES));
    return { enrol: order.slice(0, ENROLMENT_PICTURES), visits };
  });
}

export const found = (person: BenchPerson, pictures: readonly number[]): Float32Array[] => (
  pictures.flatMap((picture) => { const one = person.pictures[picture]; return one === null ? [] : [one]; })
);

/** A visit without a face is a miss of its own person and matches nobody; so is every visit to an enrolment without one. */
export function scoreAll(people: readonly BenchPerson[], splits: readonly (readonly Split[])[], compare: Compare): PersonScores[] {
  const safe: Compare = (enrolment, visit) => (enrolment.length === 0 || visit.length === 0 ? -Infinity : compare(enrolment, visit));
  return people.map((person, own) => {
    const scores: PersonScores = { genuine: [], strange: new Map() };
    splits[own].forEach((split, turn) => {
      for (const visit of split.visits) {
        const seen = found(person, visit);
        scores.genuine.push(safe(found(person, split.enrol), seen));
        people.forEach((stranger, other) => {
          if (other === own) return;
          const list = scores.strange.get(other) ?? [];
          list.push(safe(found(stranger, splits[other][turn % splits[other].length].enrol), seen));
          scores.strange.set(other, list);
        });
      }
    });
    return scores;
  });
}

/** The least score that at most this share of the strangers reaches. */
export function thresholdAt(strange: Float64Array, share: number): number {
  const allowed = Math.floor(share * strange.length);
  const next = strange[strange.length - 1 - allowed] ?? -Infinity;
  return next;
}

/** Rates of the people with these numbers; someone drawn twice counts twice, and is no stranger to himself. */
export function ratesOf(scores: readonly PersonScores[], drawn: readonly number[]): Rates {
  const genuine = Float64Array.from(drawn.flatMap((one) => scores[one].genuine)).sort();
  const strange = Float64Array.from(drawn.flatMap((one) => drawn.flatMap((other) => scores[one].strange.get(other) ?? []))).sort();
  const missedAt = (share: number): number => {
    const threshold = thresholdAt(strange, share);
    return genuine.filter((score) => score <= threshold).length / genuine.length;
  };
  return { eer: equalError(genuine, strange), fnmr1e2: missedAt(1e-2), fnmr1e3: missedAt(1e-3), fnmr1e4: missedAt(1e-4) };
}

function equalError(genuine: Float64Array, strange: Float64Array): number {
  let missed = 0;
  let least = 1;
  let best = 1;
  strange.forEach((threshold, below) => {
    while (missed < genuine.length && genuine[missed] <= threshold) missed += 1;
    const [fnmr, fmr] = [missed / genuine.length, (strange.length - 1 - below) / strange.length];
    if (Math.abs(fnmr - fmr) < least) [least, best] = [Math.abs(fnmr - fmr), (fnmr + fmr) / 2];
  });
  return best;
}

/** Middle 95 % of the rates over resampled people. */
export function intervals(scores: readonly PersonScores[], rounds: number, random: SeededRandom): Record<keyof Rates, readonly [number, number]> {
  const drawn = Array.from({ length: rounds }, () => ratesOf(scores, scores.map(() => random.int(0, scores.length - 1))));
  const middle = (name: keyof Rates): readonly [number, number] => {
    const values = drawn.map((rates) => rates[name]).sort((a, b) => a - b);
    return [values[Math.floor(rounds * 0.025)], values[Math.ceil(rounds * 0.975) - 1]];
  };
  return { eer: middle('eer'), fnmr1e2: middle('fnmr1e2'), fnmr1e3: middle('fnmr1e3'), fnmr1e4: middle('fnmr1e4') };
}

/** Scores of strangers among these people, sorted: what a threshold for other people is taken from. */
export const strangerScores = (scores: readonly PersonScores[], among: readonly number[]): Float64Array => (
  Float64Array.from(among.flatMap((one) => among.flatMap((other) => scores[one].strange.get(other) ?? []))).sort()
);

import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import type { Sex } from '../../../domain/persons/index.js';

export const YOUNGEST_YEARS = 60;
export const OLDEST_YEARS = 102;

/**
 * Relative number of people of an age: survivors by a Gompertz law (the death rate grows by a tenth each year) of birth
 * years that were smaller the earlier they lie.
 */
export function ageWeight(ageYears: number): number {
  const since60 = ageYears - YOUNGEST_YEARS;
  const survivors = Math.exp(-0.11 * (Math.exp(0.097 * since60) - 1));
  return survivors * Math.exp(-0.022 * since60);
}

const AGES: readonly (readonly [number, number])[] = Array.from(
  { length: OLDEST_YEARS - YOUNGEST_YEARS + 1 },
  (_, index) => [YOUNGEST_YEARS + index, ageWeight(YOUNGEST_YEARS + index)] as const,
);

/** An age in completed years, drawn from the pyramid. */
export function drawAge(random: SeededRandom): number {
  return random.weighted(AGES);
}

/** Women outlive men: about half of those of 60, two thirds of those of 90. */
export function drawSex(random: SeededRandom, ageYears: number): Sex {
  return random.chance(0.505 + (ageYears - YOUNGEST_YEARS) * 0.0055) ? 'F' : 'M';
}

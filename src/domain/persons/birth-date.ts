import { ageOn, type BusinessDay } from '../kernel/business-day.js';
import { DomainError } from '../kernel/domain-error.js';

/** Older than the oldest person ever recorded: a typing error, not a birthday. */
export const HIGHEST_AGE_YEARS = 122;

/** Younger people's faces need a parent's consent, which this product does not ask for: they are never enrolled. */
export const LOWEST_FACE_AGE_YEARS = 14;

/**
 * @throws DomainError PERSON.BIRTH_IN_FUTURE, PERSON.BIRTH_TOO_EARLY
 */
export function requirePlausibleBirthDate(birthDate: BusinessDay, today: BusinessDay): void {
  if (birthDate > today) throw new DomainError('PERSON.BIRTH_IN_FUTURE', 'invalid');
  if (ageOn(birthDate, today) > HIGHEST_AGE_YEARS) throw new DomainError('PERSON.BIRTH_TOO_EARLY', 'invalid');
}

/**
 * 1 January and 1 July are what registrars of the 1950s wrote when nobody knew the day. Such a date decides ages
 * like any other, but the desk is told to look at the card once more.
 */
export function isCustomaryBirthDate(birthDate: BusinessDay): boolean {
  return birthDate.endsWith('-01-01') || birthDate.endsWith('-07-01');
}

/** @throws DomainError FACE.UNDER_AGE below fourteen years on `today` (rules for face recognition, in force 2025-06-01). */
export function requireFaceAge(birthDate: BusinessDay, today: BusinessDay): void {
  if (ageOn(birthDate, today) < LOWEST_FACE_AGE_YEARS) {
    throw new DomainError('FACE.UNDER_AGE', 'refused', { lowestAgeYears: LOWEST_FACE_AGE_YEARS });
  }
}

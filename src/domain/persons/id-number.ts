import { DomainError } from '../kernel/domain-error.js';
import { parseBusinessDay, type BusinessDay } from '../kernel/business-day.js';

/** Sex as an ID number states it: M (odd sequence number) or F (even). */
export type Sex = 'M' | 'F';

/** What an 18-digit resident ID number says by itself. */
export interface IdNumberFacts {
  /** Normalised: 18 characters, the check character X in upper case. */
  idNumber: string;
  /** First six digits: the county where the number was issued, not where the person lives now. */
  areaCode: string;
  birthDate: BusinessDay;
  sex: Sex;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/**
 * The check character of the first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2).
 *
 * @param first17 exactly 17 ASCII digits
 */
export function idCheckCharacter(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/**
 * Reads a resident ID number. Blanks around it are dropped and x becomes X; nothing else is repaired, because a
 * guessed digit would be somebody else.
 *
 * @throws DomainError PERSON.ID_FIFTEEN_DIGITS for a number of the old kind, PERSON.ID_FORMAT, PERSON.ID_BIRTH_DATE
 *   when the date inside does not exist, PERSON.ID_CHECKSUM
 */
export function parseIdNumber(text: string): IdNumberFacts {
  const idNumber = text.trim().toUpperCase();
  if (/^\d{15}$/.test(idNumber)) throw new DomainError('PERSON.ID_FIFTEEN_DIGITS', 'invalid');
  if (!/^[1-9]\d{16}[\dX]$/.test(idNumber)) throw new DomainError('PERSON.ID_FORMAT', 'invalid');
  const birthDate = birthDateIn(idNumber);
  if (idCheckCharacter(idNumber.slice(0, 17)) !== idNumber.charAt(17)) {
    throw new DomainError('PERSON.ID_CHECKSUM', 'invalid');
  }
  return { idNumber, areaCode: idNumber.slice(0, 6), birthDate, sex: Number(idNumber.charAt(16)) % 2 === 1 ? 'M' : 'F' };
}

function birthDateIn(idNumber: string): BusinessDay {
  const written = `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;
  try {
    return parseBusinessDay(written);
  } catch {
    throw new DomainError('PERSON.ID_BIRTH_DATE', 'invalid');
  }
}

/**
 * Refuses when what was entered disagrees with the number: a person must look at the card again, nobody guesses
 * which of the two is right (fault catalogue, case 69).
 *
 * @throws DomainError PERSON.BIRTH_DATE_DISAGREES, PERSON.SEX_DISAGREES
 */
export function requireAgreement(facts: IdNumberFacts, entered: { birthDate: BusinessDay; sex: Sex }): void {
  if (facts.birthDate !== entered.birthDate) throw new DomainError('PERSON.BIRTH_DATE_DISAGREES', 'invalid');
  if (facts.sex !== entered.sex) throw new DomainError('PERSON.SEX_DISAGREES', 'invalid');
}

/** The first six digits, the rest as stars: the last four are what a document proves at a desk, so none of them shows. */
export function maskIdNumber(idNumber: string): string {
  return `${idNumber.slice(0, 6)}${'*'.repeat(12)}`;
}

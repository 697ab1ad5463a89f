import { ApiRefusal } from '../../../../ui/api/index.js';
import { pick } from '../../../../ui/dictionary/index.js';

/** Which field a refusal speaks of. */
const FIELD_OF_CODE: Readonly<Record<string, string>> = {
  'PERSON.ID_FIFTEEN_DIGITS': 'idNumber',
  'PERSON.ID_FORMAT': 'idNumber',
  'PERSON.ID_BIRTH_DATE': 'idNumber',
  'PERSON.ID_CHECKSUM': 'idNumber',
  'SENIOR.ID_NUMBER_TAKEN': 'idNumber',
  'PERSON.BIRTH_DATE_DISAGREES': 'birthDate',
  'PERSON.BIRTH_IN_FUTURE': 'birthDate',
  'PERSON.BIRTH_TOO_EARLY': 'birthDate',
  'PERSON.SEX_DISAGREES': 'sex',
  'PERSON.NAME_EMPTY': 'name',
  'PERSON.NAME_CHARACTERS': 'name',
  'PERSON.NAME_TOO_LONG': 'name',
  'PERSON.PHONE_FORMAT': 'phone',
};

/** The field and sentence of a refusal, or null where it speaks of no single field. */
export function wrongField(error: unknown): { field: string; text: string } | null {
  if (!(error instanceof ApiRefusal)) return null;
  const field = FIELD_OF_CODE[error.code];
  return field === undefined ? null : { field, text: pick(error) };
}

import { parseBusinessDay, type BusinessDay } from '../kernel/business-day.js';
import { DomainError } from '../kernel/domain-error.js';
import { CATEGORY_CODES, type CategoryCode } from './category.js';
import { parseIdNumber } from './id-number.js';
import { parsePersonName } from './person-name.js';

/** A cell of a list as a file holds it. A number has lost what its writer typed; a formula is no fact. */
export interface ListCell {
  readonly text: string;
  readonly kind: 'text' | 'number' | 'formula' | 'date';
}

export const LIST_KINDS = ['death', 'category'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** Columns of the lists that civil affairs, hospitals and crematoria send; other spellings of a heading are listed with it. */
const COLUMNS = {
  name: ['姓名', '老人姓名', '死者姓名'],
  idNumber: ['身份证号', '身份证号码', '公民身份号码', '证件号码'],
  birthDate: ['出生日期', '出生年月日'],
  day: ['死亡日期', '去世日期', '火化日期'],
  code: ['类别', '人员类别', '救助类别'],
  from: ['起始日期', '开始日期', '认定日期'],
  to: ['截止日期', '结束日期', '有效期至'],
} as const;
export type ListColumn = keyof typeof COLUMNS;

const NEEDED: Readonly<Record<ListKind, readonly ListColumn[]>> = { death: ['name', 'idNumber', 'day'], category: ['name', 'idNumber', 'code', 'from'] };

const CATEGORY_WORDS: Readonly<Record<string, CategoryCode>> = {
  特困: 'destitute', 低保: 'allowance', 低边: 'allowance-edge', 低收入: 'low-income', 重残: 'disabled-severe', 中度失能: 'care-moderate', 重度失能: 'care-heavy',
  失智: 'dementia', 优抚: 'merit', 失独: 'bereaved-parent', 独居: 'alone', 空巢: 'empty-nest',
};

export const LIST_PROBLEMS = [
  'formula', 'id-ruined', 'id-format', 'id-checksum', 'id-fifteen', 'column-shifted', 'name-missing', 'name-characters', 'day-invalid', 'day-future',
  'code-unknown', 'days-empty', 'who-missing', 'birth-differs', 'twice', 'not-found', 'ambiguous', 'name-differs', 'only-name', 'known', 'refused',
] as const;
export type ListProblem = (typeof LIST_PROBLEMS)[number];

/** What a line says once it was understood; null where its column is empty. */
export interface ListLine {
  readonly name: string;
  readonly idNumber: string | null;
  readonly birthDate: BusinessDay | null;
  /** The day of death, or the first day of the category. */
  readonly day: BusinessDay;
  readonly to: BusinessDay | null;
  readonly code: CategoryCode | null;
}

/** Where each column of a list stands. @throws DomainError IMPORT.HEADER_MISSING with the heading that is looked for */
export function readHeader(kind: ListKind, header: readonly ListCell[]): Readonly<Partial<Record<ListColumn, number>>> {
  const places: Partial<Record<ListColumn, number>> = {};
  for (const [column, names] of Object.entries(COLUMNS) as [ListColumn, readonly string[]][]) {
    const at = header.findIndex((cell) => names.includes(cell.text.replace(/\s/gu, '')));
    if (at >= 0) places[column] = at;
  }
  const missing = NEEDED[kind].find((column) => places[column] === undefined);
  if (missing !== undefined) throw new DomainError('IMPORT.HEADER_MISSING', 'invalid', { heading: COLUMNS[missing][0] });
  return places;
}

/**
 * Reads one line, or says what is wrong with it and in which column. Nothing is repaired or guessed: a digit that was
 * lost is somebody else.
 */
export function readLine(
  kind: ListKind, places: Readonly<Partial<Record<ListColumn, number>>>, cells: readonly ListCell[], today: BusinessDay,
): { line: ListLine } | { problem: ListProblem; column: ListColumn } {
  const at = (column: ListColumn): ListCell => cells[places[column] ?? -1] ?? { text: '', kind: 'text' };
  const formula = (Object.keys(places) as ListColumn[]).find((column) => isFormula(at(column)));
  if (formula !== undefined) return { problem: 'formula', column: formula };
  const who = readWho(at, cells);
  return 'problem' in who ? who : readFact(kind, at, who, today);
}

type Who = Pick<ListLine, 'name' | 'idNumber' | 'birthDate'>;

function readWho(at: (column: ListColumn) => ListCell, cells: readonly ListCell[]): Who | { problem: ListProblem; column: ListColumn } {
  const id = readId(at('idNumber'), cells);
  if (id !== null && 'problem' in id) return { ...id, column: 'idNumber' };
  const name = readName(at('name').text);
  if ('problem' in name) return { ...name, column: 'name' };
  const birth = readOptionalDay(at('birthDate'));
  if (birth === 'invalid') return { problem: 'day-invalid', column: 'birthDate' };
  if (id === null) return birth === null ? { problem: 'who-missing', column: 'idNumber' } : { name: name.name, idNumber: null, birthDate: birth };
  if (birth !== null && id.birthDate !== birth) return { problem: 'birth-differs', column: 'birthDate' };
  return { name: name.name, idNumber: id.idNumber, birthDate: id.birthDate };
}

function readFact(kind: ListKind, at: (column: ListColumn) => ListCell, who: Who, today: BusinessDay): { line: ListLine } | { problem: ListProblem; column: ListColumn } {
  const dayColumn = kind === 'death' ? 'day' : 'from';
  const day = readOptionalDay(at(dayColumn));
  if (day === null || day === 'invalid') return { problem: 'day-invalid', column: dayColumn };
  if (kind === 'death') return day > today ? { problem: 'day-future', column: 'day' } : { line: { ...who, day, to: null, code: null } };
  const to = readOptionalDay(at('to'));
  if (to === 'invalid') return { problem: 'day-invalid', column: 'to' };
  if (to !== null && to <= day) return { problem: 'days-empty', column: 'to' };
  const text = at('code').text.trim();
  const code = CATEGORY_WORDS[text] ?? CATEGORY_CODES.find((known) => known === text && known !== 'special-senior');
  return code === undefined ? { problem: 'code-unknown', column: 'code' } : { line: { ...who, day, to, code } };
}

function isFormula(cell: ListCell): boolean {
  return cell.kind === 'formula' || (cell.kind === 'text' && /^\s*[=+@]/u.test(cell.text));
}

function readId(cell: ListCell, cells: readonly ListCell[]): { idNumber: string; birthDate: BusinessDay } | { problem: ListProblem } | null {
  const text = cell.text.trim().replace(/^'/, '');
  if (text === '') return cells.some((other) => looksLikeId(other.text)) ? { problem: 'column-shifted' } : null;
  // A spreadsheet keeps 15 digits of a number: the last three of an ID number are gone for good.
  if (/^\d(\.\d+)?E\+?\d+$/iu.test(text) || (cell.kind === 'number' && text.length >= 16)) return { problem: 'id-ruined' };
  try {
    const { idNumber, birthDate } = parseIdNumber(text);
    return { idNumber, birthDate };
  } catch (error) {
    if (cells.some((other) => other !== cell && looksLikeId(other.text))) return { problem: 'column-shifted' };
    return { problem: ID_PROBLEMS[error instanceof DomainError ? error.code : ''] ?? 'id-format' };
  }
}

const ID_PROBLEMS: Readonly<Record<string, ListProblem>> = {
  'PERSON.ID_CHECKSUM': 'id-checksum', 'PERSON.ID_FIFTEEN_DIGITS': 'id-fifteen', 'PERSON.ID_FORMAT': 'id-format', 'PERSON.ID_BIRTH_DATE': 'id-format',
};

const looksLikeId = (text: string): boolean => /^'?\d{17}[\dXx]$/u.test(text.trim());

function readName(text: string): { name: string } | { problem: ListProblem } {
  if (text.trim() === '') return { problem: 'name-missing' };
  try {
    return { name: parsePersonName(text) };
  } catch {
    return { problem: 'name-characters' };
  }
}

/** 2026-11-24, 2026/11/24, 2026.11.24, 2026年11月24日 or 20261124; null where nothing is written. */
function readOptionalDay(cell: ListCell): BusinessDay | null | 'invalid' {
  const text = cell.text.trim();
  if (text === '') return null;
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/u.exec(text);
  if (match === null) return 'invalid';
  const [, year = '', month = '', date = ''] = match;
  try {
    return parseBusinessDay(`${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`);
  } catch {
    return 'invalid';
  }
}

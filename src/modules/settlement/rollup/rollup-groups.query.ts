import type { EntityManager } from 'typeorm';
import { addMonths, firstDayOf, lastDayOf, type ClaimMonth } from '../../../domain/settlement/index.js';
import type { Sql } from '../meal-lines.js';
import { linesOf, ROLLUP_KEY, ROLLUP_LINES } from './rollup-lines.js';

/** One figure of one point and day, three times counted; in fen, or meals where `what` says so. */
export interface RollupDifference {
  readonly pointId: string;
  readonly day: string;
  readonly what: string;
  readonly rollup: number;
  readonly events: number;
  readonly ledger: number;
}

const KEY = ROLLUP_KEY.split(', ').filter((column) => column !== 'business_day');
const SUMS = ['meals', 'subsidised', 'gross_fen', 'due_fen', 'amount_fen'] as const;
const SELECT = `${KEY.join(', ')}, ${SUMS.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ')}`;
const BY_KEY = `GROUP BY ${KEY.join(', ')}`;

type Source = 'month' | 'days' | 'events';
type Row = Record<string, string | number>;
type Groups = Map<string, { pointId: string; what: string } & Partial<Record<Source, readonly number[]>>>;

/**
 * Every group of a month — line, payer, point, operator, period, channel, tier, category, rule, policy, sign — as the
 * roll-up of the month, the roll-up of its days, and the meals and reversals themselves have it. Sums of points and
 * payers prove no group: what is moved from one tier to another leaves them as they were.
 *
 * @param events meals (1) and reversals (-1) of the month as rows (seq, sign, day, meal_id)
 */
export async function differingGroups(tx: EntityManager, pointIds: readonly string[], month: ClaimMonth, events: Readonly<Record<1 | -1, Sql>>): Promise<RollupDifference[]> {
  const groups: Groups = new Map();
  const days = [firstDayOf(month), lastDayOf(month)];
  note(groups, 'month', await tx.query<Row[]>(`SELECT ${SELECT} FROM meal_rollup_month WHERE point_id IN (?) AND month = ? ${BY_KEY}`, [pointIds, month]));
  note(groups, 'days', await tx.query<Row[]>(`SELECT ${SELECT} FROM meal_rollup WHERE point_id IN (?) AND business_day BETWEEN ? AND ? ${BY_KEY}`, [pointIds, ...days]));
  for (const line of ROLLUP_LINES) {
    for (const sign of [1, -1] as const) {
      const lines = linesOf(line, events[sign]);
      note(groups, 'events', await tx.query<Row[]>(`SELECT ${SELECT} FROM (${lines.text}) x ${BY_KEY}`, [...lines.params]));
    }
  }
  return [...groups.values()].flatMap((group) => differenceOf(group, month));
}

/** A group of nothing but zeros is no group: a payer's part may be taken back to nothing. */
const ZEROS: readonly number[] = SUMS.map(() => 0);

function note(groups: Groups, source: Source, rows: readonly Row[]): void {
  for (const row of rows) {
    const key = KEY.map((column) => String(row[column])).join('|');
    const [line, party] = [String(row['line']), String(row['party_code'])];
    const rest = ['meal_month', 'period', 'channel', 'age_tier', 'category_code', 'rule_id', 'policy_version_id'].map((column) => String(row[column]));
    const group = groups.get(key) ?? { pointId: String(row['point_id']), what: ['month', line, party, ...rest].join(' ') };
    groups.set(key, { ...group, [source]: SUMS.map((sum) => Number(row[sum])) });
  }
}

function differenceOf({ pointId, what, month: months = ZEROS, days = ZEROS, events = ZEROS }: { pointId: string; what: string } & Partial<Record<Source, readonly number[]>>, month: ClaimMonth): RollupDifference[] {
  for (const [index, ofEvents] of events.entries()) {
    const rollup = [months[index] ?? 0, days[index] ?? 0].find((sum) => sum !== ofEvents);
    if (rollup !== undefined) return [{ pointId, day: firstDayOf(month), what: `${what} ${SUMS[index] ?? ''}`, rollup, events: ofEvents, ledger: ofEvents }];
  }
  return [];
}

/** Who ate how often, summed so that any other person or number shows: people, meals, and a checksum of both. */
const PEOPLE = 'COUNT(*) AS persons, SUM(n) AS meals, SUM(CRC32(CONCAT(senior_id, n))) AS checksum';
const PERSON_KEY = 'party_code, point_id, operator_id, age_tier, category_code';

/** Groups of people of a month whose people or meals are not those of the meals and reversals. */
export async function differingPersons(tx: EntityManager, pointIds: readonly string[], month: ClaimMonth, events: Readonly<Record<1 | -1, Sql>>): Promise<RollupDifference[]> {
  const found = new Map<string, { pointId: string; what: string; rollup?: readonly number[]; events?: readonly number[] }>();
  const take = (source: 'rollup' | 'events', rows: readonly Row[]): void => {
    for (const row of rows) {
      const key = PERSON_KEY.split(', ').map((column) => String(row[column])).join(' ');
      const group = found.get(key) ?? { pointId: String(row['point_id']), what: `persons ${String(row['party_code'])} ${String(row['age_tier'])} ${String(row['category_code'])}` };
      found.set(key, { ...group, [source]: [Number(row['persons']), Number(row['meals']), Number(row['checksum'])] });
    }
  };
  take('rollup', await tx.query<Row[]>(
    `SELECT ${PERSON_KEY}, ${PEOPLE} FROM (SELECT ${PERSON_KEY}, senior_id, meals AS n FROM meal_rollup_person WHERE point_id IN (?) AND month = ? AND meals <> 0) x GROUP BY ${PERSON_KEY}`, [pointIds, month]));
  const both: Sql = { text: `${events[1].text} UNION ALL ${events[-1].text}`, params: [...events[1].params, ...events[-1].params] };
  for (const line of ['meal', 'relief'] as const) {
    const lines = linesOf(line, both);
    take('events', await tx.query<Row[]>(
      `SELECT ${PERSON_KEY}, ${PEOPLE} FROM (SELECT ${PERSON_KEY}, senior_id, SUM(sign * meals) AS n FROM (${lines.text}) x
         WHERE senior_id IS NOT NULL AND meals = 1 AND meal_month = ? GROUP BY ${PERSON_KEY}, senior_id HAVING n <> 0) y GROUP BY ${PERSON_KEY}`, [...lines.params, month]));
  }
  return [...found.values()].flatMap(({ pointId, what, rollup = [0, 0, 0], events: counted = [0, 0, 0] }) => (rollup.every((value, index) => value === counted[index]) ? []
    : [{ pointId, day: firstDayOf(month), what, rollup: rollup[0] ?? 0, events: counted[0] ?? 0, ledger: counted[0] ?? 0 }]));
}

/** How many months before its own a claim's late events are sought in: kiosks and paper hand in within a day or two, counted generously. */
const LATE_MONTHS = 2;

/**
 * Events that were sealed in a later month than that of their day, as the roll-up lists them for adjustments and as the
 * journal's seals have them, from two months before this one on. One that is missing there would be claimed from nobody,
 * one too many twice.
 *
 * @param eventsOf meals (1) and reversals (-1) between two days as rows (seq, sign, day, meal_id)
 */
export async function differingLate(
  tx: EntityManager, pointIds: readonly string[], month: ClaimMonth, throughSeq: number, eventsOf: (sign: 1 | -1, days: readonly string[]) => Sql,
): Promise<RollupDifference[]> {
  const days = [firstDayOf(addMonths(month, -LATE_MONTHS)), lastDayOf(month)];
  const found = new Map<string, { pointId: string; day: string; rollup: number; events: number }>();
  const take = (source: 'rollup' | 'events', rows: readonly Row[]): void => {
    for (const row of rows) {
      const key = ['seq', 'meal_id', 'sign', 'day', 'point_id', 'operator_id'].map((column) => String(row[column])).join(' ');
      const one = found.get(key) ?? { pointId: String(row['point_id']), day: String(row['day']), rollup: 0, events: 0 };
      found.set(key, { ...one, [source]: 1 });
    }
  };
  take('rollup', await tx.query<Row[]>(
    'SELECT seq, meal_id, sign, business_day AS day, point_id, operator_id FROM meal_rollup_late WHERE point_id IN (?) AND business_day BETWEEN ? AND ? AND seq <= ?',
    [pointIds, ...days, throughSeq]));
  for (const sign of [1, -1] as const) {
    const events = eventsOf(sign, days);
    take('events', await tx.query<Row[]>(
      `SELECT e.seq, e.meal_id, e.sign, e.day, m.point_id, m.operator_id FROM (${events.text}) e JOIN meal m ON m.id = e.meal_id JOIN journal_seal j ON j.seq = e.seq
       WHERE DATE_FORMAT(j.sealed_at + INTERVAL 8 HOUR, '%Y-%m') > DATE_FORMAT(e.day, '%Y-%m')`, [...events.params]));
  }
  return [...found].flatMap(([key, { pointId, day, rollup, events: sealed }]) => (rollup === sealed ? [] : [{ pointId, day, what: `late ${key}`, rollup, events: sealed, ledger: sealed }]));
}

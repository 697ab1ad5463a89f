import type { MealLineType } from '../../../domain/settlement/index.js';
import { mergesOf, personOf } from '../../seniors/index.js';
import type { Sql } from '../meal-lines.js';

/** Everything that a meal is split into; one statement each. */
export const ROLLUP_LINES = ['meal', 'relief', 'operator-payment', 'tender'] as const satisfies readonly MealLineType[];

/** Columns that name a group of meals, in the order of the roll-up's key. */
export const ROLLUP_KEY = 'line, party_code, business_day, point_id, operator_id, period, channel, age_tier, category_code, rule_id, policy_version_id, meal_month, sign';

/** Meals and reversals sealed in (after, through], as rows (seq, sealed_at, sign, day, meal_id). */
export function sealedEvents(after: number, through: number): Sql {
  const sealed = 's.seq > ? AND s.seq <= ?';
  return {
    text: `SELECT s.seq, s.sealed_at, 1 AS sign, m.business_day AS day, m.id AS meal_id
           FROM journal_seal s JOIN meal m ON m.transfer_id = s.transfer_id WHERE ${sealed}
           UNION ALL
           SELECT s.seq, s.sealed_at, -1 AS sign, r.business_day AS day, r.meal_id
           FROM journal_seal s JOIN meal_reversal r ON r.transfer_id = s.transfer_id WHERE ${sealed}`,
    params: [after, through, after, through],
  };
}

/** The part of a payer's meal that counts it once, however many rules the payer shares in. */
const parts = (table: string): string => `JOIN ${table} p ON p.meal_id = m.id
  LEFT JOIN ${table} f ON f.meal_id = p.meal_id AND f.payer_code = p.payer_code AND f.rule_id < p.rule_id`;
const PART_ONCE = 'f.meal_id IS NULL';

interface LineSql { party: string; rule: string; once: string; amount: string; joins: string }

/** A tender is every entry of the sale that is neither the operator's nor a payer's: what the diner gave, by account kind. */
const LINE_SQL: Readonly<Record<MealLineType, LineSql>> = {
  meal: { party: "''", rule: "COALESCE(m.rule_id, '')", once: '1', amount: '0', joins: '' },
  relief: { party: 'p.payer_code', rule: 'p.rule_id', once: PART_ONCE, amount: 'p.amount_fen', joins: parts('meal_payer') },
  'operator-payment': { party: 'p.payer_code', rule: 'p.rule_id', once: PART_ONCE, amount: 'p.amount_fen', joins: parts('meal_operator_payment') },
  tender: {
    party: 'a.kind', rule: "COALESCE(m.rule_id, '')", once: '1', amount: '-n.amount_fen',
    joins: "JOIN entry n ON n.transfer_id = m.transfer_id JOIN account a ON a.id = n.account_id AND a.kind NOT IN ('payer', 'operator')",
  },
};

/**
 * One line of every event, with the columns of ROLLUP_KEY, seq, meal_id, senior_id and the amounts: positive for sales
 * and reversals alike, `sign` tells them apart. Gross and due stand where the meal counts.
 */
export function linesOf(line: MealLineType, events: Sql): Sql {
  const { party, rule, once, amount, joins } = LINE_SQL[line];
  return {
    text: `SELECT '${line}' AS line, ${party} AS party_code, e.day AS business_day, m.point_id, m.operator_id, m.period, m.channel, m.age_tier,
             COALESCE(m.category_code, 'none') AS category_code, ${rule} AS rule_id, COALESCE(m.policy_version_id, '') AS policy_version_id,
             DATE_FORMAT(m.business_day, '%Y-%m') AS meal_month, e.sign, e.seq, m.id AS meal_id, m.senior_id,
             IF(${once}, 1, 0) AS meals, IF(${once} AND m.gross_fen <> m.due_fen, 1, 0) AS subsidised,
             IF(${once}, m.gross_fen, 0) AS gross_fen, IF(${once}, m.due_fen, 0) AS due_fen, ${amount} AS amount_fen
           FROM (${events.text}) e JOIN meal m ON m.id = e.meal_id ${joins}`,
    params: events.params,
  };
}

/** Different people among rows `x` of meal_rollup_person: two records of one person, once merged, count once. */
export const DISTINCT_PERSONS = `COUNT(DISTINCT ${personOf('x.senior_id')})`;
export const PERSON_ROWS = `meal_rollup_person x ${mergesOf('x.senior_id')}`;

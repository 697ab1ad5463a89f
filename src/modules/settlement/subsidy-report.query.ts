import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { FinanceGroup, SubsidyFigures, SubsidyReportAnswer, SubsidyReportQuery, SubsidyRow } from '../../contract/finance.js';
import { ageTierWords, categoryWords } from '../../contract/finance.words.js';
import { Clock } from '../../infra/clock/clock.js';
import { mealLines, type FinanceScope, type Sql } from './meal-lines.js';
import { PolicyMentions, type MentionedPolicies } from './policy-mentions.query.js';

/** Group keys as SQL over a line `l`; grouping by payer also reads its part `p`. */
const GROUP_KEY: Readonly<Record<FinanceGroup, string>> = {
  day: 'l.day', point: 'l.point_id', operator: 'l.operator_id', ageTier: 'l.age_tier', category: 'l.category', payer: 'p.payer_code',
};

/** Sums come as text or numbers, depending on their column type; fen sums fit a number. */
interface CountRow {
  groupKey: string | null;
  persons: number; sold: number; reversed: number; subsidised: number | null;
  gross: string | number; due: string | number;
}

interface PayerRow { groupKey: string | null; payerCode: string; amount: string | number; reversedAmount: string | number }

/** The subsidy report: sums of meals and reversals, read in one snapshot so that every figure agrees with every other. */
@Injectable()
export class SubsidyReports {
  constructor(private readonly dataSource: DataSource, private readonly mentions: PolicyMentions, private readonly clock: Clock) {}

  async report(query: SubsidyReportQuery, scope: FinanceScope): Promise<SubsidyReportAnswer> {
    return this.dataSource.transaction('REPEATABLE READ', (tx) => this.reportWithin(tx, query, scope));
  }

  /** The report as one transaction of the caller sees it. */
  async reportWithin(tx: EntityManager, query: SubsidyReportQuery, scope: FinanceScope): Promise<SubsidyReportAnswer> {
    const lines = mealLines(query, scope);
    const counts = await this.counts(tx, lines, query);
    const payers = await this.payerSums(tx, lines, query);
    const mentioned = await this.mentions.byIds(tx, await this.versionIds(tx, lines));
    const labels = await this.labels(tx, query.groupBy, counts, mentioned);
    const rows = counts.flatMap((count): SubsidyRow[] => (count.groupKey === null ? [] : [{
      key: count.groupKey,
      label: labels.get(count.groupKey) ?? { zh: count.groupKey, en: count.groupKey },
      ...figures(count, payers.filter((part) => part.groupKey === count.groupKey), query.groupBy === 'payer'),
    }]));
    return {
      from: query.from, to: query.to, groupBy: query.groupBy, rows: inOrder(rows, query.groupBy, mentioned),
      totals: await this.totals(tx, lines, payers),
      payers: payersOf(payers, mentioned), policies: mentioned.policies,
      snapshot: await this.mentions.snapshot(tx), generatedAt: this.clock.now().toISOString(),
    };
  }

  /** Counts and gross sums per group. Grouped by payer, a meal stands in the row of each of its payers, once. */
  private counts(tx: EntityManager, lines: Sql, query: SubsidyReportQuery): Promise<CountRow[]> {
    const key = GROUP_KEY[query.groupBy];
    const byPayer = query.groupBy === 'payer';
    const parts = byPayer ? `JOIN (SELECT DISTINCT meal_id, payer_code FROM meal_payer ${query.payer === undefined ? '' : 'WHERE payer_code = ?'}) p ON p.meal_id = l.id` : '';
    return tx.query(
      `SELECT ${key} AS groupKey, ${COUNTS} FROM (${lines.text}) l ${parts} GROUP BY groupKey ORDER BY groupKey`,
      [...lines.params, ...(byPayer && query.payer !== undefined ? [query.payer] : [])],
    );
  }

  private payerSums(tx: EntityManager, lines: Sql, query: SubsidyReportQuery): Promise<PayerRow[]> {
    return tx.query(
      `SELECT ${GROUP_KEY[query.groupBy]} AS groupKey, p.payer_code AS payerCode, SUM(l.sign * p.amount_fen) AS amount,
              SUM(IF(l.sign < 0, -p.amount_fen, 0)) AS reversedAmount
       FROM (${lines.text}) l JOIN meal_payer p ON p.meal_id = l.id ${query.payer === undefined ? '' : 'AND p.payer_code = ?'}
       GROUP BY groupKey, p.payer_code ORDER BY groupKey, p.payer_code`,
      [...lines.params, ...(query.payer === undefined ? [] : [query.payer])],
    );
  }

  /** Read from the lines again, not added up from the rows: rows of one report may share people and meals. */
  private async totals(tx: EntityManager, lines: Sql, payers: readonly PayerRow[]): Promise<SubsidyFigures> {
    const [count] = await tx.query<CountRow[]>(`SELECT NULL AS groupKey, ${COUNTS} FROM (${lines.text}) l`, [...lines.params]);
    if (count === undefined) throw new Error('a sum without a row');
    const sums = new Map<string, PayerRow>();
    for (const part of payers) {
      const sum = sums.get(part.payerCode);
      sums.set(part.payerCode, {
        groupKey: null, payerCode: part.payerCode, amount: Number(sum?.amount ?? 0) + Number(part.amount),
        reversedAmount: Number(sum?.reversedAmount ?? 0) + Number(part.reversedAmount),
      });
    }
    return figures(count, [...sums.values()], false);
  }

  private async versionIds(tx: EntityManager, lines: Sql): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT DISTINCT l.policy_version_id AS id FROM (${lines.text}) l WHERE l.policy_version_id IS NOT NULL`, [...lines.params],
    );
    return rows.map((row) => row.id);
  }

  private async labels(
    tx: EntityManager, groupBy: FinanceGroup, counts: readonly CountRow[], { payers }: MentionedPolicies,
  ): Promise<Map<string, SubsidyRow['label']>> {
    const keys = counts.flatMap((count) => (count.groupKey === null ? [] : [count.groupKey]));
    if (groupBy === 'ageTier') return new Map(keys.map((key) => [key, ageTierWords(key)]));
    if (groupBy === 'category') return new Map(keys.map((key) => [key, categoryWords(key)]));
    if (groupBy === 'payer') return new Map(payers.map((payer) => [payer.code, payer.label]));
    if (groupBy === 'day' || keys.length === 0) return new Map();
    const names = await tx.query<{ id: string; name: string }[]>(`SELECT id, name FROM ${groupBy} WHERE id IN (?)`, [keys]);
    return new Map(names.map(({ id, name }) => [id, { zh: name, en: name }]));
  }
}

const COUNTS = `COUNT(DISTINCT IF(l.sign = 1 AND l.is_reversed = 0, l.senior_id, NULL)) AS persons,
  SUM(IF(l.sign = 1, 1, 0)) AS sold, SUM(IF(l.sign = -1, 1, 0)) AS reversed,
  SUM(IF(l.gross_fen <> l.due_fen, l.sign, 0)) AS subsidised,
  COALESCE(SUM(l.sign * l.gross_fen), 0) AS gross, COALESCE(SUM(l.sign * l.due_fen), 0) AS due`;

function figures(count: CountRow, parts: readonly PayerRow[], shared: boolean): SubsidyFigures {
  const sold = Number(count.sold ?? 0);
  const reversed = Number(count.reversed ?? 0);
  return {
    persons: Number(count.persons), sold, reversed, meals: sold - reversed, subsidisedMeals: Number(count.subsidised ?? 0),
    grossFen: shared ? null : Number(count.gross), dueFen: shared ? null : Number(count.due),
    subsidyFen: parts.reduce((sum, part) => sum + Number(part.amount), 0),
    reversedSubsidyFen: parts.reduce((sum, part) => sum + Number(part.reversedAmount), 0),
    payersFen: Object.fromEntries(parts.map((part) => [part.payerCode, Number(part.amount)])),
  };
}

/** Days and names as a reader expects them; tiers by age, payers as the policy lists them. */
function inOrder(rows: SubsidyRow[], groupBy: FinanceGroup, { payers }: MentionedPolicies): SubsidyRow[] {
  if (groupBy === 'day' || groupBy === 'category') return rows;
  if (groupBy === 'ageTier') return rows.sort((a, b) => lowestAge(a.key) - lowestAge(b.key));
  if (groupBy === 'payer') {
    const place = (key: string): number => payers.findIndex((payer) => payer.code === key);
    return rows.sort((a, b) => place(a.key) - place(b.key));
  }
  return rows.sort((a, b) => a.label.zh.localeCompare(b.label.zh, 'zh-Hans-CN', { numeric: true }));
}

function lowestAge(tier: string): number {
  return tier === 'public' ? -2 : tier.startsWith('under-') ? -1 : Number(/^\d+/.exec(tier)?.[0] ?? 0);
}

function payersOf(parts: readonly PayerRow[], { payers }: MentionedPolicies): SubsidyReportAnswer['payers'] {
  const used = new Set(parts.map((part) => part.payerCode));
  const known = payers.filter((payer) => used.has(payer.code)).map((payer) => ({ payerCode: payer.code, label: payer.label }));
  const unknown = [...used].filter((code) => !payers.some((payer) => payer.code === code));
  return [...known, ...unknown.map((code) => ({ payerCode: code, label: { zh: code, en: code } }))];
}

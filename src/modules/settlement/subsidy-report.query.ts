import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { FinanceGroup, SubsidyFigures, SubsidyReportAnswer, SubsidyReportQuery, SubsidyRow } from '../../contract/finance.js';
import { ageTierWords, categoryWords } from '../../contract/finance.words.js';
import { sumFen } from '../../domain/kernel/money.js';
import { Clock } from '../../infra/clock/clock.js';
import { lineSources, type FinanceScope, type LineSource, type Sql } from './meal-lines.js';
import { PolicyMentions, type MentionedPolicies } from './policy-mentions.query.js';

/** Group keys as SQL over meal `m`, apart from day and payer, which are their own. */
const GROUP_KEY: Readonly<Record<Exclude<FinanceGroup, 'day' | 'payer'>, string>> = {
  point: 'm.point_id', operator: 'm.operator_id', ageTier: 'm.age_tier', category: "COALESCE(m.category_code, 'none')",
};

/** Sums of one group, or of everything (`groupKey` null). Meals and reversals are already set off against each other. */
interface CountRow {
  groupKey: string | null;
  persons: number; sold: number; reversed: number; subsidised: number; gross: number; due: number;
}

interface PayerRow { groupKey: string | null; payerCode: string; amount: number; reversedAmount: number }

/** The same sums as the database hands them over: numbers or text, by column type. */
interface CountSqlRow {
  groupKey: string | null; persons: string; lines: string; subsidised: string | null; gross: string | null; due: string | null; versions: string | null;
}

/** The subsidy report: sums of meals and reversals, read in one snapshot so that every figure agrees with every other. */
@Injectable()
export class SubsidyReports {
  constructor(private readonly dataSource: DataSource, private readonly mentions: PolicyMentions, private readonly clock: Clock) {}

  async report(query: SubsidyReportQuery, scope: FinanceScope): Promise<SubsidyReportAnswer> {
    return this.dataSource.transaction('REPEATABLE READ', (tx) => this.reportWithin(tx, query, scope));
  }

  /** The report as one transaction of the caller sees it. */
  async reportWithin(tx: EntityManager, query: SubsidyReportQuery, scope: FinanceScope): Promise<SubsidyReportAnswer> {
    const sources = lineSources(query, scope);
    const { groups, total, versionIds } = await this.counts(tx, sources, query);
    const parts = await this.payerSums(tx, sources, query);
    const mentioned = await this.mentions.byIds(tx, versionIds);
    const labels = await this.labels(tx, query.groupBy, groups, mentioned);
    const rows = groups.flatMap((count): SubsidyRow[] => (count.groupKey === null ? [] : [{
      key: count.groupKey,
      label: labels.get(count.groupKey) ?? { zh: count.groupKey, en: count.groupKey },
      ...figures(count, parts.filter((part) => part.groupKey === count.groupKey), query.groupBy === 'payer'),
    }]));
    return {
      from: query.from, to: query.to, groupBy: query.groupBy, rows: inOrder(rows, query.groupBy, mentioned),
      totals: figures(total, allGroups(parts), false),
      payers: payersOf(parts, mentioned), policies: mentioned.policies,
      snapshot: await this.mentions.snapshot(tx), generatedAt: this.clock.now().toISOString(),
    };
  }

  /** Counts and gross sums per group and in all; the total is counted, not added up, because rows may share people. */
  private async counts(
    tx: EntityManager, sources: readonly LineSource[], query: SubsidyReportQuery,
  ): Promise<{ groups: CountRow[]; total: CountRow; versionIds: string[] }> {
    const byKey = new Map<string | null, CountRow>([[null, noCount(null)]]);
    const versionIds = new Set<string>();
    for (const source of sources) {
      const { groupBy } = query;
      const key = groupBy === 'day' ? source.day : groupBy === 'payer' ? "'all'" : GROUP_KEY[groupBy];
      const rows = await tx.query<CountSqlRow[]>(
        `SELECT ${key} AS groupKey, ${countsOf(source)} FROM ${source.tables} WHERE ${source.where.text} GROUP BY groupKey WITH ROLLUP`,
        [...source.where.params],
      );
      for (const row of rows) {
        if (groupBy !== 'payer' || row.groupKey === null) setOff(byKey, row, source.sign);
        if (row.groupKey === null && row.versions !== null) for (const id of row.versions.split(',')) versionIds.add(id);
      }
      if (groupBy === 'payer') for (const row of await this.countsByPayer(tx, source, query.payer)) setOff(byKey, row, source.sign);
    }
    const total = byKey.get(null) ?? noCount(null);
    const groups = [...byKey.values()].filter((count) => count.groupKey !== null);
    return { groups, total, versionIds: [...versionIds] };
  }

  /** A meal stands in the row of each of its payers, once. */
  private countsByPayer(tx: EntityManager, source: LineSource, payer: string | undefined): Promise<CountSqlRow[]> {
    const { text, params } = withPayers(source, payer);
    return tx.query(
      `SELECT p.payer_code AS groupKey, ${PERSONS} AS persons, COUNT(DISTINCT m.id) AS \`lines\`, COUNT(DISTINCT m.id) AS subsidised,
              0 AS gross, 0 AS due, NULL AS versions ${text} GROUP BY p.payer_code`,
      [...params],
    );
  }

  private async payerSums(tx: EntityManager, sources: readonly LineSource[], query: SubsidyReportQuery): Promise<PayerRow[]> {
    const sums = new Map<string, PayerRow>();
    for (const source of sources) {
      const { groupBy } = query;
      const key = groupBy === 'day' ? source.day : groupBy === 'payer' ? 'p.payer_code' : GROUP_KEY[groupBy];
      const { text, params } = withPayers(source, query.payer);
      const rows = await tx.query<{ groupKey: string; payerCode: string; amount: string }[]>(
        `SELECT ${key} AS groupKey, p.payer_code AS payerCode, SUM(p.amount_fen) AS amount ${text} GROUP BY groupKey, p.payer_code`, [...params],
      );
      for (const { groupKey, payerCode, amount } of rows) {
        const name = `${groupKey} ${payerCode}`;
        const sum = sums.get(name) ?? { groupKey, payerCode, amount: 0, reversedAmount: 0 };
        sum.amount += source.sign * Number(amount);
        if (source.sign < 0) sum.reversedAmount -= Number(amount);
        sums.set(name, sum);
      }
    }
    return [...sums.values()];
  }

  private async labels(
    tx: EntityManager, groupBy: FinanceGroup, groups: readonly CountRow[], { payers }: MentionedPolicies,
  ): Promise<Map<string, SubsidyRow['label']>> {
    const keys = groups.flatMap((count) => (count.groupKey === null ? [] : [count.groupKey]));
    if (groupBy === 'ageTier') return new Map(keys.map((key) => [key, ageTierWords(key)]));
    if (groupBy === 'category') return new Map(keys.map((key) => [key, categoryWords(key)]));
    if (groupBy === 'payer') return new Map(payers.map((payer) => [payer.code, payer.label]));
    if (groupBy === 'day' || keys.length === 0) return new Map();
    const names = await tx.query<{ id: string; name: string }[]>(`SELECT id, name FROM ${groupBy} WHERE id IN (?)`, [keys]);
    return new Map(names.map(({ id, name }) => [id, { zh: name, en: name }]));
  }
}

/** People who ate; whoever had every meal taken back did not. */
const PERSONS = 'COUNT(DISTINCT IF(r.meal_id IS NULL, m.senior_id, NULL))';

function countsOf({ sign }: LineSource): string {
  return `${PERSONS} AS persons, COUNT(*) AS \`lines\`, SUM(m.gross_fen <> m.due_fen) AS subsidised, SUM(m.gross_fen) AS gross,
    SUM(m.due_fen) AS due, ${sign > 0 ? 'GROUP_CONCAT(DISTINCT m.policy_version_id)' : 'NULL'} AS versions`;
}

/** The source joined with the parts of its payers `p`, or of one payer. */
function withPayers({ tables, where }: LineSource, payer: string | undefined): Sql {
  const onePayer = payer === undefined ? { text: '', params: [] } : { text: 'AND p.payer_code = ?', params: [payer] };
  return {
    text: `FROM ${tables} JOIN meal_payer p ON p.meal_id = m.id ${onePayer.text} WHERE ${where.text}`, params: [...onePayer.params, ...where.params],
  };
}

function noCount(groupKey: string | null): CountRow {
  return { groupKey, persons: 0, sold: 0, reversed: 0, subsidised: 0, gross: 0, due: 0 };
}

/** Adds meals to their group, or sets reversals off against theirs. */
function setOff(byKey: Map<string | null, CountRow>, row: CountSqlRow, sign: 1 | -1): void {
  const count = byKey.get(row.groupKey) ?? noCount(row.groupKey);
  const lines = Number(row.lines);
  if (sign > 0) {
    count.sold += lines;
    count.persons += Number(row.persons);
  } else count.reversed += lines;
  count.subsidised += sign * Number(row.subsidised ?? 0);
  count.gross += sign * Number(row.gross ?? 0);
  count.due += sign * Number(row.due ?? 0);
  byKey.set(row.groupKey, count);
}

/** Sums per payer over all groups. */
function allGroups(parts: readonly PayerRow[]): PayerRow[] {
  const sums = new Map<string, PayerRow>();
  for (const { payerCode, amount, reversedAmount } of parts) {
    const sum = sums.get(payerCode) ?? { groupKey: null, payerCode, amount: 0, reversedAmount: 0 };
    sums.set(payerCode, { ...sum, amount: sum.amount + amount, reversedAmount: sum.reversedAmount + reversedAmount });
  }
  return [...sums.values()];
}

function figures(count: CountRow, parts: readonly PayerRow[], shared: boolean): SubsidyFigures {
  const { persons, sold, reversed, subsidised, gross, due } = count;
  return {
    persons, sold, reversed, meals: sold - reversed, subsidisedMeals: subsidised,
    grossFen: shared ? null : gross, dueFen: shared ? null : due,
    subsidyFen: sumFen(parts.map((part) => part.amount)), reversedSubsidyFen: sumFen(parts.map((part) => part.reversedAmount)),
    payersFen: Object.fromEntries(parts.map((part) => [part.payerCode, part.amount])),
  };
}

/** Days and names as a reader expects them; tiers by age, payers as the policy lists them. */
function inOrder(rows: SubsidyRow[], groupBy: FinanceGroup, { payers }: MentionedPolicies): SubsidyRow[] {
  if (groupBy === 'day' || groupBy === 'category') return rows.sort((a, b) => (a.key < b.key ? -1 : 1));
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

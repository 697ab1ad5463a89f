import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DrillAnswer, DrillLevel, DrillQuery, DrillRow } from '../../../contract/finance-reports.js';
import { addDays } from '../../../domain/kernel/business-day.js';
import { maskName, type Sex } from '../../../domain/persons/index.js';
import { firstDayOf, lastDayOf, parseMonth } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { scopeCondition, type FinanceScope, type Sql } from '../meal-lines.js';
import { PolicyMentions } from '../policy-mentions.query.js';
import { DISTINCT_PERSONS, PERSON_ROWS } from '../rollup/rollup-lines.js';
import { DrillMeals, emptyRow, eventsOfDay } from './drill-meals.query.js';

type Words = DrillRow['label'];
interface SumRow { groupKey: string; line: string; partyCode: string; sold: string; reversed: string; grossFen: string; dueFen: string; amountFen: string }
interface DinerRow { dinerId: string; name: string | null; sex: Sex | null; sign: number; meals: string; grossFen: string; dueFen: string }
interface DinerPartRow { dinerId: string; payerCode: string; amountFen: string }

/** From a month to its points, to the days of a point, to the diners of a day, to their meals: sums first, then events. */
@Injectable()
export class DrillDown {
  constructor(
    private readonly dataSource: DataSource, private readonly meals: DrillMeals, private readonly mentions: PolicyMentions, private readonly clock: Clock,
  ) {}

  async page(query: DrillQuery, scope: FinanceScope): Promise<DrillAnswer> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const { level, rows } = await this.level(tx, query, scope);
      const [state] = await tx.query<{ through: string; newest: string | null }[]>(
        "SELECT through_seq AS through, (SELECT MAX(seq) FROM journal_seal) AS newest FROM meal_rollup_state WHERE name = 'meals'");
      const throughSeq = Number(state?.through ?? 0);
      const codes = new Set(rows.flatMap((row) => Object.keys(row.payersFen)));
      return {
        level, crumbs: await this.crumbs(tx, query), rows, totals: totalOf(rows), payers: await this.payers(tx, scope, codes),
        snapshot: { throughSeq, waiting: Number(state?.newest ?? 0) - throughSeq }, generatedAt: this.clock.now().toISOString(),
      };
    });
  }

  private async level(tx: EntityManager, query: DrillQuery, scope: FinanceScope): Promise<{ level: DrillLevel; rows: DrillRow[] }> {
    const { month, pointId, day, dinerId } = query;
    if (pointId === undefined) return { level: 'point', rows: await this.points(tx, month, scope) };
    if (day === undefined) return { level: 'day', rows: await this.days(tx, month, pointId, scope) };
    if (dinerId === undefined) return { level: 'senior', rows: await this.diners(tx, pointId, day, scope) };
    return { level: 'meal', rows: await this.meals.ofDiner(tx, { pointId, day, dinerId }, scope) };
  }

  private async points(tx: EntityManager, month: string, scope: FinanceScope): Promise<DrillRow[]> {
    const where = within(scope, 'x');
    const rows = await tx.query<SumRow[]>(`${sums('meal_rollup_month', 'x.point_id')} WHERE x.month = ? AND x.line IN ('meal', 'relief') AND ${where.text} ${SUM_GROUP}`, [month, ...where.params]);
    const persons = await tx.query<{ pointId: string; persons: string }[]>(
      `SELECT x.point_id AS pointId, ${DISTINCT_PERSONS} AS persons FROM ${PERSON_ROWS}
       WHERE x.party_code = '' AND x.month = ? AND x.meals > 0 AND ${where.text} GROUP BY x.point_id`, [month, ...where.params],
    );
    const names = await tx.query<{ id: string; name: string }[]>('SELECT id, name FROM point');
    const nameOf = new Map(names.map(({ id, name }) => [id, { zh: name, en: name }]));
    const personsOf = new Map(persons.map((row) => [row.pointId, Number(row.persons)]));
    return drillRows(rows, (key) => nameOf.get(key) ?? plain(key), (key) => personsOf.get(key) ?? 0)
      .sort((a, b) => a.label.zh.localeCompare(b.label.zh, 'zh-Hans-CN', { numeric: true }));
  }

  /** Every day of the month, so that a day without meals is seen as one. */
  private async days(tx: EntityManager, month: string, pointId: string, scope: FinanceScope): Promise<DrillRow[]> {
    const where = within(scope, 'x');
    const [from, to] = [firstDayOf(parseMonth(month)), lastDayOf(parseMonth(month))];
    const rows = await tx.query<SumRow[]>(
      `${sums('meal_rollup', 'x.business_day')} WHERE x.point_id = ? AND x.business_day BETWEEN ? AND ? AND x.line IN ('meal', 'relief') AND ${where.text} ${SUM_GROUP}`,
      [pointId, from, to, ...where.params],
    );
    const found = new Map(drillRows(rows, plain, () => null).map((row) => [row.key, row]));
    const days: DrillRow[] = [];
    for (let day = from; day <= to; day = addDays(day, 1)) days.push(found.get(day) ?? emptyRow(day, plain(day), null));
    return days;
  }

  private async diners(tx: EntityManager, pointId: string, day: string, scope: FinanceScope): Promise<DrillRow[]> {
    const lines = eventsOfDay(pointId, day, scope);
    const rows = await tx.query<DinerRow[]>(
      `SELECT COALESCE(m.senior_id, 'public') AS dinerId, s.name, s.sex, e.sign, COUNT(*) AS meals, SUM(m.gross_fen) AS grossFen, SUM(m.due_fen) AS dueFen
       FROM (${lines.text}) e JOIN meal m ON m.id = e.id LEFT JOIN senior s ON s.id = m.senior_id GROUP BY dinerId, s.name, s.sex, e.sign`,
      [...lines.params],
    );
    const parts = await tx.query<DinerPartRow[]>(
      `SELECT COALESCE(m.senior_id, 'public') AS dinerId, p.payer_code AS payerCode, SUM(e.sign * p.amount_fen) AS amountFen
       FROM (${lines.text}) e JOIN meal m ON m.id = e.id JOIN meal_payer p ON p.meal_id = m.id GROUP BY dinerId, p.payer_code`,
      [...lines.params],
    );
    const found = new Map<string, DrillRow>();
    for (const row of rows) {
      const label = row.name === null || row.sex === null ? { zh: '散客', en: 'public' } : plain(maskName(row.name, row.sex));
      const old = found.get(row.dinerId) ?? emptyRow(row.dinerId, label, row.dinerId === 'public' ? null : 1);
      const sign = Number(row.sign);
      const meals = Number(row.meals);
      found.set(row.dinerId, {
        ...old, sold: old.sold + (sign > 0 ? meals : 0), reversed: old.reversed + (sign < 0 ? meals : 0),
        grossFen: old.grossFen + sign * Number(row.grossFen), dueFen: old.dueFen + sign * Number(row.dueFen),
      });
    }
    for (const { dinerId, payerCode, amountFen } of parts) {
      const row = found.get(dinerId);
      if (row === undefined) continue;
      row.payersFen[payerCode] = Number(amountFen);
      row.subsidyFen += Number(amountFen);
    }
    return [...found.values()].sort((a, b) => (a.label.zh + a.key).localeCompare(b.label.zh + b.key, 'zh-Hans-CN'));
  }

  private async crumbs(tx: EntityManager, query: DrillQuery): Promise<DrillAnswer['crumbs']> {
    const crumbs: DrillAnswer['crumbs'] = [];
    if (query.pointId !== undefined) {
      const [point] = await tx.query<{ name: string }[]>('SELECT name FROM point WHERE id = ?', [query.pointId]);
      crumbs.push({ level: 'point', key: query.pointId, label: plain(point?.name ?? query.pointId) });
    }
    if (query.day !== undefined) crumbs.push({ level: 'day', key: query.day, label: plain(query.day) });
    if (query.dinerId !== undefined) {
      const [senior] = await tx.query<{ name: string; sex: Sex }[]>('SELECT name, sex FROM senior WHERE id = ?', [query.dinerId]);
      crumbs.push({ level: 'senior', key: query.dinerId, label: senior === undefined ? { zh: '散客', en: 'public' } : plain(maskName(senior.name, senior.sex)) });
    }
    return crumbs;
  }

  private async payers(tx: EntityManager, scope: FinanceScope, codes: ReadonlySet<string>): Promise<DrillAnswer['payers']> {
    const points = scope.kind === 'points' ? scope.pointIds
      : (await tx.query<{ id: string }[]>('SELECT id FROM point WHERE operator_id = ?', [scope.operatorId])).map((row) => row.id);
    const { payers } = await this.mentions.ofPoints(tx, points);
    const known = payers.filter((payer) => codes.has(payer.code)).map((payer) => ({ payerCode: payer.code, label: payer.label }));
    return [...known, ...[...codes].filter((code) => !known.some((payer) => payer.payerCode === code)).map((code) => ({ payerCode: code, label: plain(code) }))];
  }
}

const plain = (text: string): Words => ({ zh: text, en: text });
const SUM_GROUP = 'GROUP BY groupKey, x.line, x.party_code';

function sums(table: string, key: string): string {
  return `SELECT ${key} AS groupKey, x.line, x.party_code AS partyCode, SUM(IF(x.sign > 0, x.meals, 0)) AS sold, SUM(IF(x.sign < 0, x.meals, 0)) AS reversed,
    SUM(x.sign * x.gross_fen) AS grossFen, SUM(x.sign * x.due_fen) AS dueFen, SUM(x.sign * x.amount_fen) AS amountFen FROM ${table} x`;
}

function within(scope: FinanceScope, table: string): Sql {
  const { text, params } = scopeCondition(scope);
  return { text: text.replaceAll('m.', `${table}.`), params };
}

function drillRows(rows: readonly SumRow[], labelOf: (key: string) => Words, personsOf: (key: string) => number | null): DrillRow[] {
  const found = new Map<string, DrillRow>();
  for (const row of rows) {
    const old = found.get(row.groupKey) ?? emptyRow(row.groupKey, labelOf(row.groupKey), personsOf(row.groupKey));
    const amountFen = Number(row.amountFen);
    found.set(row.groupKey, row.line === 'meal'
      ? { ...old, sold: Number(row.sold), reversed: Number(row.reversed), grossFen: Number(row.grossFen), dueFen: Number(row.dueFen) }
      : { ...old, subsidyFen: old.subsidyFen + amountFen, payersFen: { ...old.payersFen, [row.partyCode]: amountFen } });
  }
  return [...found.values()];
}

function totalOf(rows: readonly DrillRow[]): DrillAnswer['totals'] {
  const payersFen: Record<string, number> = {};
  const total = { sold: 0, reversed: 0, grossFen: 0, dueFen: 0, subsidyFen: 0 };
  for (const row of rows) {
    for (const name of ['sold', 'reversed', 'grossFen', 'dueFen', 'subsidyFen'] as const) total[name] += row[name];
    for (const [code, amountFen] of Object.entries(row.payersFen)) payersFen[code] = (payersFen[code] ?? 0) + amountFen;
  }
  return { ...total, payersFen };
}

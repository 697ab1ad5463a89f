import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { FinanceChoicesAnswer, FinanceMealRow, FinanceMealsAnswer, FinanceMealsQuery } from '../../contract/finance.js';
import { ageTierWords, CATEGORY_CODES_WITH_WORDS, categoryWords } from '../../contract/finance.words.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { tierCode } from '../../domain/subsidy/index.js';
import { mealLines, type FinanceScope, type Sql } from './meal-lines.js';
import { PolicyMentions } from './policy-mentions.query.js';
import { SubsidyReports } from './subsidy-report.query.js';

type ListRow = Omit<FinanceMealRow, 'kind' | 'dinerName' | 'ageTierLabel' | 'payers' | 'isReversed' | 'at'> & {
  sign: number; isReversed: number; name: string | null; sex: Sex | null; at: Date; policyVersionId: string | null;
};

export interface MealPage {
  rows: FinanceMealRow[];
  /** Versions that the page's meals name. */
  versionIds: string[];
}

/** The meals behind a figure: the same lines as the report, one by one. */
@Injectable()
export class MealLists {
  constructor(private readonly dataSource: DataSource, private readonly reports: SubsidyReports, private readonly mentions: PolicyMentions) {}

  async list(query: FinanceMealsQuery, scope: FinanceScope): Promise<FinanceMealsAnswer> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const lines = mealLines(query, scope);
      const { totals } = await this.reports.reportWithin(tx, { ...query, groupBy: 'day' }, scope);
      const page = await this.page(tx, lines, query.payer, query.size, (query.page - 1) * query.size);
      const { payers } = await this.mentions.byIds(tx, page.versionIds);
      const { meals, sold, reversed, grossFen, dueFen, subsidyFen } = totals;
      return {
        rows: page.rows, total: sold + reversed, totals: { meals, subsidyFen, grossFen: grossFen ?? 0, dueFen: dueFen ?? 0 },
        payers: payers.map(({ code, label }) => ({ payerCode: code, label })),
      };
    });
  }

  /** `size` lines from `offset` on, in the order of days and times. With a payer, amounts are that payer's part only. */
  async page(tx: EntityManager, lines: Sql, payer: string | undefined, size: number, offset: number): Promise<MealPage> {
    const rows = await tx.query<ListRow[]>(
      `SELECT l.sign, l.id AS mealId, l.day, m.period, m.channel, p.name AS pointName, o.name AS operatorName, s.name, s.sex,
              m.age_years AS ageYears, m.age_tier AS ageTier, m.category_code AS categoryCode, m.rule_id AS ruleId,
              l.sign * m.gross_fen AS grossFen, l.sign * m.due_fen AS dueFen, m.identified_by AS identifiedBy,
              r.meal_id IS NOT NULL AS isReversed, l.at, m.policy_version_id AS policyVersionId
       FROM (SELECT * FROM (${lines.text}) u ORDER BY day, at, id, sign DESC LIMIT ? OFFSET ?) l
       JOIN meal m ON m.id = l.id JOIN point p ON p.id = m.point_id JOIN operator o ON o.id = m.operator_id
       LEFT JOIN senior s ON s.id = m.senior_id LEFT JOIN meal_reversal r ON r.meal_id = m.id
       ORDER BY l.day, l.at, l.id, l.sign DESC`,
      [...lines.params, size, offset],
    );
    const parts = await this.payersOf(tx, rows.map((row) => row.mealId), payer);
    return {
      rows: rows.map((row) => toRow(row, parts)),
      versionIds: [...new Set(rows.flatMap((row) => (row.policyVersionId === null ? [] : [row.policyVersionId])))],
    };
  }

  /** What the filters of a page can be set to. */
  async choices(scope: FinanceScope): Promise<FinanceChoicesAnswer> {
    const tx = this.dataSource.manager;
    const points = scope.kind === 'points'
      ? await this.named(tx, 'SELECT id, name FROM point WHERE id IN (?) ORDER BY name', scope.pointIds)
      : await tx.query<{ id: string; name: string }[]>('SELECT id, name FROM point WHERE operator_id = ? ORDER BY name', [scope.operatorId]);
    const operators = scope.kind === 'points'
      ? await this.named(tx, 'SELECT id, name FROM operator WHERE id IN (SELECT operator_id FROM point WHERE id IN (?)) ORDER BY name', scope.pointIds)
      : await tx.query<{ id: string; name: string }[]>('SELECT id, name FROM operator WHERE id = ?', [scope.operatorId]);
    const { payers, ageTiers } = await this.mentions.ofPoints(tx, points.map((point) => point.id));
    const under = ageTiers[0] === undefined ? [] : [`under-${ageTiers[0].fromAge}`];
    return {
      points, operators,
      ageTiers: [...ageTiers.map(tierCode), ...under, 'public'].map((key) => ({ key, label: ageTierWords(key) })),
      categories: [...CATEGORY_CODES_WITH_WORDS, 'none'].map((key) => ({ key, label: categoryWords(key) })),
      payers: payers.map(({ code, label }) => ({ key: code, label })),
    };
  }

  private async named(tx: EntityManager, sql: string, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
    return ids.length === 0 ? [] : tx.query(sql, [ids]);
  }

  private async payersOf(tx: EntityManager, mealIds: readonly string[], payer: string | undefined): Promise<Map<string, FinanceMealRow['payers']>> {
    const byMeal = new Map<string, FinanceMealRow['payers']>();
    if (mealIds.length === 0) return byMeal;
    const parts = await tx.query<{ mealId: string; payerCode: string; amountFen: string | number }[]>(
      `SELECT meal_id AS mealId, payer_code AS payerCode, SUM(amount_fen) AS amountFen FROM meal_payer
       WHERE meal_id IN (?) ${payer === undefined ? '' : 'AND payer_code = ?'} GROUP BY meal_id, payer_code ORDER BY meal_id, payer_code`,
      [mealIds, ...(payer === undefined ? [] : [payer])],
    );
    for (const { mealId, payerCode, amountFen } of parts) {
      byMeal.set(mealId, [...(byMeal.get(mealId) ?? []), { payerCode, amountFen: Number(amountFen) }]);
    }
    return byMeal;
  }
}

function toRow(row: ListRow, parts: ReadonlyMap<string, FinanceMealRow['payers']>): FinanceMealRow {
  const factor = Number(row.sign);
  const { name, sex } = row;
  const { mealId, day, period, channel, pointName, operatorName, ageYears, ageTier, categoryCode, ruleId, identifiedBy } = row;
  return {
    mealId, day, period, channel, pointName, operatorName, ageYears, ageTier, categoryCode, ruleId, identifiedBy,
    kind: factor > 0 ? 'meal' : 'reversal', grossFen: Number(row.grossFen), dueFen: Number(row.dueFen),
    dinerName: name === null || sex === null ? null : maskName(name, sex), ageTierLabel: ageTierWords(row.ageTier),
    payers: (parts.get(row.mealId) ?? []).map((part) => ({ ...part, amountFen: factor * part.amountFen })),
    isReversed: Number(row.isReversed) === 1, at: row.at.toISOString(),
  };
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { FinanceChoicesAnswer, FinanceFilters, FinanceMealRow, SubsidyReportQuery } from '../../contract/finance.js';
import { CHANNEL_WORDS, PERIOD_WORDS, ageTierWords, categoryWords } from '../../contract/finance.words.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { mealLines, type FinanceScope } from './meal-lines.js';
import { MealLists } from './meal-list.query.js';
import { mealsSheet } from './meals-sheet.js';
import { SheetWriter } from '../../infra/sheets/sheet-writer.js';
import { SubsidyReports } from './subsidy-report.query.js';
import { subsidySheet, type SheetMaker } from './subsidy-sheet.js';

/** A sheet beyond this is of no use to a reader and heavy for the server; fewer days are asked for instead. */
export const EXPORT_MAX_MEALS = 50_000;
const PAGE = 10_000;

export interface ExportFile {
  fileName: string;
  content: Buffer;
}

/** Reports and meals as spreadsheet files; who took what out is audited. */
@Injectable()
export class FinanceExports {
  constructor(
    private readonly dataSource: DataSource, private readonly reports: SubsidyReports, private readonly meals: MealLists,
    private readonly sheets: SheetWriter, private readonly audit: AuditTrail,
  ) {}

  async subsidy(query: SubsidyReportQuery, scope: FinanceScope, staff: StaffIdentity): Promise<ExportFile> {
    const report = await this.reports.report(query, scope);
    const content = await this.sheets.write(subsidySheet(report, await this.maker(query, scope, staff)));
    await this.record(staff, 'subsidy-report', query, report.rows.length);
    return { fileName: `补贴汇总-${query.from}-${query.to}.xlsx`, content };
  }

  /** @throws DomainError FINANCE.EXPORT_TOO_LONG beyond EXPORT_MAX_MEALS lines */
  async mealList(filters: FinanceFilters, scope: FinanceScope, staff: StaffIdentity): Promise<ExportFile> {
    const { rows, report } = await this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const read = await this.reports.reportWithin(tx, { ...filters, groupBy: 'day' }, scope);
      const total = read.totals.sold + read.totals.reversed;
      if (total > EXPORT_MAX_MEALS) throw new DomainError('FINANCE.EXPORT_TOO_LONG', 'refused', { meals: total, most: EXPORT_MAX_MEALS });
      return { rows: await this.everyLine(tx, filters, scope), report: read };
    });
    const content = await this.sheets.write(mealsSheet(rows, report, await this.maker(filters, scope, staff)));
    await this.record(staff, 'meal-list', filters, rows.length);
    return { fileName: `用餐明细-${filters.from}-${filters.to}.xlsx`, content };
  }

  private async everyLine(tx: EntityManager, filters: FinanceFilters, scope: FinanceScope): Promise<FinanceMealRow[]> {
    const lines = mealLines(filters, scope);
    const found: FinanceMealRow[] = [];
    for (;;) {
      const { rows } = await this.meals.page(tx, lines, filters.payer, PAGE, found.length);
      found.push(...rows);
      if (rows.length < PAGE) return found;
    }
  }

  private async maker(filters: FinanceFilters, scope: FinanceScope, staff: StaffIdentity): Promise<SheetMaker> {
    return { filters: filterWords(filters, await this.meals.choices(scope)), name: staff.displayName };
  }

  private record(staff: StaffIdentity, what: string, filters: FinanceFilters, rows: number): Promise<void> {
    return this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'finance.exported', objectKind: what, objectId: null, outcome: 'done',
      detail: { from: filters.from, to: filters.to, rows },
    });
  }
}

function filterWords(filters: FinanceFilters, choices: FinanceChoicesAnswer): string[] {
  const nameOf = (list: readonly { id: string; name: string }[], id: string): string => list.find((one) => one.id === id)?.name ?? id;
  return [
    filters.pointId === undefined ? '' : `助餐点：${nameOf(choices.points, filters.pointId)}`,
    filters.operatorId === undefined ? '' : `运营方：${nameOf(choices.operators, filters.operatorId)}`,
    filters.ageTier === undefined ? '' : `年龄段：${ageTierWords(filters.ageTier).zh}`,
    filters.category === undefined ? '' : `人员类别：${categoryWords(filters.category).zh}`,
    filters.payer === undefined ? '' : `出资方：${choices.payers.find((payer) => payer.key === filters.payer)?.label.zh ?? filters.payer}`,
    filters.period === undefined ? '' : `餐次：${PERIOD_WORDS[filters.period]?.zh ?? filters.period}`,
    filters.channel === undefined ? '' : `方式：${CHANNEL_WORDS[filters.channel]?.zh ?? filters.channel}`,
  ].filter((word) => word !== '');
}

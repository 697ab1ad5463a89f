import type { SubsidyFigures, SubsidyReportAnswer } from '../../contract/finance.js';
import { GROUP_WORDS } from '../../contract/finance.words.js';
import { businessDayOf, clockText } from '../../domain/kernel/business-day.js';
import { sumFen } from '../../domain/kernel/money.js';
import type { SheetColumn, SheetPlan, SheetValue } from '../../infra/sheets/sheet-file.js';

/** What stands above the table besides the report itself. */
export interface SheetMaker {
  /** Filters in words; empty for none. */
  readonly filters: readonly string[];
  readonly name: string;
}

/** The report as a sheet: filter band, rows, totals, and the difference between both. */
export function subsidySheet(report: SubsidyReportAnswer, maker: SheetMaker): SheetPlan {
  const group = GROUP_WORDS[report.groupBy]?.zh ?? report.groupBy;
  const difference = sumFen(report.rows.map((row) => row.subsidyFen)) - report.totals.subsidyFen;
  return {
    sheet: '补贴汇总',
    band: [...reportBand(report, maker), ['分组', group]],
    columns: [
      { title: group, kind: 'text', width: 24 }, { title: '编号', kind: 'text', width: 38 },
      ...['人数', '售出', '冲销', '净份数', '有补贴份数'].map((title): SheetColumn => ({ title, kind: 'count', width: 9 })),
      ...['原价(元)', '个人付(元)', '补贴(元)', ...report.payers.map((payer) => `${payer.label.zh}(元)`), '补贴中冲销(元)']
        .map((title): SheetColumn => ({ title, kind: 'yuan', width: 12 })),
    ],
    rows: report.rows.map((row) => [row.label.zh, row.key, ...figureValues(row, report)]),
    totals: ['合计', '', ...figureValues(report.totals, report)],
    check: ['校验', '各行补贴之和减合计(元)', null, null, null, null, null, null, null, difference],
  };
}

/** Title, period, filters, policies, maker and the state of the ledger: what makes a printed sheet traceable. */
export function reportBand(
  report: Pick<SubsidyReportAnswer, 'from' | 'to' | 'policies' | 'snapshot' | 'generatedAt'>, maker: SheetMaker,
): [name: string, value: string][] {
  const { snapshot } = report;
  const at = new Date(report.generatedAt);
  const seal = snapshot.sealSeq === null ? '尚未封存' : `封存第 ${snapshot.sealSeq} 环 ${snapshot.sealHash ?? ''}`;
  return [
    ['热乎饭', '老年助餐补贴报表'],
    ['期间', `${report.from} 至 ${report.to}`],
    ['条件', maker.filters.length === 0 ? '全部' : maker.filters.join('；')],
    ['政策', report.policies.map((policy) => `${policy.name}（${policy.sourceDocument}，${policy.effectiveFrom} 起）`).join('；') || '无'],
    ['生成', `${businessDayOf(at)} ${clockText(at)} ${maker.name}`],
    ['账本', `第 ${snapshot.transferPosition} 笔，${seal}`],
  ];
}

function figureValues(figures: SubsidyFigures, report: SubsidyReportAnswer): SheetValue[] {
  return [
    figures.persons, figures.sold, figures.reversed, figures.meals, figures.subsidisedMeals,
    figures.grossFen, figures.dueFen, figures.subsidyFen,
    ...report.payers.map((payer) => figures.payersFen[payer.payerCode] ?? 0),
    figures.reversedSubsidyFen,
  ];
}

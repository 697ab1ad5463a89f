import { clockText } from '../../domain/kernel/business-day.js';
import type { FinanceMealRow, SubsidyReportAnswer } from '../../contract/finance.js';
import { CHANNEL_WORDS, IDENTIFIED_BY_WORDS, PERIOD_WORDS, categoryWords } from '../../contract/finance.words.js';
import type { SheetColumn, SheetPlan, SheetValue } from '../../infra/sheets/sheet-file.js';
import { reportBand, type SheetMaker } from './subsidy-sheet.js';

const TEXT_COLUMNS: readonly (readonly [title: string, width: number])[] = [
  ['用餐编号', 38], ['类型', 8], ['日期', 12], ['时间', 8], ['餐次', 8], ['方式', 8], ['助餐点', 24], ['运营方', 24], ['用餐人', 12],
];

/** Single meals and reversals as a sheet, with the band of the report they belong to. Diners stay masked. */
export function mealsSheet(
  rows: readonly FinanceMealRow[],
  report: Pick<SubsidyReportAnswer, 'from' | 'to' | 'policies' | 'snapshot' | 'generatedAt' | 'payers' | 'totals'>, maker: SheetMaker,
): SheetPlan {
  const { totals } = report;
  const payerCodes = report.payers.map((payer) => payer.payerCode);
  return {
    sheet: '用餐明细',
    band: reportBand(report, maker),
    columns: [
      ...TEXT_COLUMNS.map(([title, width]): SheetColumn => ({ title, kind: 'text', width })),
      { title: '年龄', kind: 'count', width: 8 },
      ...['年龄段', '人员类别', '规则'].map((title): SheetColumn => ({ title, kind: 'text', width: 14 })),
      ...['原价(元)', '个人付(元)', ...report.payers.map((payer) => `${payer.label.zh}(元)`)].map((title): SheetColumn => ({ title, kind: 'yuan', width: 12 })),
      { title: '核验方式', kind: 'text', width: 12 },
    ],
    rows: rows.map((row) => mealValues(row, payerCodes)),
    totals: [
      '合计', `${rows.length} 行`, ...Array.from({ length: 11 }, () => null), totals.grossFen, totals.dueFen,
      ...payerCodes.map((code) => totals.payersFen[code] ?? 0),
    ],
    check: [],
  };
}

function mealValues(row: FinanceMealRow, payerCodes: readonly string[]): SheetValue[] {
  return [
    row.mealId, row.kind === 'meal' ? '用餐' : '冲销', row.day, clockText(new Date(row.at)),
    PERIOD_WORDS[row.period]?.zh ?? row.period, CHANNEL_WORDS[row.channel]?.zh ?? row.channel, row.pointName, row.operatorName,
    row.dinerName ?? '散客', row.ageYears, row.ageTierLabel.zh,
    row.categoryCode === null ? '' : categoryWords(row.categoryCode).zh, row.ruleId ?? '', row.grossFen, row.dueFen,
    ...payerCodes.map((code) => row.payers.find((part) => part.payerCode === code)?.amountFen ?? 0),
    IDENTIFIED_BY_WORDS[row.identifiedBy]?.zh ?? row.identifiedBy,
  ];
}

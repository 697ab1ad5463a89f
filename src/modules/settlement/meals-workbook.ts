import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import type { FinanceMealRow, SubsidyReportAnswer } from '../../contract/finance.js';
import { CHANNEL_WORDS, IDENTIFIED_BY_WORDS, PERIOD_WORDS, categoryWords } from '../../contract/finance.words.js';
import { clockText, count, headerRow, text, totalRow, yuan } from './sheet-cells.js';
import { reportBand, type SheetBand } from './subsidy-workbook.js';

const WIDTHS = [38, 8, 12, 8, 8, 8, 24, 24, 12, 8, 12, 14, 20, 12, 12];

/** Single meals and reversals as an .xlsx file, with the band of the report they belong to. */
export async function mealsWorkbook(
  rows: readonly FinanceMealRow[], report: Pick<SubsidyReportAnswer, 'from' | 'to' | 'policies' | 'snapshot' | 'generatedAt' | 'payers' | 'totals'>, band: SheetBand,
): Promise<Buffer> {
  const bands: SheetData = [...reportBand(report, band), []];
  const header = [
    '用餐编号', '类型', '日期', '时间', '餐次', '方式', '助餐点', '运营方', '用餐人', '年龄', '年龄段', '人员类别', '规则', '原价(元)', '个人付(元)',
    ...report.payers.map((payer) => `${payer.label.zh}(元)`), '核验方式',
  ];
  const { totals } = report;
  const data: SheetData = [
    ...bands,
    headerRow(header),
    ...rows.map((row) => mealCells(row, report.payers.map((payer) => payer.payerCode))),
    totalRow([
      text('合计'), count(rows.length), ...Array.from({ length: 11 }, () => text('')), yuan(totals.grossFen), yuan(totals.dueFen),
      ...report.payers.map((payer) => yuan(totals.payersFen[payer.payerCode] ?? 0)), text(''),
    ]),
  ];
  return writeXlsxFile(data, {
    sheet: '用餐明细', stickyRowsCount: bands.length + 1, stickyColumnsCount: 1, orientation: 'landscape',
    columns: header.map((_title, index) => ({ width: WIDTHS[index] ?? 12 })),
  }).toBuffer();
}

function mealCells(row: FinanceMealRow, payerCodes: readonly string[]): Cell[] {
  return [
    text(row.mealId), text(row.kind === 'meal' ? '用餐' : '冲销'), text(row.day), text(clockText(new Date(row.at))),
    text(PERIOD_WORDS[row.period]?.zh ?? row.period), text(CHANNEL_WORDS[row.channel]?.zh ?? row.channel), text(row.pointName), text(row.operatorName),
    text(row.dinerName ?? '散客'), row.ageYears === null ? null : count(row.ageYears), text(row.ageTierLabel.zh),
    text(row.categoryCode === null ? '' : categoryWords(row.categoryCode).zh), text(row.ruleId ?? ''), yuan(row.grossFen), yuan(row.dueFen),
    ...payerCodes.map((code) => yuan(row.payers.find((part) => part.payerCode === code)?.amountFen ?? 0)),
    text(IDENTIFIED_BY_WORDS[row.identifiedBy]?.zh ?? row.identifiedBy),
  ];
}

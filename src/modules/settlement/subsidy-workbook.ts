import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import type { SubsidyFigures, SubsidyReportAnswer } from '../../contract/finance.js';
import { GROUP_WORDS } from '../../contract/finance.words.js';
import { businessDayOf } from '../../domain/kernel/business-day.js';
import { bandRow, clockText, count, headerRow, text, totalRow, yuan } from './sheet-cells.js';

/** What stands above the table besides the report itself. */
export interface SheetBand {
  /** Filters in words; empty for none. */
  readonly filters: readonly string[];
  readonly madeBy: string;
}

const WIDTHS = [24, 38, 8, 8, 8, 8, 10, 12, 12, 12];

/** The report as an .xlsx file: filter band, frozen header, rows, totals, and the difference between both. */
export async function subsidyWorkbook(report: SubsidyReportAnswer, band: SheetBand): Promise<Buffer> {
  const bands: SheetData = [...reportBand(report, band), bandRow('分组', GROUP_WORDS[report.groupBy]?.zh ?? report.groupBy), []];
  const header = [
    GROUP_WORDS[report.groupBy]?.zh ?? report.groupBy, '编号', '人数', '售出', '冲销', '净份数', '有补贴份数', '原价(元)', '个人付(元)', '补贴(元)',
    ...report.payers.map((payer) => `${payer.label.zh}(元)`), '补贴中冲销(元)',
  ];
  const data: SheetData = [
    ...bands,
    headerRow(header),
    ...report.rows.map((row) => [text(row.label.zh), text(row.key), ...figureCells(row, report)]),
    totalRow([text('合计'), text(''), ...figureCells(report.totals, report)]),
    [text('校验'), text('各行补贴之和减合计(元)'), yuan(report.rows.reduce((sum, row) => sum + row.subsidyFen, 0) - report.totals.subsidyFen)],
  ];
  return writeXlsxFile(data, {
    sheet: '补贴汇总', stickyRowsCount: bands.length + 1, stickyColumnsCount: 1, orientation: 'landscape',
    columns: header.map((_title, index) => ({ width: WIDTHS[index] ?? 12 })),
  }).toBuffer();
}

/** Title, period, filters, policies, maker and the state of the ledger: what makes a printed sheet traceable. */
export function reportBand(report: Pick<SubsidyReportAnswer, 'from' | 'to' | 'policies' | 'snapshot' | 'generatedAt'>, band: SheetBand): SheetData {
  const { snapshot } = report;
  const at = new Date(report.generatedAt);
  const seal = snapshot.sealSeq === null ? '尚未封存' : `封存第 ${snapshot.sealSeq} 环 ${snapshot.sealHash ?? ''}`;
  return [
    bandRow('热乎饭', '老年助餐补贴报表'),
    bandRow('期间', `${report.from} 至 ${report.to}`),
    bandRow('条件', band.filters.length === 0 ? '全部' : band.filters.join('；')),
    bandRow('政策', report.policies.map((policy) => `${policy.name}（${policy.sourceDocument}，${policy.effectiveFrom} 起）`).join('；') || '无'),
    bandRow('生成', `${businessDayOf(at)} ${clockText(at)} ${band.madeBy}`),
    bandRow('账本', `第 ${snapshot.transferPosition} 笔，${seal}`),
  ];
}

function figureCells(figures: SubsidyFigures, report: SubsidyReportAnswer): Cell[] {
  return [
    count(figures.persons), count(figures.sold), count(figures.reversed), count(figures.meals), count(figures.subsidisedMeals),
    yuan(figures.grossFen), yuan(figures.dueFen), yuan(figures.subsidyFen),
    ...report.payers.map((payer) => yuan(figures.payersFen[payer.payerCode] ?? 0)),
    yuan(figures.reversedSubsidyFen),
  ];
}

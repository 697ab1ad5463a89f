import readExcelFile from 'read-excel-file/node';
import type { BillLine } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { separatedRows } from '../../domain/kernel/separated-rows.js';

type Cell = string | number | boolean | Date | null | undefined;
const MOST_LINES = 5_000;
const NAMES = {
  day: ['日期', '送餐日期', 'day', 'date'], stopNo: ['站号', '停靠编号', 'stop', 'stop number'], name: ['姓名', '老人', 'name', 'senior'], amount: ['金额', '金额(元)', '金额（元）', 'amount', 'yuan'],
} as const;

/**
 * Reads a contractor's bill: a header line that names day, stop number or name, and amount in yuan, then one line per
 * stop. A last line without a day (a sum) is left out.
 *
 * @param content bytes of an XLSX workbook (its first sheet) or of a CSV text in UTF-8
 * @throws DomainError BILL.UNREADABLE, BILL.LINE_WRONG with the number of the line
 */
export async function readBillFile(content: Buffer): Promise<BillLine[]> {
  const rows = content.subarray(0, 2).toString('latin1') === 'PK' ? await sheetRows(content) : separatedRows(content.toString('utf8').replace(/^\uFEFF/, ''));
  const at = rows.findIndex((row) => columnOf(row, 'day') >= 0 && columnOf(row, 'amount') >= 0);
  const header = rows[at];
  if (header === undefined) throw new DomainError('BILL.UNREADABLE', 'invalid');
  const columns = { day: columnOf(header, 'day'), stopNo: columnOf(header, 'stopNo'), name: columnOf(header, 'name'), amount: columnOf(header, 'amount') };
  if (columns.stopNo < 0 && columns.name < 0) throw new DomainError('BILL.UNREADABLE', 'invalid');
  const lines = rows.slice(at + 1).flatMap((row, index) => {
    if (textOf(row[columns.day]) === '') return [];
    return [lineOf(row, columns, at + 2 + index)];
  });
  if (lines.length === 0 || lines.length > MOST_LINES) throw new DomainError('BILL.UNREADABLE', 'invalid');
  return lines;
}

function lineOf(row: readonly Cell[], columns: Readonly<Record<keyof typeof NAMES, number>>, lineNo: number): BillLine {
  const day = textOf(row[columns.day]).replaceAll('/', '-').replace(/-(\d)(?=-|$)/g, '-0$1');
  const yuan = /^(\d{1,7})(?:\.(\d{1,2})0*)?$/.exec(textOf(row[columns.amount]).replace(/[¥,，元 ]/g, ''));
  const stopNo = columns.stopNo < 0 ? '' : textOf(row[columns.stopNo]).toUpperCase();
  const name = columns.name < 0 ? '' : textOf(row[columns.name]);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)) || yuan === null || (stopNo === '' && name === '')) {
    throw new DomainError('BILL.LINE_WRONG', 'invalid', { line: lineNo });
  }
  return {
    lineNo, day: day as BusinessDay, stopNo: stopNo === '' ? null : stopNo, name: name === '' ? null : name,
    amountFen: Number(yuan[1]) * 100 + Number((yuan[2] ?? '').padEnd(2, '0')),
  };
}

function columnOf(row: readonly Cell[], column: keyof typeof NAMES): number {
  return row.findIndex((cell) => (NAMES[column] as readonly string[]).includes(textOf(cell).toLowerCase()));
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell).trim();
}

async function sheetRows(content: Buffer): Promise<Cell[][]> {
  try {
    const sheets = await readExcelFile(content);
    return (sheets[0]?.data ?? []) as Cell[][];
  } catch {
    throw new DomainError('BILL.UNREADABLE', 'invalid');
  }
}

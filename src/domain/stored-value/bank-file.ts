import { separatedRows } from '../kernel/separated-rows.js';

/** One line of a bank's list of payments in, as read; amounts in fen. */
export interface BankFileLine {
  /** Line in the file, the header being 1. */
  readonly lineNo: number;
  readonly reference: string;
  /** Card number or ID number of the person. */
  readonly person: string;
  readonly name: string;
  readonly amountFen: number;
  /** What is wrong with the line; null when it can be read. */
  readonly problem: 'columns' | 'reference' | 'person' | 'amount' | null;
}

const HEADERS: Readonly<Record<'reference' | 'person' | 'name' | 'amount', readonly string[]>> = {
  reference: ['流水号', '交易流水号', 'reference'],
  person: ['卡号', '卡号或身份证号', '身份证号', 'card'],
  name: ['姓名', '户名', 'name'],
  amount: ['金额', '金额(元)', '金额（元）', 'amount'],
};

/** Most lines of one file. */
export const BANK_FILE_MAX_LINES = 2_000;

/**
 * Reads a bank's CSV: comma, semicolon or tab, quotes as in RFC 4180, a header in Chinese or English. A line that cannot
 * be read is kept with its problem; nothing is guessed (a number that a spreadsheet turned into 6.2E+17 is refused).
 *
 * @returns null when the header lacks a column
 */
export function readBankFile(text: string): BankFileLine[] | null {
  const rows = bankRows(text.replace(/^\uFEFF/, ''));
  const header = rows[0]?.map((cell) => cell.trim().toLowerCase()) ?? [];
  const places = Object.values(HEADERS).map((names) => header.findIndex((cell) => names.includes(cell)));
  if (places.some((place) => place < 0)) return null;
  return rows.slice(1).map((cells, index) => ({ cells, lineNo: index + 2 }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ cells, lineNo }) => readLine(places.map((place) => (cells[place] ?? '').trim()), lineNo, cells.length < header.length));
}

function readLine(values: readonly string[], lineNo: number, short: boolean): BankFileLine {
  const [reference = '', person = '', name = '', amount = ''] = values;
  const bare = person.replace(/[\s'-]/g, '').toUpperCase();
  const amountFen = fenOfText(amount);
  const problem = short ? 'columns'
    : !/^[\w-]{4,60}$/.test(reference) ? 'reference'
      : !/^\d{10,19}$|^\d{17}X$/.test(bare) ? 'person'
        : amountFen === null ? 'amount' : null;
  return { lineNo, reference: reference.slice(0, 60), person: bare.slice(0, 24), name: name.slice(0, 40), amountFen: amountFen ?? 0, problem };
}

/** "1,200.50" to 120050 without floats; null for anything else than a positive amount up to 5,000 yuan. */
function fenOfText(text: string): number | null {
  const parts = /^(\d{1,3}(?:,\d{3})*|\d{1,6})(?:\.(\d{1,2}))?$/.exec(text);
  if (parts === null) return null;
  const amount = Number((parts[1] ?? '').replaceAll(',', '')) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
  return amount > 0 && amount <= 500_000 ? amount : null;
}

/** The separator is the one that the header uses most. */
function bankRows(text: string): string[][] {
  const header = text.split('\n')[0] ?? '';
  const [most] = [',', ';', '\t'].map((sign) => ({ sign, count: header.split(sign).length })).sort((a, b) => b.count - a.count);
  return separatedRows(text, most?.sign).filter((row) => row.length > 1 || (row[0] ?? '') !== '');
}

import { inflateRawSync } from 'node:zlib';
import readExcelFile from 'read-excel-file/node';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { separatedRows } from '../../domain/kernel/separated-rows.js';
import type { ListCell } from '../../domain/persons/index.js';

const MOST_ROWS = 2_000;
/** A small list unpacks to far less; more is a bomb. */
const LARGEST_PART_BYTES = 20_000_000;

/**
 * The rows of a CSV or XLSX file with what each cell was: a number that a spreadsheet made of an ID number is told from a
 * text, a formula from its result.
 *
 * @throws DomainError IMPORT.ENCODING, IMPORT.ENCODING_GBK, IMPORT.OLD_EXCEL, IMPORT.NOT_READABLE, IMPORT.NO_ROWS, IMPORT.TOO_MANY_ROWS
 */
export async function readSheetFile(bytes: Buffer): Promise<ListCell[][]> {
  const rows = bytes.subarray(0, 2).toString('latin1') === 'PK' ? await readWorkbook(bytes) : separatedRows(textOf(bytes)).map((row) => row.map((text): ListCell => ({ text, kind: 'text' })));
  const filled = rows.filter((row) => row.some((cell) => cell.text.trim() !== ''));
  if (filled.length < 2) throw new DomainError('IMPORT.NO_ROWS', 'invalid');
  if (filled.length > MOST_ROWS + 1) throw new DomainError('IMPORT.TOO_MANY_ROWS', 'invalid', { rows: filled.length - 1 });
  return rows;
}

function textOf(bytes: Buffer): string {
  const start = bytes.subarray(0, 4).toString('hex');
  if (start.startsWith('d0cf11e0')) throw new DomainError('IMPORT.OLD_EXCEL', 'invalid');
  if (start.startsWith('fffe') || start.startsWith('feff') || bytes.includes(0)) throw new DomainError('IMPORT.ENCODING', 'invalid');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // a byte order mark is dropped
  } catch {
    throw new DomainError(isGbk(bytes) ? 'IMPORT.ENCODING_GBK' : 'IMPORT.ENCODING', 'invalid');
  }
}

function isGbk(bytes: Buffer): boolean {
  try {
    return /\p{Script=Han}/u.test(new TextDecoder('gbk', { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}

async function readWorkbook(bytes: Buffer): Promise<ListCell[][]> {
  try {
    const formulas = formulaCells(bytes);
    const [sheet] = await readExcelFile(bytes);
    return (sheet?.data ?? []).map((row, rowIndex) => row.map((value, columnIndex) => cellOf(value, formulas.has(`${columnName(columnIndex)}${rowIndex + 1}`))));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('IMPORT.NOT_READABLE', 'invalid');
  }
}

function cellOf(value: unknown, formula: boolean): ListCell {
  if (formula) return { text: '', kind: 'formula' };
  if (value === null || value === undefined) return { text: '', kind: 'text' };
  if (value instanceof Date) return { text: value.toISOString().slice(0, 10), kind: 'date' };
  if (typeof value === 'number') return { text: Math.abs(value) < Number.MAX_SAFE_INTEGER ? String(value) : value.toExponential(), kind: 'number' };
  return { text: typeof value === 'string' ? value : '', kind: 'text' };
}

function columnName(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `${columnName(Math.floor(index / 26) - 1)}${columnName(index % 26)}`;
}

/** Addresses of cells with a formula in the first sheet; the reader of values shows only what the formula last gave. */
function formulaCells(bytes: Buffer): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { name, content } of partsOf(bytes)) {
    if (!/^xl\/worksheets\/sheet1\.xml$/u.test(name)) continue;
    for (const match of content().toString('utf8').matchAll(/<c\b[^>]*\br="([A-Z]+\d+)"[^>]*>(?:(?!<\/c>)[\s\S])*?<f[\s/>]/gu)) found.add(match[1] ?? '');
  }
  return found;
}

/** The parts of the container by its central directory; each unpacked no further than a limit. @throws DomainError IMPORT.NOT_READABLE */
function partsOf(bytes: Buffer): { name: string; content: () => Buffer }[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new DomainError('IMPORT.NOT_READABLE', 'invalid');
  const parts: { name: string; content: () => Buffer }[] = [];
  let at = bytes.readUInt32LE(end + 16);
  let unpacked = 0;
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packedBytes, fullBytes] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
    const [nameBytes, extraBytes, noteBytes, local] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    unpacked += fullBytes;
    if (unpacked > LARGEST_PART_BYTES) throw new DomainError('IMPORT.NOT_READABLE', 'invalid');
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + packedBytes);
    parts.push({ name: bytes.toString('utf8', at + 46, at + 46 + nameBytes), content: () => (method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: LARGEST_PART_BYTES })) });
    at += 46 + nameBytes + extraBytes + noteBytes;
  }
  // Declared sizes may lie: everything is unpacked once under the limit before anybody else opens the file.
  for (const part of parts) part.content();
  return parts;
}

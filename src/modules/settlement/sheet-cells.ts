import type { Cell, Row } from 'write-excel-file/node';
import { minuteOfDay } from '../../domain/kernel/business-day.js';

/**
 * Cells of exported sheets. Texts and ids are cells of type text, so that no name can act as a formula and no id turns
 * into a number; amounts are numbers in yuan, converted from fen here and nowhere else.
 */

const INK = '#211C15';
const BAND = '#F6EBD8';
const YUAN = '#,##0.00';
const COUNT = '#,##0';

export function text(value: string): Cell {
  return { value, type: String, textColor: INK };
}

export function count(value: number): Cell {
  return { value, type: Number, format: COUNT };
}

/** 14.2 for 1420 fen; an amount that does not exist stays an empty cell. */
export function yuan(amountFen: number | null): Cell {
  return amountFen === null ? null : { value: amountFen / 100, type: Number, format: YUAN };
}

/** Name and value of one line above the table. */
export function bandRow(name: string, value: string): Row {
  return [{ value: name, type: String, backgroundColor: BAND, fontWeight: 'bold' }, { value, type: String, backgroundColor: BAND }];
}

export function headerRow(titles: readonly string[]): Row {
  return titles.map((value) => ({
    value, type: String, fontWeight: 'bold' as const, backgroundColor: BAND, wrap: true, bottomBorderStyle: 'thin' as const,
  }));
}

/** The same cells, bold above a line: totals. */
export function totalRow(cells: readonly Cell[]): Row {
  return cells.map((cell) => (isStyled(cell) ? { ...cell, fontWeight: 'bold' as const, topBorderStyle: 'thin' as const } : cell));
}

function isStyled(cell: Cell): cell is Extract<Cell, { value?: unknown }> {
  return typeof cell === 'object' && cell !== null && 'value' in cell;
}

/** 11:02 in Shanghai. */
export function clockText(instant: Date): string {
  const minute = minuteOfDay(instant);
  return `${String(Math.trunc(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

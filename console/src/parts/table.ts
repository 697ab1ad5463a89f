import { csvField } from './csv-field.js';
import { instantText } from '../../../ui/dictionary/days.js';
import { t, type WordKey } from '../../../ui/dictionary/index.js';

export interface Column<Row> {
  /** Name of the slot `cell-<key>` that may draw the cell. */
  readonly key: string;
  readonly title: WordKey;
  /** The cell as text: shown where no slot draws it, and written to the export. */
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Left out of screen and export when empty-handed on paper: buttons. */
  readonly screenOnly?: boolean;
}

/** What is seen, as CSV with a byte-order mark (spreadsheets need it for Chinese): title, filters, time, header, rows. */
export function csvOf<Row>(title: string, filters: readonly string[], columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const printed = columns.filter((column) => column.screenOnly !== true);
  const lines = [
    [title],
    ...filters.map((filter) => [filter]),
    [t('common.printedAt', { at: instantText(new Date()) })],
    [],
    printed.map((column) => t(column.title)),
    ...rows.map((row) => printed.map((column) => column.text(row))),
  ];
  return `\uFEFF${lines.map((line) => line.map(csvField).join(',')).join('\r\n')}\r\n`;
}

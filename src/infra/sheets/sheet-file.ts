import writeXlsxFile, { type CellObject, type Row } from 'write-excel-file/node';

/** A value of a sheet: text, a count, fen (shown in yuan), or nothing. */
export type SheetValue = string | number | null;

export interface SheetColumn {
  readonly title: string;
  /** `yuan` values are given in fen and converted here, nowhere else. */
  readonly kind: 'text' | 'count' | 'yuan';
  readonly width: number;
}

/** One sheet as plain data, which can be handed to a thread. */
export interface SheetPlan {
  readonly sheet: string;
  /** Name and value of each line above the table. */
  readonly band: readonly (readonly [name: string, value: string])[];
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly SheetValue[])[];
  /** Set in bold under the rows. */
  readonly totals: readonly SheetValue[];
  /** A last line, of the first columns only. */
  readonly check: readonly SheetValue[];
}

const BAND_COLOUR = '#F6EBD8';
const FORMAT = { count: '#,##0', yuan: '#,##0.00' } as const;

/**
 * Writes the .xlsx file: band, frozen header, rows, totals. Texts and ids are cells of type text, so that no name can
 * act as a formula and no id turns into a number; counts and amounts are numbers.
 */
export async function sheetFile(plan: SheetPlan): Promise<Buffer> {
  const row = (values: readonly SheetValue[]): Row => values.map((value, index) => cellOf(value, plan.columns[index]?.kind ?? 'text'));
  const above = plan.band.map(([name, value]): Row => [
    { value: name, type: String, backgroundColor: BAND_COLOUR, fontWeight: 'bold' }, { value, type: String, backgroundColor: BAND_COLOUR },
  ]);
  const header: Row = plan.columns.map(({ title }) => ({
    value: title, type: String, fontWeight: 'bold', backgroundColor: BAND_COLOUR, wrap: true, bottomBorderStyle: 'thin',
  }));
  const totals: Row = plan.totals.map((value, index) => {
    const cell = cellOf(value, plan.columns[index]?.kind ?? 'text');
    return cell === null ? null : { ...cell, fontWeight: 'bold', topBorderStyle: 'thin' };
  });
  const data = [...above, [], header, ...plan.rows.map(row), totals, ...(plan.check.length === 0 ? [] : [row(plan.check)])];
  return writeXlsxFile(data, {
    sheet: plan.sheet, stickyRowsCount: above.length + 2, stickyColumnsCount: 1, orientation: 'landscape',
    columns: plan.columns.map(({ width }) => ({ width })),
  }).toBuffer();
}

function cellOf(value: SheetValue, kind: SheetColumn['kind']): CellObject | null {
  if (value === null) return null;
  if (typeof value === 'string') return { value, type: String };
  return kind === 'yuan' ? { value: value / 100, type: Number, format: FORMAT.yuan } : { value, type: Number, format: FORMAT.count };
}


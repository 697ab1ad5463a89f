import type { ColumnOptions, ValueTransformer } from 'typeorm';
import { fen, type Fen } from '../../domain/kernel/money.js';

const asNumber: ValueTransformer = {
  to: (value: number | null): number | null => value,
  from: (value: string | number | null): number | null => (value === null ? null : Number(value)),
};

/** BIGINT fen, read as a checked integer. */
export const fenColumn: ColumnOptions = {
  type: 'bigint',
  transformer: {
    to: (value: Fen | null): number | null => value,
    from: (value: string | number | null): Fen | null => (value === null ? null : fen(Number(value))),
  },
};

export const bigintColumn: ColumnOptions = { type: 'bigint', transformer: asNumber };
export const idColumn: ColumnOptions = { type: 'char', length: 36 };
/** An instant in UTC with milliseconds. */
export const instantColumn: ColumnOptions = { type: 'datetime', precision: 3 };

/** A JSON column read by plain SQL: MariaDB hands it over as text, other drivers parsed. */
export function parseJson<T>(value: unknown): T {
  return (typeof value === 'string' ? JSON.parse(value) : value) as T;
}

/** The rows an UPDATE or DELETE touched, from the packet that mysql2 returns for it. */
export function affectedRows(result: unknown): number {
  const rows = (result as { affectedRows?: unknown }).affectedRows;
  if (typeof rows !== 'number') throw new Error('not a result of UPDATE, INSERT or DELETE');
  return rows;
}

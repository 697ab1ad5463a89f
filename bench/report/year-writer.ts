import type { DataSource } from 'typeorm';

export type Cell = string | number | null;

const ROWS_A_STATEMENT = 2_000;

/** Collects rows by table and writes them while the next day is being made. Instants are given as text, which is faster. */
export class YearWriter {
  private tables = new Map<string, { columns: string; rows: Cell[][] }>();
  private writing: Promise<void> = Promise.resolve();
  private written = 0;

  constructor(private readonly dataSource: DataSource) {}

  get rowsWritten(): number {
    return this.written;
  }

  add(table: string, columns: string, row: Cell[]): void {
    const buffer = this.tables.get(table);
    if (buffer === undefined) this.tables.set(table, { columns, rows: [row] });
    else buffer.rows.push(row);
  }

  /** Waits for the rows before, then starts to write what was collected. */
  async handOver(): Promise<void> {
    await this.writing;
    const tables = this.tables;
    this.tables = new Map();
    this.writing = this.write(tables);
  }

  async finish(): Promise<void> {
    await this.handOver();
    await this.writing;
  }

  private async write(tables: ReadonlyMap<string, { columns: string; rows: Cell[][] }>): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
      for (const [table, { columns, rows }] of tables) {
        for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
          await tx.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [rows.slice(start, start + ROWS_A_STATEMENT)]);
        }
        this.written += rows.length;
      }
      await tx.query('SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1');
    });
  }
}

/** "2025-03-01 03:10:00.000" for an instant in milliseconds. */
export const instantText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);

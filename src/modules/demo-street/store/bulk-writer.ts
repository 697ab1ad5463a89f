import type { EntityManager } from 'typeorm';

export type Cell = string | number | Date | null;

/**
 * Collects rows per table and writes them in statements of many rows. Tables are written in the order in which they
 * were first named, so name parents before children.
 */
export class BulkWriter {
  private readonly tables = new Map<string, { columns: string; rows: Cell[][] }>();
  private written = 0;
  private waiting = 0;

  /** @param afterFlush runs when everything collected is written; a long job ends its transaction there and begins the next */
  constructor(private readonly tx: EntityManager, private readonly chunk = 1000, private readonly afterFlush: () => Promise<void> = () => Promise.resolve()) {}

  get rowsWritten(): number {
    return this.written;
  }

  /** Adds one row, keyed by column name; every row of a table names the same columns in the same order. */
  add(table: string, row: Readonly<Record<string, Cell>>): void {
    let buffer = this.tables.get(table);
    if (buffer === undefined) {
      buffer = { columns: Object.keys(row).join(', '), rows: [] };
      this.tables.set(table, buffer);
    }
    buffer.rows.push(Object.values(row));
    this.waiting += 1;
  }

  /** Writes what was collected once it is this many rows, so that memory stays bounded however much is to come. */
  async flushOver(rows: number): Promise<void> {
    if (this.waiting > rows) await this.flush();
  }

  /** Writes everything collected so far. */
  async flush(): Promise<void> {
    for (const [table, buffer] of this.tables) {
      const rows = buffer.rows;
      buffer.rows = [];
      for (let start = 0; start < rows.length; start += this.chunk) {
        const part = rows.slice(start, start + this.chunk);
        await this.insert(table, buffer.columns, part);
        this.written += part.length;
      }
    }
    this.waiting = 0;
    await this.afterFlush();
  }

  /** Errors name the table and the reason only: the rows of a statement this long would bury both. */
  private async insert(table: string, columns: string, rows: Cell[][]): Promise<void> {
    try {
      await this.tx.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [rows]);
    } catch (error) {
      const reason = (error as { sqlMessage?: unknown }).sqlMessage;
      throw new Error(`${table}: ${typeof reason === 'string' ? reason : 'the rows were not written'}`);
    }
  }
}

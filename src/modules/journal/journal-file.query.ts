import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { addDays, parseBusinessDay, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { GENESIS_HASH, JournalRoots, type DaySeal } from '../ledger/index.js';

const BATCH = 2_000;

interface Range {
  fromSeq: number;
  toSeq: number;
  previousHash: string;
}

interface LinkRow {
  seq: number;
  hash: string;
  id: string;
  kind: string;
  businessDay: string;
  pointId: string | null;
  reversesId: string | null;
  scope: string;
  key: string;
  actorKind: string;
  actorId: string | null;
  memo: string;
}

/** The days of a month 'YYYY-MM', first and last, both included. */
export function daysOfMonth(month: string): { first: BusinessDay; last: BusinessDay } {
  const first = parseBusinessDay(`${month}-01`);
  const later = addDays(first, 31);
  return { first, last: addDays(parseBusinessDay(`${later.slice(0, 7)}-01`), -1) };
}

/**
 * The journal of a month as a file for the stand-alone checker: every link in order with the hashed text's members, the
 * accounts with their opening balances, the seals of the days, and a last line that counts and hashes what came before.
 * The format is described in docs/SEAL.md. Holds ids and amounts, no names.
 */
@Injectable()
export class JournalFiles {
  constructor(private readonly dataSource: DataSource, private readonly roots: JournalRoots, private readonly clock: Clock) {}

  /**
   * One snapshot of the database, read in pages while the file is written.
   *
   * @returns lines with their line ends
   * @throws DomainError JOURNAL.NOTHING_SEALED before the first line when no day of the month has a seal
   */
  async open(month: string): Promise<AsyncGenerator<string>> {
    const { first, last } = daysOfMonth(month);
    const seals = await this.roots.between(first, last);
    if (seals.length === 0) throw new DomainError('JOURNAL.NOTHING_SEALED', 'refused', { month });
    return this.write(month, seals);
  }

  private async *write(month: string, seals: readonly DaySeal[]): AsyncGenerator<string> {
    const digest = createHash('sha256');
    const line = (value: unknown): string => {
      const text = `${JSON.stringify(value)}\n`;
      digest.update(text);
      return text;
    };
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      const tx = runner.manager;
      const range = await this.rangeOf(tx, seals);
      yield line({ format: 'rehufan-journal', version: 1, month, ...range, exportedAt: this.clock.now().toISOString() });
      for await (const account of this.accounts(tx, range)) yield line(['account', ...account]);
      let entries = 0;
      for await (const { row, parts } of this.links(tx, range)) {
        entries += parts.length;
        yield line(['link', Number(row.seq), row.hash, [
          row.id, row.kind, row.businessDay, row.pointId, row.reversesId, row.scope, row.key, row.actorKind, row.actorId, row.memo, parts,
        ]]);
      }
      for (const seal of seals) yield line(['seal', seal.day, seal.lastSeq, seal.rootHash, seal.accountsHash, seal.daySeal]);
      const before = digest.digest('hex');
      yield `${JSON.stringify({ end: true, links: range.toSeq - range.fromSeq + 1, entries, seals: seals.length, sha256: before })}\n`;
      await runner.commitTransaction();
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  /** From the link after the seal before the month to the link of the month's last seal. */
  private async rangeOf(tx: EntityManager, seals: readonly DaySeal[]): Promise<Range> {
    const firstDay = seals[0]?.day ?? '';
    const [before] = await tx.query<{ seq: number; hash: string }[]>(
      'SELECT last_seq AS seq, root_hash AS hash FROM journal_root WHERE business_day < ? ORDER BY business_day DESC LIMIT 1', [firstDay],
    );
    return { fromSeq: Number(before?.seq ?? 0) + 1, toSeq: seals.at(-1)?.lastSeq ?? 0, previousHash: before?.hash ?? GENESIS_HASH };
  }

  /** Every account that was moved up to the end of the month: id, kind, owner, point, balance before the first link. */
  private async *accounts(tx: EntityManager, { fromSeq, toSeq }: Range): AsyncGenerator<[string, string, string, string | null, number]> {
    for (let after = ''; ;) {
      const rows = await tx.query<{ id: string; kind: string; ownerCode: string; pointId: string | null; openingFen: string | null; moved: number }[]>(
        `SELECT a.id, a.kind, a.owner_code AS ownerCode, a.point_id AS pointId,
                SUM(IF(s.seq < ?, e.amount_fen, 0)) AS openingFen, COUNT(s.seq) AS moved
         FROM (SELECT * FROM account WHERE id > ? ORDER BY id LIMIT ?) a
         LEFT JOIN entry e ON e.account_id = a.id LEFT JOIN journal_seal s ON s.transfer_id = e.transfer_id AND s.seq <= ?
         GROUP BY a.id ORDER BY a.id`,
        [fromSeq, after, BATCH, toSeq],
      );
      for (const row of rows) if (Number(row.moved) > 0) yield [row.id, row.kind, row.ownerCode, row.pointId, Number(row.openingFen ?? 0)];
      const last = rows.at(-1);
      if (last === undefined || rows.length < BATCH) return;
      after = last.id;
    }
  }

  private async *links(tx: EntityManager, { fromSeq, toSeq }: Range): AsyncGenerator<{ row: LinkRow; parts: string[] }> {
    for (let from = fromSeq; from <= toSeq; from += BATCH) {
      const to = Math.min(toSeq, from + BATCH - 1);
      const rows = await tx.query<LinkRow[]>(
        `SELECT s.seq, s.hash, t.id, t.kind, t.business_day AS businessDay, t.point_id AS pointId, t.reverses_id AS reversesId,
                t.idempotency_scope AS scope, t.idempotency_key AS \`key\`, t.actor_kind AS actorKind, t.actor_id AS actorId, t.memo
         FROM journal_seal s JOIN transfer t ON t.id = s.transfer_id WHERE s.seq BETWEEN ? AND ? ORDER BY s.seq`,
        [from, to],
      );
      const entries = await tx.query<{ transferId: string; accountId: string; amountFen: string }[]>(
        `SELECT e.transfer_id AS transferId, e.account_id AS accountId, e.amount_fen AS amountFen
         FROM journal_seal s JOIN entry e ON e.transfer_id = s.transfer_id WHERE s.seq BETWEEN ? AND ?
         ORDER BY s.seq, e.account_id, e.amount_fen`,
        [from, to],
      );
      const parts = new Map<string, string[]>();
      for (const { transferId, accountId, amountFen } of entries) parts.set(transferId, [...(parts.get(transferId) ?? []), `${accountId}=${amountFen}`]);
      for (const row of rows) yield { row, parts: parts.get(row.id) ?? [] };
    }
  }
}

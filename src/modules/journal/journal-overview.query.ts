import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { JournalAnswer, LedgerCheckRow } from '../../contract/journal.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { JournalRoots, LATE_POSITIONS } from '../ledger/index.js';
import { daysOfMonth } from './journal-file.query.js';
import { SealCopies } from './seal-copies.js';

const CHECKS = 10;

interface CheckSqlRow {
  id: string; askedAt: Date; askedBy: string | null; state: LedgerCheckRow['state']; endedAt: Date | null; transfers: string | null;
  violations: number | null; findings: unknown;
}

/** What the journal page shows of a month. */
@Injectable()
export class JournalOverview {
  constructor(
    private readonly dataSource: DataSource, private readonly roots: JournalRoots, private readonly copies: SealCopies, private readonly clock: Clock,
  ) {}

  async month(month: string): Promise<JournalAnswer> {
    const { first, last } = daysOfMonth(month);
    const seals = await this.roots.between(first, last);
    const [before] = await this.dataSource.query<{ seq: string | null; day: BusinessDay | null; begun: BusinessDay | null }[]>(
      `SELECT MAX(IF(business_day < ?, last_seq, NULL)) AS seq, MIN(business_day) AS begun FROM journal_root`, [first],
    );
    const rows = seals.map((seal, index) => ({
      day: seal.day, lastSeq: seal.lastSeq, rootHash: seal.rootHash, daySeal: seal.daySeal,
      transfers: seal.lastSeq - (seals[index - 1]?.lastSeq ?? Number(before?.seq ?? 0)),
    }));
    return {
      month, seals: rows, missingDays: this.missing(first, last, before?.begun ?? null, new Set(seals.map(({ day }) => day))),
      unsealed: await this.unsealed(), checks: await this.checks(), copyDiffers: await this.copies.differing(),
    };
  }

  private missing(first: BusinessDay, last: BusinessDay, begun: BusinessDay | null, sealed: ReadonlySet<BusinessDay>): BusinessDay[] {
    const days: BusinessDay[] = [];
    if (begun === null) return days;
    const today = this.clock.today();
    for (let day = first < begun ? begun : first; day <= last && day < today; day = addDays(day, 1)) if (!sealed.has(day)) days.push(day);
    return days;
  }

  private async unsealed(): Promise<JournalAnswer['unsealed']> {
    const [reach] = await this.dataSource.query<{ position: string | null }[]>('SELECT MAX(transfer_position) AS position FROM journal_seal');
    const [row] = await this.dataSource.query<{ transfers: string; oldest: Date | null }[]>(
      `SELECT COUNT(*) AS transfers, MIN(t.created_at) AS oldest FROM transfer t
       WHERE t.position > ? AND NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.transfer_id = t.id)`, [Math.max(0, Number(reach?.position ?? 0) - LATE_POSITIONS)],
    );
    const oldestS = row?.oldest ? Math.max(0, Math.round((this.clock.now().getTime() - row.oldest.getTime()) / 1000)) : 0;
    return { transfers: Number(row?.transfers ?? 0), oldestS };
  }

  private async checks(): Promise<LedgerCheckRow[]> {
    const rows = await this.dataSource.query<CheckSqlRow[]>(
      `SELECT c.id, c.asked_at AS askedAt, s.display_name AS askedBy, c.state, c.ended_at AS endedAt, c.transfers, c.violations, c.findings
       FROM ledger_check c LEFT JOIN staff s ON s.id = c.asked_by ORDER BY c.asked_at DESC LIMIT ?`, [CHECKS],
    );
    return rows.map((row) => ({
      id: row.id, askedAt: row.askedAt.toISOString(), askedBy: row.askedBy ?? '', state: row.state, endedAt: row.endedAt?.toISOString() ?? null,
      transfers: row.transfers === null ? null : Number(row.transfers), violations: row.violations,
      findings: row.findings === null ? [] : parseJson<LedgerCheckRow['findings']>(row.findings),
    }));
  }
}

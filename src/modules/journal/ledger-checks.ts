import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LedgerCheckAsked } from '../../contract/journal.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { Outbox } from '../../infra/queue/outbox.js';
import { AuditTrail } from '../audit/index.js';
import { INVARIANTS, LedgerVerifier } from '../ledger/index.js';

/** A check that has not ended after so long died with its worker. */
const LOST_AFTER_MS = 30 * 60_000;

/** Checks of the whole ledger: asked for by staff or the night, run by the worker, kept with what they found. */
@Injectable()
export class LedgerChecks {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly dataSource: DataSource, private readonly verifier: LedgerVerifier,
    private readonly outbox: Outbox, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError JOURNAL.CHECK_RUNNING while another one waits or runs */
  async ask(actor: Actor | null): Promise<LedgerCheckAsked> {
    return this.unitOfWork.run(async (tx) => {
      const now = this.clock.now();
      await tx.query("UPDATE ledger_check SET state = 'failed', ended_at = ? WHERE state IN ('asked', 'running') AND asked_at < ?", [now, new Date(now.getTime() - LOST_AFTER_MS)]);
      const id = newId();
      const result: unknown = await tx.query(
        `INSERT INTO ledger_check (id, asked_by, asked_at, state)
         SELECT ?, ?, ?, 'asked' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM ledger_check WHERE state IN ('asked', 'running'))`,
        [id, actor?.staff.staffId ?? null, now],
      );
      if (affectedRows(result) !== 1) throw new DomainError('JOURNAL.CHECK_RUNNING', 'conflict');
      await this.outbox.add(tx, { type: 'ledger-check.asked', payload: { checkId: id } });
      if (actor !== null) await this.audit.record({ ...auditActor(actor), action: 'journal.check-asked', objectKind: 'ledger-check', objectId: id, outcome: 'done' }, tx);
      return { id };
    });
  }

  /** Runs a check that was asked for; a repeated message finds it ended and does nothing. */
  async run(id: string): Promise<void> {
    const begun: unknown = await this.dataSource.query(
      "UPDATE ledger_check SET state = 'running', begun_at = ? WHERE id = ? AND state IN ('asked', 'running')", [this.clock.now(), id],
    );
    if (affectedRows(begun) !== 1) return;
    const { findings, summary } = await this.verifier.verify();
    const told = findings.map((finding) => ({
      invariant: finding.invariant, meaning: INVARIANTS[finding.invariant], violations: finding.violations, counted: finding.countedText(), examples: [...finding.examples],
    }));
    await this.dataSource.query(
      "UPDATE ledger_check SET state = 'done', ended_at = ?, transfers = ?, violations = ?, findings = ? WHERE id = ?",
      [this.clock.now(), summary.transfers, summary.violations, JSON.stringify(told), id],
    );
  }
}

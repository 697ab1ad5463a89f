import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import { JournalRoots } from '../ledger/index.js';
import { daysOfMonth, JournalFiles } from './journal-file.query.js';
import { sealLine } from './seal-copies.js';

/** Everything an auditor takes away: the journal of a month, the seals of its days, the checker. Each hand-out is audited. */
@Injectable()
export class HandOutJournal {
  constructor(
    private readonly files: JournalFiles, private readonly roots: JournalRoots, private readonly audit: AuditTrail, private readonly config: AppConfig,
  ) {}

  /** @throws DomainError JOURNAL.NOTHING_SEALED */
  async journal(month: string, actor: Actor): Promise<AsyncGenerator<string>> {
    const lines = await this.files.open(month);
    await this.audit.record({ ...auditActor(actor), action: 'journal.exported', objectKind: 'month', objectId: month, outcome: 'done' });
    return lines;
  }

  /** "2026-11-24 1234 <seal>" a line. @throws DomainError JOURNAL.NOTHING_SEALED */
  async seals(month: string): Promise<string> {
    const { first, last } = daysOfMonth(month);
    const seals = await this.roots.between(first, last);
    if (seals.length === 0) throw new DomainError('JOURNAL.NOTHING_SEALED', 'refused', { month });
    return seals.map((seal) => `${sealLine(seal)}\n`).join('');
  }

  /** The checker is handed out as it lies in the product, so that what the auditor reads is what runs. */
  checker(): Promise<Buffer> {
    return readFile(join(this.config.pagesDir, 'scripts', 'rehufan-verify.mjs'));
  }
}

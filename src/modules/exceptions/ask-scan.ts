import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import { ScanQueue } from './scan-queue.js';
import { ScanRuns } from './scan-runs.js';

/** Asks for the checks over some days, now. */
@Injectable()
export class AskScan {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly runs: ScanRuns, private readonly queue: ScanQueue, private readonly audit: AuditTrail) {}

  /** @throws DomainError EXCEPTION.SCAN_RUNS while another run of the street waits or runs */
  async execute(streetId: string, from: BusinessDay, to: BusinessDay, actor: Actor): Promise<string> {
    const scanId = await this.unitOfWork.run(async (tx) => {
      const asked = await this.runs.ask({ streetId, from, to, night: null, requestedBy: actor.staff.staffId }, tx);
      if (asked === null) throw new DomainError('EXCEPTION.SCAN_RUNS', 'conflict');
      await this.audit.record({ ...auditActor(actor), action: 'exceptions.scan-asked', objectKind: 'exception-scan', objectId: asked, outcome: 'done', detail: { from, to } }, tx);
      return asked;
    });
    await this.queue.add(scanId);
    return scanId;
  }
}

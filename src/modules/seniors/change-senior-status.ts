import { Injectable } from '@nestjs/common';
import type { ChangeSeniorStatusRequest } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { SeniorRecords } from './senior-records.js';

/** Suspends a registration or ends the suspension. Death and moves are life events: they stop more than a registration. */
@Injectable()
export class ChangeSeniorStatus {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords) {}

  /** @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOTHING_TO_CHANGE, SENIOR.ENDED_BY_EVENT for somebody who has died or moved */
  async execute(seniorId: string, request: ChangeSeniorStatusRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      const record = await this.records.find(seniorId, actor, tx, true);
      if (record.status !== 'active' && record.status !== 'suspended') throw new DomainError('SENIOR.ENDED_BY_EVENT', 'conflict');
      if (record.status === request.status) throw new DomainError('SENIOR.NOTHING_TO_CHANGE', 'conflict');
      await tx.query('UPDATE senior SET status = ?, status_from = ? WHERE id = ?', [request.status, request.from, seniorId]);
      await this.records.note(tx, actor, 'senior.status-changed', seniorId, {
        before: record.status, after: request.status, from: request.from, reason: request.reason,
      });
    });
    return { done: true };
  }
}

import { Injectable } from '@nestjs/common';
import type { ChangeSeniorStatusRequest } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { EndFaceUse } from './end-face-use.js';
import { SeniorRecords } from './senior-records.js';

/** Suspends, ends or restores a registration. Who has died or moved away leaves no face behind. */
@Injectable()
export class ChangeSeniorStatus {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly endFaceUse: EndFaceUse,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOTHING_TO_CHANGE */
  async execute(seniorId: string, request: ChangeSeniorStatusRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      const record = await this.records.find(seniorId, actor, tx, true);
      if (record.status === request.status) throw new DomainError('SENIOR.NOTHING_TO_CHANGE', 'conflict');
      await tx.query('UPDATE senior SET status = ?, status_from = ? WHERE id = ?', [request.status, request.from, seniorId]);
      if (request.status === 'moved' || request.status === 'deceased') {
        await this.endFaceUse.execute(tx, record, 'face-point', actor.staff.staffId);
        await tx.query('UPDATE senior_card SET active = 0 WHERE senior_id = ?', [seniorId]);
      }
      await this.records.note(tx, actor, 'senior.status-changed', seniorId, {
        before: record.status, after: request.status, from: request.from, reason: request.reason,
      });
    });
    return { done: true };
  }
}

import { Injectable } from '@nestjs/common';
import type { DayCloseAnswer, SendBackDayRequest } from '../../contract/closing.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DayGate, PointScope } from '../sites/index.js';
import { CloseRecord } from './close-record.js';
import { DayClosePage } from './day-close.query.js';
import { DayFacts } from './day-facts.query.js';

/** Instead of the second signature: the day goes back to the point, with the reason. A closed day never does. */
@Injectable()
export class SendBackDay {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly gate: DayGate, private readonly facts: DayFacts,
    private readonly record: CloseRecord, private readonly page: DayClosePage, private readonly audit: AuditTrail,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope, CLOSE.NOT_SIGNED, CLOSE.CLOSED_FOR_GOOD */
  async execute(at: { pointId: string; day: BusinessDay }, request: SendBackDayRequest, staff: StaffIdentity): Promise<DayCloseAnswer> {
    await this.scope.narrowed(staff, at.pointId);
    await this.unitOfWork.run(async (tx) => {
      await this.gate.holdAlone(tx, at.pointId);
      const stored = await this.facts.stored(at.pointId, at.day, tx);
      if (stored === null) throw new DomainError('CLOSE.NOT_SIGNED', 'refused');
      if (stored.state !== 'signed') throw new DomainError('CLOSE.CLOSED_FOR_GOOD', 'conflict');
      await tx.query("DELETE FROM point_day_close WHERE point_id = ? AND business_day = ? AND state = 'signed'", [at.pointId, at.day]);
      await this.record.act(tx, { ...at, act: 'sent-back', digest: stored.digest, note: request.reason, staffId: staff.staffId });
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'day.sent-back', objectKind: 'point-day', objectId: `${at.pointId} ${at.day}`, outcome: 'done',
      }, tx);
    });
    return this.page.of(at.pointId as PointId, at.day);
  }
}

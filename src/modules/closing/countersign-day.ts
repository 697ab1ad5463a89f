import { Injectable } from '@nestjs/common';
import type { CountersignDayRequest, DayCloseAnswer } from '../../contract/closing.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DayGate, PointScope } from '../sites/index.js';
import { CloseRecord } from './close-record.js';
import { DayClosePage } from './day-close.query.js';
import { DayCounts, digestOf } from './day-count.query.js';
import { DayFacts } from './day-facts.query.js';
import { requireBalance } from './sign-day.js';
import { KiosksTold } from './kiosks-told.js';

/** The second signature, by another person: counts once more, and closes the day for good. */
@Injectable()
export class CountersignDay {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly gate: DayGate, private readonly counts: DayCounts,
    private readonly facts: DayFacts, private readonly record: CloseRecord, private readonly page: DayClosePage, private readonly audit: AuditTrail,
    private readonly kiosks: KiosksTold,
    private readonly clock: Clock,
  ) {}

  /**
   * Repeating it by the same person changes nothing.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, CLOSE.NOT_SIGNED, CLOSE.SAME_PERSON, CLOSE.CLOSED_FOR_GOOD,
   *   CLOSE.COUNTS_CHANGED, CLOSE.DIFFERS, CLOSE.KIOSKS_UNSENT
   */
  async execute(at: { pointId: string; day: BusinessDay }, request: CountersignDayRequest, staff: StaffIdentity): Promise<DayCloseAnswer> {
    await this.scope.narrowed(staff, at.pointId);
    await this.unitOfWork.run(async (tx) => {
      await this.gate.holdAlone(tx, at.pointId);
      const stored = await this.facts.stored(at.pointId, at.day, tx);
      if (stored === null) throw new DomainError('CLOSE.NOT_SIGNED', 'refused');
      if (stored.state !== 'signed') {
        if (stored.secondBy === staff.staffId && stored.digest === request.digest) return;
        throw new DomainError('CLOSE.CLOSED_FOR_GOOD', 'conflict');
      }
      if (stored.firstBy === staff.staffId) throw new DomainError('CLOSE.SAME_PERSON', 'refused');
      const counted = await this.counts.of(tx, at.pointId, at.day);
      const digest = digestOf(at.pointId, at.day, counted);
      if (digest !== request.digest || digest !== stored.digest) throw new DomainError('CLOSE.COUNTS_CHANGED', 'conflict');
      requireBalance(counted);
      await this.kiosks.requireReason(tx, at.pointId, at.day, request.kiosksReason);
      await tx.query(
        "UPDATE point_day_close SET state = 'closed', second_by = ?, second_at = ?, kiosks_second_reason = ? WHERE point_id = ? AND business_day = ? AND state = 'signed'",
        [staff.staffId, this.clock.now(), request.kiosksReason, at.pointId, at.day],
      );
      await this.record.act(tx, { ...at, act: 'closed', digest, note: '', staffId: staff.staffId });
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'day.closed', objectKind: 'point-day', objectId: `${at.pointId} ${at.day}`, outcome: 'done',
      }, tx);
    });
    return this.page.of(at.pointId as PointId, at.day);
  }
}

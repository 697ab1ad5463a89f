import { Injectable } from '@nestjs/common';
import type { OpenAbsenceAnswer } from '../../contract/care.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';
import { LadderBook } from './ladder-book.js';

/** Somebody at the canteen misses a regular: the ladder begins now instead of after the service. Only for whoever agreed to be asked after. */
@Injectable()
export class OpenAbsence {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly ladders: LadderBook, private readonly points: PointScope, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Pressing twice finds the same ladder. @throws DomainError CARE.NOT_ASKED_FOR, CARE.WAS_HERE; REQUEST.NOT_FOUND outside the scope */
  async execute(seniorId: string, period: MealPeriod, staff: StaffIdentity): Promise<OpenAbsenceAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const day = this.clock.today();
      const [senior] = await tx.query<{ pointId: string; asked: number; here: number }[]>(
        `SELECT s.point_id AS pointId, EXISTS (SELECT 1 FROM absence_opt_in a WHERE a.senior_id = s.id AND a.withdrawn_at IS NULL) AS asked,
           EXISTS (SELECT 1 FROM meal m WHERE m.senior_id = s.id AND m.business_day = ? AND m.period = ? AND NOT EXISTS (SELECT 1 FROM meal_reversal r WHERE r.meal_id = m.id)) AS here
         FROM senior s WHERE s.id = ? AND s.status = 'active'`, [day, period, seniorId],
      );
      if (senior === undefined || !(await this.points.points(staff, tx)).some((id) => id === senior.pointId)) return this.points.refuse(staff, 'senior', seniorId);
      if (Number(senior.asked) === 0) throw new DomainError('CARE.NOT_ASKED_FOR', 'refused');
      if (Number(senior.here) === 1) throw new DomainError('CARE.WAS_HERE', 'conflict');
      const opened = await this.ladders.open(tx, { kind: 'absence', routeStopId: null, seniorId, pointId: senior.pointId, day, period });
      if (opened !== null) {
        await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'care-absence.opened', objectKind: 'care-ladder', objectId: opened, outcome: 'done' }, tx);
      }
      const [ladder] = await tx.query<{ id: string }[]>("SELECT id FROM care_ladder WHERE senior_id = ? AND business_day = ? AND period = ? AND kind = 'absence'", [seniorId, day, period]);
      return { ladderId: ladder.id, opened: opened !== null };
    });
  }
}

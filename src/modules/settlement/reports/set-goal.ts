import { Injectable } from '@nestjs/common';
import type { SetGoalRequest } from '../../../contract/finance-reports.js';
import { Clock } from '../../../infra/clock/clock.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import { PointScope } from '../../sites/index.js';

/** Sets what a point is to reach in a year; every change stands in the audit record. */
@Injectable()
export class SetGoal {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly points: PointScope, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a point outside of the scope */
  async execute(staff: StaffIdentity, pointId: string, request: SetGoalRequest): Promise<void> {
    await this.points.narrowed(staff, pointId);
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO performance_goal (point_id, year, kind, target, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE target = VALUES(target), set_by = VALUES(set_by), set_at = VALUES(set_at)`,
        [pointId, request.year, request.kind, request.target, staff.staffId, this.clock.now()],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'goal.set', objectKind: 'point', objectId: pointId, outcome: 'done',
        detail: { year: request.year, kind: request.kind, target: request.target },
      }, tx);
    });
  }
}

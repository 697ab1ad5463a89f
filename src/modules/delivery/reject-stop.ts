import { Injectable } from '@nestjs/common';
import type { FreeStopAnswer } from '../../contract/unposted.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import { UnpostedStopRows } from './unposted-stop-rows.js';

/**
 * Judges that a delivery held for review cannot have been: no meal is posted for it any more, and the contractor's bill
 * finds it not delivered. Accepting one is posting it.
 */
@Injectable()
export class RejectStop {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly stops: UnpostedStopRows, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws DomainError DELIVERY.NOT_IN_REVIEW and those of UnpostedStopRows.require */
  async execute(stopId: string, reason: string, actor: Actor): Promise<FreeStopAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const stop = await this.stops.require(tx, stopId, actor.staff);
      if (stop.reason !== 'pattern-review') throw new DomainError('DELIVERY.NOT_IN_REVIEW', 'refused');
      await tx.query(
        `INSERT INTO unposted_stop (route_stop_id, state, free_reason, settled_by, settled_at) VALUES (?, 'rejected', ?, ?, ?)
         ON DUPLICATE KEY UPDATE state = VALUES(state), free_reason = VALUES(free_reason), settled_by = VALUES(settled_by), settled_at = VALUES(settled_at)`,
        [stopId, reason, actor.staff.staffId, this.clock.now()],
      );
      await this.audit.record({ ...auditActor(actor), action: 'delivery.rejected', objectKind: 'stop', objectId: stopId, outcome: 'done' }, tx);
      return { stopId, state: 'rejected' };
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { FreeStopAnswer } from '../../contract/unposted.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import { UnpostedStopRows } from './unposted-stop-rows.js';

/** Leaves a delivered meal without a price, for a reason, by two people of two roles. No money moves, nobody is charged. */
@Injectable()
export class GiveStopFree {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly stops: UnpostedStopRows, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** First person: says why. A later reason replaces an earlier one. @throws DomainError of UnpostedStopRows.require */
  async ask(stopId: string, reason: string, actor: Actor): Promise<FreeStopAnswer> {
    return this.unitOfWork.run(async (tx) => {
      await this.stops.require(tx, stopId, actor.staff);
      await tx.query(
        `INSERT INTO unposted_stop (route_stop_id, state, free_reason, asked_by, asked_role, asked_at) VALUES (?, 'free-asked', ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE state = VALUES(state), free_reason = VALUES(free_reason), asked_by = VALUES(asked_by),
           asked_role = VALUES(asked_role), asked_at = VALUES(asked_at)`,
        [stopId, reason, actor.staff.staffId, actor.staff.role, this.clock.now()],
      );
      await this.audit.record({ ...auditActor(actor), action: 'meal.free-asked', objectKind: 'stop', objectId: stopId, outcome: 'done' }, tx);
      return { stopId, state: 'free-asked' };
    });
  }

  /** Second person, of another role. @throws DomainError DELIVERY.FREE_NOT_ASKED, DELIVERY.SAME_ROLE */
  async agree(stopId: string, actor: Actor): Promise<FreeStopAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const stop = await this.stops.require(tx, stopId, actor.staff);
      if (stop.state !== 'free-asked') throw new DomainError('DELIVERY.FREE_NOT_ASKED', 'refused');
      if (stop.askedBy === actor.staff.staffId || stop.askedRole === actor.staff.role) throw new DomainError('DELIVERY.SAME_ROLE', 'refused');
      await tx.query("UPDATE unposted_stop SET state = 'given-free', settled_by = ?, settled_at = ? WHERE route_stop_id = ?",
        [actor.staff.staffId, this.clock.now(), stopId]);
      await this.audit.record({ ...auditActor(actor), action: 'meal.given-free', objectKind: 'stop', objectId: stopId, outcome: 'done' }, tx);
      return { stopId, state: 'given-free' };
    });
  }
}

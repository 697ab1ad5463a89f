import { Injectable } from '@nestjs/common';
import type { LoadRow } from '../../contract/kitchen.js';
import { LOAD_PROMISE_MIN } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Outbox } from '../../infra/queue/outbox.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';
import { LoadList } from './load-list.query.js';

/** Records that a sealed load left the kitchen: the load clock starts, and a check is armed for its end. */
@Injectable()
export class SendLoad {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly loads: LoadList,
    private readonly outbox: Outbox, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Repeating it changes nothing and answers the same. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async execute(loadId: string, staff: StaffIdentity): Promise<LoadRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const known = await this.loads.byId(loadId, tx);
      if (known === null || !kitchen.points.some(({ id }) => id === known.pointId)) return this.scope.refuse(staff, 'load', loadId);
      const leftAt = this.clock.now();
      const result: unknown = await tx.query(
        "UPDATE portion_load SET state = 'left', left_at = ?, left_by = ? WHERE id = ? AND state = 'sealed'", [leftAt, staff.staffId, loadId],
      );
      if (affectedRows(result) === 1) {
        await this.outbox.add(tx, {
          type: 'load.left', payload: { loadId }, runAt: new Date(leftAt.getTime() + LOAD_PROMISE_MIN * 60_000 + 1),
        });
        await this.audit.record({
          actorKind: 'staff', actorId: staff.staffId, action: 'load.left', objectKind: 'load', objectId: loadId, outcome: 'done',
        }, tx);
      }
      return (await this.loads.byId(loadId, tx)) ?? known;
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { LoadRow, VoidLoadRequest } from '../../contract/kitchen.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DayGate, KitchenScope } from '../sites/index.js';
import { LoadList } from './load-list.query.js';

/** A sealed load that stays in the kitchen: what it held counts neither as sent nor as taken from its batches. Its lines stay on record. */
@Injectable()
export class VoidLoad {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly loads: LoadList, private readonly gate: DayGate,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Repeating it changes nothing. @throws DomainError KITCHEN.ALREADY_LEFT, CLOSE.DAY_CLOSED, REQUEST.NOT_FOUND outside the scope */
  async execute(loadId: string, { reason }: VoidLoadRequest, staff: StaffIdentity): Promise<LoadRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const known = await this.loads.byId(loadId, tx);
      if (known === null || !kitchen.points.some(({ id }) => id === known.pointId)) return this.scope.refuse(staff, 'load', loadId);
      await this.gate.requireOpen(tx, known.pointId, known.day as BusinessDay);
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
      const result: unknown = await tx.query(
        "UPDATE portion_load SET state = 'void', note = ?, voided_at = ?, voided_by = ? WHERE id = ? AND state = 'sealed'", [reason, this.clock.now(), staff.staffId, loadId],
      );
      if (affectedRows(result) !== 1) {
        const now = await this.loads.byId(loadId, tx);
        if (now?.state === 'void') return now;
        throw new DomainError('KITCHEN.ALREADY_LEFT', 'conflict');
      }
      for (const { setMealId, sent } of known.items) {
        await tx.query('UPDATE portion_stock SET sent = sent - ? WHERE point_id = ? AND set_meal_id = ?', [sent, known.pointId, setMealId]);
      }
      await tx.query(
        `UPDATE kitchen_batch b JOIN (SELECT batch_id, SUM(portions) AS portions FROM load_batch WHERE load_id = ? GROUP BY batch_id) x ON x.batch_id = b.id SET b.fed = b.fed - x.portions`, [loadId],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'load.voided', objectKind: 'load', objectId: loadId, outcome: 'done', detail: { recalled: known.recalled } }, tx);
      return (await this.loads.byId(loadId, tx)) ?? known;
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LeaveLoadRequest, LoadRow } from '../../contract/kitchen.js';
import { DEFAULT_FOOD_SAFETY_LIMITS, isInDangerZone } from '../../domain/food-safety/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { LOAD_PROMISE_MIN } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Outbox } from '../../infra/queue/outbox.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { KitchenScope } from '../sites/index.js';
import { LoadList } from './load-list.query.js';

/** Records that a sealed load left the kitchen: the load clock starts, and a check is armed for its end. */
@Injectable()
export class SendLoad {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly loads: LoadList,
    private readonly outbox: Outbox, private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * Repeating it changes nothing and answers the same. Recalled food stays, unless it is long gone: then its point is told.
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, KITCHEN.LOAD_RECALLED, KITCHEN.LOAD_VOID, KITCHEN.LOAD_WARM
   */
  async execute(loadId: string, { alreadyGone = false, temperatureC }: LeaveLoadRequest, staff: StaffIdentity): Promise<LoadRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const known = await this.loads.byId(loadId, tx);
      if (known === null || !kitchen.points.some(({ id }) => id === known.pointId)) return this.scope.refuse(staff, 'load', loadId);
      // A recall takes this row too: a load that leaves is either seen by it or finds its batch recalled.
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
      const [recalled] = known.state !== 'sealed' ? [] : await tx.query<unknown[]>('SELECT 1 FROM load_batch x JOIN kitchen_batch b ON b.id = x.batch_id AND b.recalled = 1 WHERE x.load_id = ? LIMIT 1', [loadId]);
      if (known.state === 'void') throw new DomainError('KITCHEN.LOAD_VOID', 'conflict');
      if (recalled !== undefined && !alreadyGone) throw new DomainError('KITCHEN.LOAD_RECALLED', 'refused');
      if (known.state === 'sealed' && !alreadyGone) requireHotOrCold(temperatureC);
      const leftAt = this.clock.now();
      const result: unknown = await tx.query(
        "UPDATE portion_load SET state = 'left', left_at = ?, left_by = ?, left_temperature_c = ? WHERE id = ? AND state = 'sealed'", [leftAt, staff.staffId, temperatureC ?? null, loadId],
      );
      if (affectedRows(result) === 1) {
        if (recalled !== undefined) await this.tellRecalled(tx, known.pointId, loadId);
        await this.outbox.add(tx, {
          type: 'load.left', payload: { loadId }, runAt: new Date(leftAt.getTime() + LOAD_PROMISE_MIN * 60_000 + 1),
        });
        await this.audit.record({
          actorKind: 'staff', actorId: staff.staffId, action: 'load.left', objectKind: 'load', objectId: loadId, outcome: 'done', detail: { alreadyGone, recalled: recalled !== undefined, celsius: temperatureC ?? null },
        }, tx);
      }
      return (await this.loads.byId(loadId, tx)) ?? known;
    });
  }

  /** Recalled food reached a point that no recall has told yet. */
  private async tellRecalled(tx: EntityManager, pointId: string, loadId: string): Promise<void> {
    const [recall] = await tx.query<{ what: string; reason: string; streetId: string }[]>(
      `SELECT CONCAT(d.name, ' #', b.batch_no) AS what, r.reason, k.street_id AS streetId FROM load_batch x JOIN kitchen_batch b ON b.id = x.batch_id AND b.recalled = 1 JOIN dish d ON d.id = b.dish_id
         JOIN recall_batch y ON y.batch_id = b.id JOIN recall r ON r.id = y.recall_id AND r.state <> 'undone' JOIN kitchen k ON k.id = b.kitchen_id WHERE x.load_id = ? ORDER BY r.opened_at LIMIT 1`, [loadId],
    );
    if (recall === undefined) return;
    const told = { kind: 'recall-opened', facts: { what: recall.what, reason: recall.reason } } as const;
    await this.notices.request(tx, { ...told, recipientKind: 'point', recipientId: pointId, dedupKey: `recall-gone-${loadId}` });
    await this.notices.request(tx, { ...told, recipientKind: 'street', recipientId: recall.streetId, dedupKey: `recall-gone-street-${loadId}` });
  }
}

/** Food between the two can only be put right where there is a stove and a fridge. @throws DomainError KITCHEN.LOAD_WARM */
function requireHotOrCold(celsius: number | undefined): void {
  if (celsius !== undefined && isInDangerZone(celsius, DEFAULT_FOOD_SAFETY_LIMITS.fridgeToC)) throw new DomainError('KITCHEN.LOAD_WARM', 'refused', { celsius });
}

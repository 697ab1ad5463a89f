import { Injectable } from '@nestjs/common';
import type { GivePortionsRequest } from '../../contract/closing.js';
import type { PointPortionsAnswer } from '../../contract/kitchen.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { DayGate, PointScope } from '../sites/index.js';
import { PointPortions } from './point-portions.query.js';

/** Gives portions without a price: counted, with the reason and by whom, and never more than are left. */
@Injectable()
export class GivePortions {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly gate: DayGate, private readonly menu: MenuDirectory, private readonly portions: PointPortions,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError PORTIONS.RECALLED, PORTIONS.TOO_MANY, CLOSE.DAY_CLOSED; REQUEST.NOT_FOUND for a point outside the scope */
  async execute(pointId: string, request: GivePortionsRequest, staff: StaffIdentity, key: string): Promise<PointPortionsAnswer> {
    await this.scope.narrowed(staff, pointId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { gift: pointId, ...request } };
    await this.idempotency.run(run, async (tx) => {
      const day = this.clock.today();
      await this.gate.requireOpen(tx, pointId, day);
      if (await this.menu.isRecalled(tx, request.setMealId)) throw new DomainError('PORTIONS.RECALLED', 'refused');
      const result: unknown = await tx.query(
        'UPDATE portion_stock SET given_free = given_free + ? WHERE point_id = ? AND set_meal_id = ? AND business_day = ? AND left_portions >= ?',
        [request.portions, pointId, request.setMealId, day, request.portions],
      );
      if (affectedRows(result) !== 1) throw new DomainError('PORTIONS.TOO_MANY', 'conflict');
      const id = newId();
      await tx.query(
        'INSERT INTO portion_gift (id, point_id, set_meal_id, portions, reason, note, given_by, given_at) VALUES (?)',
        [[id, pointId, request.setMealId, request.portions, request.reason, request.note, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'portions.given', objectKind: 'portion-gift', objectId: id, outcome: 'done',
        detail: { portions: request.portions, reason: request.reason },
      }, tx);
      return { giftId: id };
    });
    return this.portions.ofSetMeal(pointId as PointId, request.setMealId);
  }
}

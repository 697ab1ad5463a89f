import { Injectable } from '@nestjs/common';
import type { MarkSoldOutRequest, PointPortionsAnswer } from '../../contract/kitchen.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';
import { PointPortions } from './point-portions.query.js';

/** Takes a set meal of today off sale at a point, or puts it back. Who had ordered it is still served; repeating it is harmless. */
@Injectable()
export class MarkSoldOut {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly portions: PointPortions, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError KITCHEN.NOT_ON_MENU; REQUEST.NOT_FOUND for a point outside the scope */
  async execute(pointId: string, { setMealId, soldOut, reason }: MarkSoldOutRequest, staff: StaffIdentity): Promise<PointPortionsAnswer> {
    await this.scope.narrowed(staff, pointId);
    await this.unitOfWork.run(async (tx) => {
      const [own] = await tx.query<unknown[]>('SELECT 1 FROM set_meal m JOIN point p ON p.kitchen_id = m.kitchen_id WHERE m.id = ? AND p.id = ? AND m.business_day = ?', [setMealId, pointId, this.clock.today()]);
      if (own === undefined) throw new DomainError('KITCHEN.NOT_ON_MENU', 'not-found');
      if (soldOut) {
        await tx.query('INSERT IGNORE INTO sold_out_mark (id, point_id, set_meal_id, active, reason, marked_by, marked_at) VALUES (?)', [[newId(), pointId, setMealId, 1, reason, staff.staffId, this.clock.now()]]);
      } else {
        await tx.query('UPDATE sold_out_mark SET active = NULL, ended_by = ?, ended_at = ? WHERE point_id = ? AND set_meal_id = ? AND active = 1', [staff.staffId, this.clock.now(), pointId, setMealId]);
      }
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: soldOut ? 'set-meal.sold-out' : 'set-meal.on-sale', objectKind: 'set-meal', objectId: setMealId, outcome: 'done', detail: { pointId },
      }, tx);
    });
    return this.portions.ofSetMeal(pointId as PointId, setMealId);
  }
}

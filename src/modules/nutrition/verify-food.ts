import { Injectable } from '@nestjs/common';
import type { VerifyFoodRequest } from '../../contract/nutrition.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuScope } from '../menu/index.js';

/** Marks one row of a food table as compared with a source that somebody opened, and which. */
@Injectable()
export class VerifyFood {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws OutOfScope outside the kitchen; DomainError NUTRITION.FOOD_IS_DEMO */
  async execute(foodId: string, { opened }: VerifyFoodRequest, staff: StaffIdentity): Promise<{ done: true }> {
    const kitchenId = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const [food] = await tx.query<{ isDemo: number }[]>(
        'SELECT t.is_demo AS isDemo FROM composition_food f JOIN composition_table t ON t.id = f.table_id WHERE f.id = ? AND t.kitchen_id = ? FOR UPDATE', [foodId, kitchenId],
      );
      if (food === undefined) throw new OutOfScope('food', foodId);
      if (food.isDemo === 1) throw new DomainError('NUTRITION.FOOD_IS_DEMO', 'refused');
      await tx.query('UPDATE composition_food SET verified_source = ?, verified_by = ?, verified_at = ? WHERE id = ?', [opened, staff.staffId, this.clock.now(), foodId]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'food.verified', objectKind: 'food', objectId: foodId, outcome: 'done' }, tx);
      return { done: true };
    });
  }
}

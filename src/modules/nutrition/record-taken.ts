import { Injectable } from '@nestjs/common';
import type { RecordTakenRequest } from '../../contract/nutrition.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';

/** Records what was really taken of a meal: half a portion, a weighed plate. The price of the meal stays what it was. */
@Injectable()
export class RecordTaken {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws OutOfScope for a meal of another point; DomainError NUTRITION.DISH_UNKNOWN for a dish that was not on the tray */
  async execute(mealId: string, request: RecordTakenRequest, staff: StaffIdentity): Promise<{ done: true }> {
    return this.unitOfWork.run(async (tx) => {
      const [meal] = await tx.query<unknown[]>('SELECT 1 FROM meal WHERE id = ? AND point_id = ?', [mealId, staff.scopeId]);
      if (meal === undefined) throw new OutOfScope('meal', mealId);
      const served = await tx.query<{ id: string }[]>(
        `SELECT COALESCE(a.substitute_id, x.dish_id) AS id FROM meal m JOIN set_meal sm ON sm.id = m.set_meal_id JOIN set_meal_dish x ON x.set_meal_id = sm.id
         LEFT JOIN meal_adjustment a ON a.senior_id = m.senior_id AND a.business_day = m.business_day AND a.period = m.period AND a.set_code = sm.code AND a.dish_id = x.dish_id WHERE m.id = ?`, [mealId],
      );
      if (request.dishes.some(({ dishId }) => !served.some(({ id }) => id === dishId))) throw new DomainError('NUTRITION.DISH_UNKNOWN', 'refused');
      for (const dish of request.dishes) {
        await tx.query(
          `INSERT INTO meal_taken (meal_id, dish_id, portions, grams, recorded_by, recorded_at) VALUES (?, ?, ?, ?, ?, ?)
           ON DUPLICATE KEY UPDATE portions = VALUES(portions), grams = VALUES(grams), recorded_by = VALUES(recorded_by), recorded_at = VALUES(recorded_at)`,
          [mealId, dish.dishId, 'portions' in dish ? dish.portions : null, 'grams' in dish ? dish.grams : null, staff.staffId, this.clock.now()],
        );
      }
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'meal.taken-recorded', objectKind: 'meal', objectId: mealId, outcome: 'done' }, tx);
      return { done: true };
    });
  }
}

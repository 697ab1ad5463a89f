import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RetireDishRequest } from '../../contract/nutrition.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuScope } from '../menu/index.js';

/** Takes a dish out of use, or back into it. What was cooked, sold and eaten of it stays; no menu and no substitute names it any more. */
@Injectable()
export class RetireDish {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws OutOfScope for another kitchen's dish; DomainError NUTRITION.DISH_IN_USE while a menu to come or a kept cycle holds it */
  async execute(dishId: string, { retired, reason }: RetireDishRequest, staff: StaffIdentity): Promise<{ done: true }> {
    const kitchenId = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const [dish] = await tx.query<unknown[]>('SELECT 1 FROM dish WHERE id = ? AND kitchen_id = ? FOR UPDATE', [dishId, kitchenId]);
      if (dish === undefined) throw new OutOfScope('dish', dishId);
      if (retired) {
        const [menu] = await tx.query<{ day: string | null }[]>('SELECT MIN(m.business_day) AS day FROM set_meal m JOIN set_meal_dish x ON x.set_meal_id = m.id WHERE x.dish_id = ? AND m.business_day >= ?', [dishId, this.clock.today()]);
        const cycle = await this.cycleWith(tx, kitchenId, dishId);
        if (menu?.day != null || cycle !== null) throw new DomainError('NUTRITION.DISH_IN_USE', 'conflict', { day: menu?.day ?? null, cycle });
        await tx.query('DELETE FROM dish_substitute WHERE substitute_id = ?', [dishId]);
      }
      await tx.query('UPDATE dish SET retired = ? WHERE id = ?', [retired ? 1 : 0, dishId]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: retired ? 'dish.retired' : 'dish.returned', objectKind: 'dish', objectId: dishId, outcome: 'done', detail: { reason } }, tx);
      return { done: true };
    });
  }

  private async cycleWith(tx: EntityManager, kitchenId: KitchenId, dishId: string): Promise<string | null> {
    const [cycle] = await tx.query<{ name: string }[]>("SELECT name FROM menu_cycle WHERE kitchen_id = ? AND trays LIKE CONCAT('%', ?, '%') LIMIT 1", [kitchenId, dishId]);
    return cycle?.name ?? null;
  }
}

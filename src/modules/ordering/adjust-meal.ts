import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { blocksOf, canBePrepared, type CheckedDish, type PersonLimits } from '../../domain/nutrition/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { dishesById, dishesOfSets, MealSuitability } from '../nutrition/index.js';

/** What one person is to get instead of one dish of one meal. `setCode` is the set meal that the dish belongs to. */
export interface MealAdjustment {
  readonly seniorId: string;
  readonly pointId: string;
  readonly day: BusinessDay;
  readonly period: MealPeriod;
  readonly dishId: string;
  readonly substituteId: string | null;
  readonly setCode: string;
  /** Of a dish that is prepared to their texture: the level that the portion reached, and who tested it. Absent: not tested yet. */
  readonly tested?: { readonly level: number; readonly testedBy: string } | undefined;
}

/** Writes what a person gets instead of a dish; what is against them itself is never accepted. */
@Injectable()
export class AdjustMeal {
  constructor(
    private readonly menu: MenuDirectory, private readonly suitability: MealSuitability, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError CLASH.DAY_PAST, CLASH.DISH_NOT_ASKED, CLASH.SUBSTITUTE_UNKNOWN, CLASH.STILL_UNSUITABLE, CLASH.CANNOT_PREPARE, CLASH.TEST_TOO_FIRM, CLASH.TEST_TOO_EARLY, CLASH.SUBSTITUTE_RECALLED, CLASH.SUBSTITUTE_NOT_COOKED */
  async write(tx: EntityManager, asked: MealAdjustment, staff: StaffIdentity): Promise<void> {
    this.requireAhead(asked.day);
    const offer = (await this.menu.offers(asked.pointId as PointId, asked.day, asked.period, tx)).find(({ code }) => code === asked.setCode);
    const dish = offer === undefined ? undefined : (await dishesOfSets(tx, [offer.setMealId])).get(offer.setMealId)?.find(({ id }) => id === asked.dishId);
    if (dish === undefined) throw new DomainError('CLASH.DISH_NOT_ASKED', 'refused');
    await this.requireFit(tx, asked, dish);
    const now = this.clock.now();
    const { tested } = asked;
    await tx.query(
      `INSERT INTO meal_adjustment (senior_id, business_day, period, dish_id, substitute_id, set_code, tested_level, tested_by, tested_at, test_recorded_by, decided_by, decided_at) VALUES (?)
       ON DUPLICATE KEY UPDATE substitute_id = VALUES(substitute_id), set_code = VALUES(set_code), tested_level = VALUES(tested_level), tested_by = VALUES(tested_by),
         tested_at = VALUES(tested_at), test_recorded_by = VALUES(test_recorded_by), decided_by = VALUES(decided_by), decided_at = VALUES(decided_at)`,
      [[asked.seniorId, asked.day, asked.period, asked.dishId, asked.substituteId, asked.setCode, tested?.level ?? null, tested?.testedBy ?? null, tested === undefined ? null : now,
        tested === undefined ? null : staff.staffId, staff.staffId, now]],
    );
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'meal.adjusted', objectKind: 'senior', objectId: asked.seniorId, outcome: 'done',
      detail: { day: asked.day, period: asked.period, setCode: asked.setCode, dishId: asked.dishId, substituteId: asked.substituteId, testedLevel: tested?.level ?? null },
    }, tx);
  }

  /** @throws DomainError CLASH.DAY_PAST */
  requireAhead(day: BusinessDay): void {
    if (day < this.clock.today()) throw new DomainError('CLASH.DAY_PAST', 'refused', { day });
  }

  private async requireFit(tx: EntityManager, { seniorId, pointId, substituteId, day, period, tested }: MealAdjustment, dish: CheckedDish): Promise<void> {
    const limits: PersonLimits = (await this.suitability.limits(tx, [seniorId])).get(seniorId) ?? { allergens: [], textureMax: null, diets: [] };
    if (substituteId === null) {
      if (!canBePrepared(blocksOf(limits, dish))) throw new DomainError('CLASH.CANNOT_PREPARE', 'refused');
      // What is tested is the portion that was cooked, so never ahead of its day.
      if (tested !== undefined && day !== this.clock.today()) throw new DomainError('CLASH.TEST_TOO_EARLY', 'refused', { day });
      if (tested !== undefined && tested.level > (limits.textureMax ?? Infinity)) throw new DomainError('CLASH.TEST_TOO_FIRM', 'refused', { most: limits.textureMax ?? 7 });
      return;
    }
    if (tested !== undefined) throw new DomainError('CLASH.CANNOT_PREPARE', 'invalid');
    const [own] = await tx.query<unknown[]>('SELECT 1 FROM dish d JOIN point p ON p.kitchen_id = d.kitchen_id WHERE d.id = ? AND p.id = ? AND d.retired = 0', [substituteId, pointId]);
    const substitute = own === undefined ? undefined : (await dishesById(tx, [substituteId])).get(substituteId);
    if (substitute === undefined) throw new DomainError('CLASH.SUBSTITUTE_UNKNOWN', 'invalid');
    await this.requireThere(tx, substituteId, { day, period });
    if (blocksOf(limits, substitute).length > 0) throw new DomainError('CLASH.STILL_UNSUITABLE', 'refused');
  }

  /** Not recalled that day; and of a day that is planned already, among what is cooked. */
  private async requireThere(tx: EntityManager, dishId: string, { day, period }: { day: BusinessDay; period: MealPeriod }): Promise<void> {
    const [recalled] = await tx.query<unknown[]>("SELECT 1 FROM recall_dish z JOIN recall r ON r.id = z.recall_id AND r.state <> 'undone' WHERE z.dish_id = ? AND z.business_day = ?", [dishId, day]);
    if (recalled !== undefined) throw new DomainError('CLASH.SUBSTITUTE_RECALLED', 'refused');
    if (day !== this.clock.today()) return;
    const [count] = await tx.query<{ batches: string; own: string | null }[]>(
      `SELECT COUNT(*) AS batches, SUM(b.dish_id = ?) AS own FROM kitchen_batch b JOIN dish d ON d.id = ?
       WHERE b.kitchen_id = d.kitchen_id AND b.business_day = ? AND b.period = ? AND b.state <> 'dropped'`, [dishId, dishId, day, period],
    );
    if (Number(count?.batches ?? 0) > 0 && Number(count?.own ?? 0) === 0) throw new DomainError('CLASH.SUBSTITUTE_NOT_COOKED', 'refused');
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { asksFor, type StandingPlanDays } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';

interface PlanRow extends StandingPlanDays { id: string; seniorId: string; setCode: string; fulfilment: string }

/**
 * Turns standing plans into orders of one day. A plan that already has an order of the day, standing or cancelled, is
 * left alone: whoever cancelled one meal does not get it back at the next run. Nobody in a hospital or a nursing home is
 * ordered for; the plan itself goes on, so that it asks again by itself on the day of return.
 */
@Injectable()
export class MaterialisePlans {
  constructor(private readonly clock: Clock) {}

  /** @returns orders added */
  async execute(tx: EntityManager, at: { pointId: string; day: BusinessDay; period: MealPeriod }): Promise<number> {
    const plans = await tx.query<PlanRow[]>(
      `SELECT p.id, p.senior_id AS seniorId, p.set_code AS setCode, p.fulfilment, p.weekday_mask AS weekdayMask,
         p.valid_from AS validFrom, p.valid_to AS validTo, p.paused_from AS pausedFrom, p.paused_to AS pausedTo
       FROM standing_plan p JOIN senior s ON s.id = p.senior_id
       WHERE s.point_id = ? AND p.period = ? AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to > ?)
         AND (s.status = 'active' OR s.status_from > ?)
         AND NOT EXISTS (SELECT 1 FROM senior_stay y WHERE y.senior_id = p.senior_id AND y.active = 1 AND y.from_day <= ? AND (y.to_day IS NULL OR y.to_day > ?))
         AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = p.senior_id AND o.business_day = ? AND o.period = p.period
           AND (o.active = 1 OR o.standing_plan_id = p.id))
       ORDER BY p.id`,
      [at.pointId, at.period, at.day, at.day, at.day, at.day, at.day, at.day],
    );
    let added = 0;
    for (const plan of plans.filter((candidate) => asksFor(candidate, at.day))) {
      const result: unknown = await tx.query(
        `INSERT IGNORE INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, standing_plan_id, status, active, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'standing', ?, 'ordered', 1, ?)`,
        [newId(), plan.seniorId, at.pointId, at.day, at.period, plan.setCode, plan.fulfilment, plan.id, this.clock.now()],
      );
      added += affectedRows(result);
    }
    return added;
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchListAnswer, PlanBatchesRequest } from '../../contract/production.js';
import { type DishNeed, type DishSwap, planBatches, withSubstitutes } from '../../domain/kitchen/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { BatchBook, BatchList, ProductionSettingsBook } from '../production/index.js';
import { Production, type PlannedDay } from './production.query.js';

/** Turns the portions of a day into batches: what is ordered and most of the walk-ins first, the rest when sales ask for it. */
@Injectable()
export class PlanBatches {
  constructor(
    private readonly production: Production, private readonly book: BatchBook, private readonly batches: BatchList,
    private readonly settings: ProductionSettingsBook, private readonly dataSource: DataSource, private readonly clock: Clock,
  ) {}

  /** @throws DomainError BATCH.DAY_STARTED, BATCH.NOTHING_TO_COOK, KITCHEN.NOT_FOUND */
  async execute(request: PlanBatchesRequest, staff: StaffIdentity): Promise<BatchListAnswer> {
    const day = request.day as BusinessDay;
    const planned = await this.production.plan(staff, day, request.period);
    const { kitchen } = planned;
    await this.book.replacePlan({ kitchenId: kitchen.id, day, period: request.period }, planBatches(withSubstitutes(needsOf(planned), await this.swaps(kitchen, day, request.period)), await this.settings.of(kitchen.id)), staff);
    return {
      kitchen: { id: kitchen.id, name: kitchen.name }, day, period: request.period, asOf: this.clock.now().toISOString(),
      batches: await this.batches.ofDay(kitchen.id, day, request.period),
    };
  }

  /** For orders that stand, and for standing plans that have not become orders yet; whatever was cancelled needs none. */
  private async swaps({ cooksFor }: Pick<PlannedDay['kitchen'], 'cooksFor'>, day: BusinessDay, period: string): Promise<DishSwap[]> {
    if (cooksFor.length === 0) return [];
    const rows = await this.dataSource.query<(Omit<DishSwap, 'portions'> & { portions: string })[]>(
      `SELECT a.dish_id AS dishId, a.substitute_id AS substituteId, COUNT(*) AS portions FROM meal_adjustment a JOIN senior s ON s.id = a.senior_id
         LEFT JOIN meal_order o ON o.senior_id = a.senior_id AND o.business_day = a.business_day AND o.period = a.period AND o.active = 1 AND o.set_code = a.set_code
       WHERE a.business_day = ? AND a.period = ? AND a.substitute_id IS NOT NULL AND COALESCE(o.point_id, s.point_id) IN (?)
         AND (o.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM meal_order z WHERE z.senior_id = a.senior_id AND z.business_day = a.business_day AND z.period = a.period))
       GROUP BY a.dish_id, a.substitute_id ORDER BY a.dish_id, a.substitute_id`, [day, period, cooksFor],
    );
    return rows.map((row) => ({ ...row, portions: Number(row.portions) }));
  }
}

/** Portions of each dish over all points and set meals of the day. */
export function needsOf({ menu, plan }: Pick<PlannedDay, 'menu' | 'plan'>): DishNeed[] {
  const dishIds = new Set(menu.sets.flatMap(({ dishes }) => dishes.map(({ id }) => id)));
  return [...dishIds].map((dishId) => {
    const codes = new Set(menu.sets.filter(({ dishes }) => dishes.some(({ id }) => id === dishId)).map(({ code }) => code));
    const cells = plan.cells.filter(({ setCode }) => codes.has(setCode));
    return {
      dishId,
      orderedPortions: cells.reduce((sum, cell) => sum + cell.deliveries + cell.collections, 0),
      walkInPortions: cells.reduce((sum, cell) => sum + cell.walkInsToCook, 0),
    };
  });
}

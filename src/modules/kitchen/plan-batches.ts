import { Injectable } from '@nestjs/common';
import type { BatchListAnswer, PlanBatchesRequest } from '../../contract/production.js';
import { type DishNeed, type KitchenRhythm, planBatches } from '../../domain/kitchen/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { BatchBook, BatchList, ProductionSettingsBook } from '../production/index.js';
import { MealHours } from './meal-hours.js';
import { Production, type PlannedDay } from './production.query.js';

/** The last minute of a day. */
const LAST_MIN = 24 * 60 - 1;

/** Turns the portions of a day into batches: what is ordered and most of the walk-ins first, the rest when sales ask for it. */
@Injectable()
export class PlanBatches {
  constructor(
    private readonly production: Production, private readonly book: BatchBook, private readonly batches: BatchList,
    private readonly settings: ProductionSettingsBook, private readonly hours: MealHours, private readonly clock: Clock,
  ) {}

  /** @throws DomainError BATCH.DAY_STARTED, BATCH.NOTHING_TO_COOK, KITCHEN.NOT_FOUND */
  async execute(request: PlanBatchesRequest, staff: StaffIdentity): Promise<BatchListAnswer> {
    const day = request.day as BusinessDay;
    const planned = await this.production.plan(staff, day, request.period);
    const { kitchen } = planned;
    await this.book.replacePlan({ kitchenId: kitchen.id, day, period: request.period }, planBatches(needsOf(planned), await this.rhythm(kitchen, request.period)), staff);
    return {
      kitchen: { id: kitchen.id, name: kitchen.name }, day, period: request.period, asOf: this.clock.now().toISOString(),
      batches: await this.batches.ofDay(kitchen.id, day, request.period),
    };
  }

  /** The kitchen's times are those of lunch; other meals are ready as long before they are served. */
  private async rhythm({ id, cooksFor }: PlannedDay['kitchen'], period: MealPeriod): Promise<KitchenRhythm> {
    const rhythm = await this.settings.of(id);
    const [own, lunch] = await Promise.all([this.hours.of(cooksFor, period), this.hours.of(cooksFor, 'lunch')]);
    const shift = own === null || lunch === null ? 0 : own.startMin - lunch.startMin;
    const moved = (minute: number): number => Math.min(LAST_MIN, Math.max(rhythm.cookMin, minute + shift));
    return { ...rhythm, firstReadyMin: moved(rhythm.firstReadyMin), secondReadyMin: moved(rhythm.secondReadyMin) };
  }
}

/** Portions of each dish over all points of the day; what single people get instead of a dish is cooked for them. */
export function needsOf({ dishes }: Pick<PlannedDay, 'dishes'>): DishNeed[] {
  const needs = new Map<string, DishNeed>();
  for (const { dishId, ordered, walkInsToCook } of dishes) {
    const known = needs.get(dishId) ?? { dishId, orderedPortions: 0, walkInPortions: 0 };
    needs.set(dishId, { dishId, orderedPortions: known.orderedPortions + ordered, walkInPortions: known.walkInPortions + walkInsToCook });
  }
  return [...needs.values()].filter(({ orderedPortions, walkInPortions }) => orderedPortions + walkInPortions > 0);
}

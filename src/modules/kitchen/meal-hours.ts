import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDays, minuteOfDay } from '../../domain/kernel/business-day.js';
import { type MealPeriod, servedNowOrNext } from '../../domain/kernel/meal-period.js';
import { type CutoffRule, cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { KitchenScope } from '../sites/index.js';

/** Minutes since midnight in Asia/Shanghai between which any of the points serves a meal. */
export interface Hours { readonly startMin: number; readonly endMin: number }

const LOOK_AHEAD_DAYS = 3;

/** When the points of a kitchen serve, and when their orders close. */
@Injectable()
export class MealHours {
  constructor(private readonly dataSource: DataSource, private readonly scope: KitchenScope, private readonly clock: Clock) {}

  /** The meal that is served now, or the next of today; after the last one, that one; lunch where nothing is served at all. */
  async current(staff: StaffIdentity): Promise<MealPeriod> {
    const { points } = await this.scope.kitchenOf(staff);
    return servedNowOrNext(await this.services(points.map(({ id }) => id)), minuteOfDay(this.clock.now()));
  }

  /** @returns null where none of the points serves this meal */
  async of(pointIds: readonly string[], period: MealPeriod): Promise<Hours | null> {
    const rows = (await this.services(pointIds)).filter((row) => row.period === period);
    return rows.length === 0 ? null : { startMin: Math.min(...rows.map(({ startMin }) => startMin)), endMin: Math.max(...rows.map(({ endMin }) => endMin)) };
  }

  /** The next instant at which orders of a meal close, for any of the points; null without a meal service. */
  async nextCutoff(pointIds: readonly string[]): Promise<{ at: Date; day: string; period: MealPeriod } | null> {
    const now = this.clock.now();
    const services = await this.services(pointIds);
    const coming = Array.from({ length: LOOK_AHEAD_DAYS }, (_, ahead) => addDays(this.clock.today(), ahead))
      .flatMap((day) => services.map((service) => ({ at: cutoffInstant(service, day), day, period: service.period }))).filter(({ at }) => at > now);
    return coming.sort((a, b) => a.at.getTime() - b.at.getTime())[0] ?? null;
  }

  private async services(pointIds: readonly string[]): Promise<(Hours & CutoffRule & { period: MealPeriod })[]> {
    if (pointIds.length === 0) return [];
    return this.dataSource.query(
      'SELECT DISTINCT period, start_min AS startMin, end_min AS endMin, cutoff_day_offset AS cutoffDayOffset, cutoff_min AS cutoffMin FROM meal_service WHERE point_id IN (?)', [pointIds],
    );
  }
}

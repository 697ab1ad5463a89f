import { Injectable } from '@nestjs/common';
import type { TransfersAnswer } from '../../contract/closing.js';
import type { LiveAdviceAnswer } from '../../contract/stock.js';
import { cookingQuantiles, decideSecondWave, livePoint, proposeTransfers, shareByMinute } from '../../domain/kitchen/index.js';
import { addDays, minuteOfDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { KitchenScope, SiteDirectory } from '../sites/index.js';
import { CookingChoices } from './cooking-choices.js';
import { LiveSales } from './live-sales.query.js';
import { type Hours, MealHours } from './meal-hours.js';
import { Production } from './production.query.js';

const LEARNT_DAYS = 28;
const LAST_MINUTES = 20;
/** Before the forecast has measured its own error. */
const UNMEASURED_SPREAD = 0.3;
/** Standard deviation over mean absolute deviation of a normal error. */
const SPREAD_OF_ERROR = 1.25;

/** What the sales of this minute say: how many more to cook in the second wave, and what to move between points. */
@Injectable()
export class LiveAdvice {
  constructor(
    private readonly scope: KitchenScope, private readonly sites: SiteDirectory, private readonly production: Production, private readonly sales: LiveSales, private readonly hours: MealHours, private readonly choices: CookingChoices, private readonly clock: Clock,
  ) {}

  /** Of the transfers that are proposed now those from or to a point, for its staff, who see no other point's sales; none before the last minutes. */
  async transfersOf(pointId: PointId, staff: StaffIdentity): Promise<TransfersAnswer['proposals']> {
    const { kitchenId } = await this.sites.point(pointId);
    // A proposal comes of all points of the kitchen; only the point's own lines leave this method.
    const asKitchen: StaffIdentity = { ...staff, scopeKind: 'kitchen', scopeId: kitchenId };
    const period = await this.hours.current(asKitchen);
    const { points } = await this.scope.kitchenOf(asKitchen);
    if (!isTransferTime(await this.hours.of(points.map(({ id }) => id), period), minuteOfDay(this.clock.now()))) return [];
    const { sets } = await this.now(asKitchen, period);
    return sets.flatMap(({ setMealId, code, name, transfers }) => transfers.filter((one) => one.fromPointId === pointId || one.toPointId === pointId).map((one) => ({
      setMealId, setCode: code, setName: name, fromPointId: one.fromPointId, fromPointName: one.fromName, toPointId: one.toPointId, toPointName: one.toName, portions: one.portions,
    })));
  }

  /** @param asked the meal; undefined: the one that is served now or next */
  async now(staff: StaffIdentity, asked?: MealPeriod): Promise<LiveAdviceAnswer> {
    const day = this.clock.today();
    const now = this.clock.now();
    const minute = minuteOfDay(now);
    const period = asked ?? await this.hours.current(staff);
    const { kitchen, menu, plan, walkIns } = await this.production.plan(staff, day, period);
    const pointIds = kitchen.points.map(({ id }) => id);
    const nameOf = new Map<string, string>(kitchen.points.map(({ id, name }) => [id, name]));
    const [counters, minutes, hours] = await Promise.all([
      this.sales.counters(pointIds, day, period), this.sales.minutes(pointIds, addDays(day, -LEARNT_DAYS), day, period), this.hours.of(pointIds, period),
    ]);
    const transferTime = isTransferTime(hours, minute);
    // Where more set meals ran out than were meant to, the second wave is cooked larger; where more was thrown away, smaller.
    const quantiles = cookingQuantiles(await this.choices.shareOn(kitchen.id, day));
    const { steered: secondWaveShare } = await this.choices.steered(kitchen, quantiles.second, quantiles.aimedRunOuts);
    const shareSoFar = shareByMinute(minutes)(minute);
    const relativeSpread = (walkIns.all.recentError ?? UNMEASURED_SPREAD / SPREAD_OF_ERROR) * SPREAD_OF_ERROR;
    return {
      day, period, asOf: now.toISOString(), shareSoFar, secondWaveShare, transferTime,
      sets: menu.sets.map(({ setMealId, code, name }) => {
        const rows = counters.filter((row) => row.setMealId === setMealId);
        const cells = plan.cells.filter(({ setCode }) => setCode === code);
        const points = pointIds.map((pointId) => {
          const row = rows.find((one) => one.pointId === pointId) ?? { sold: 0, soldToWalkIns: 0, left: 0, onRoad: 0, openOrders: 0 };
          const there = row.left + row.onRoad;
          const expectedWalkIns = cells.find((cell) => cell.pointId === pointId)?.expectedWalkIns ?? 0;
          return livePoint({ pointId, expectedWalkIns, relativeSpread, soldToWalkIns: row.soldToWalkIns, there, openOrders: row.openOrders, soldOut: row.soldToWalkIns > 0 && there <= row.openOrders }, shareSoFar);
        });
        const { portions: cookMore, byPoint } = decideSecondWave(points, secondWaveShare);
        const transfers = transferTime ? proposeTransfers(points, quantiles.keep) : [];
        const openOrders = sum(rows.map((row) => row.openOrders));
        return {
          setMealId, code, name, expected: tenths(sum(cells.map((cell) => cell.deliveries + cell.collections + cell.expectedWalkIns))), sold: sum(rows.map(({ sold }) => sold)),
          left: sum(rows.map(({ left, onRoad }) => left + onRoad)), openOrders, stillToCome: tenths(openOrders + sum(points.map(({ remaining }) => remaining.mean))), cookMore,
          byPoint: byPoint.map((one) => ({ ...one, pointName: nameOf.get(one.pointId) ?? '' })),
          transfers: transfers.map((one) => ({ ...one, fromName: nameOf.get(one.fromPointId) ?? '', toName: nameOf.get(one.toPointId) ?? '' })),
        };
      }),
    };
  }
}

function isTransferTime(hours: Hours | null, minute: number): boolean {
  return hours !== null && minute >= hours.endMin - LAST_MINUTES && minute < hours.endMin;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tenths(portions: number): number {
  return Math.round(portions * 10) / 10;
}

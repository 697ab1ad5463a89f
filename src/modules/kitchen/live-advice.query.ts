import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LiveAdviceAnswer } from '../../contract/stock.js';
import { COOKING_QUANTILES, decideSecondWave, type LivePoint, proposeTransfers, remainingDemand, shareByMinute } from '../../domain/kitchen/index.js';
import { addDays, minuteOfDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { SiteDirectory } from '../sites/index.js';
import { CookingChoices } from './cooking-choices.js';
import { Production } from './production.query.js';

interface StockRow { pointId: string; setMealId: string; sold: string; left: string; onRoad: string }

const LEARNT_DAYS = 28;
const LAST_MINUTES = 20;
/** Before the forecast has measured its own error. */
const UNMEASURED_SPREAD = 0.3;
/** Standard deviation over mean absolute deviation of a normal error. */
const SPREAD_OF_ERROR = 1.25;

/** What the sales of this minute say: how many more to cook in the second wave, and what to move between points. */
@Injectable()
export class LiveAdvice {
  constructor(private readonly dataSource: DataSource, private readonly production: Production, private readonly sites: SiteDirectory, private readonly choices: CookingChoices, private readonly clock: Clock) {}

  async now(staff: StaffIdentity): Promise<LiveAdviceAnswer> {
    const day = this.clock.today();
    const now = this.clock.now();
    const { kitchen, menu, plan, walkIns } = await this.production.plan(staff, day, 'lunch');
    const pointIds = kitchen.points.map(({ id }) => id);
    const nameOf = new Map<string, string>(kitchen.points.map(({ id, name }) => [id, name]));
    const [stocks, minutes, transferTime] = await Promise.all([this.stocks(pointIds, day), this.minutes(pointIds, day), this.isTransferTime(pointIds, minuteOfDay(now))]);
    // Where more set meals ran out than were meant to, the second wave is cooked larger; where more was thrown away, smaller.
    const { steered: secondWaveShare } = await this.choices.steered(kitchen, COOKING_QUANTILES.second, COOKING_QUANTILES.aimedRunOuts);
    const shareSoFar = shareByMinute(minutes)(minuteOfDay(now));
    const relativeSpread = (walkIns.all.recentError ?? UNMEASURED_SPREAD / SPREAD_OF_ERROR) * SPREAD_OF_ERROR;
    return {
      day, asOf: now.toISOString(), shareSoFar, secondWaveShare, transferTime,
      sets: menu.sets.map(({ setMealId, code, name }) => {
        const rows = stocks.filter((row) => row.setMealId === setMealId);
        const points = kitchen.points.map(({ id }): LivePoint & { expected: number } => {
          const cell = plan.cells.find(({ pointId, setCode }) => pointId === id && setCode === code);
          const expected = (cell?.deliveries ?? 0) + (cell?.collections ?? 0) + (cell?.expectedWalkIns ?? 0);
          const row = rows.find(({ pointId }) => pointId === id);
          const left = Number(row?.left ?? 0) + Number(row?.onRoad ?? 0);
          const sold = Number(row?.sold ?? 0);
          return { pointId: id, expected, leftPortions: left, remaining: remainingDemand({ expected, relativeSpread, sold, share: shareSoFar, soldOut: sold > 0 && left === 0 }) };
        });
        const { portions: cookMore, byPoint } = decideSecondWave(points, secondWaveShare);
        const transfers = transferTime ? proposeTransfers(points, COOKING_QUANTILES.keep) : [];
        return {
          setMealId, code, name, expected: tenths(sum(points.map((point) => point.expected))), sold: sum(rows.map((row) => Number(row.sold))), left: sum(points.map(({ leftPortions }) => leftPortions)),
          stillToCome: tenths(sum(points.map(({ remaining }) => remaining.mean))), cookMore,
          byPoint: byPoint.map((one) => ({ ...one, pointName: nameOf.get(one.pointId) ?? '' })),
          transfers: transfers.map((one) => ({ ...one, fromName: nameOf.get(one.fromPointId) ?? '', toName: nameOf.get(one.toPointId) ?? '' })),
        };
      }),
    };
  }

  private async stocks(pointIds: readonly string[], day: string): Promise<StockRow[]> {
    if (pointIds.length === 0) return [];
    return this.dataSource.query<StockRow[]>(
      `SELECT s.point_id AS pointId, s.set_meal_id AS setMealId, s.served + s.collected AS sold, s.left_portions AS \`left\`,
         (SELECT COALESCE(SUM(i.sent), 0) FROM portion_load l JOIN portion_load_item i ON i.load_id = l.id
          WHERE l.point_id = s.point_id AND i.set_meal_id = s.set_meal_id AND (l.state = 'left' OR (l.state = 'sealed' AND NOT EXISTS (
            SELECT 1 FROM load_batch x JOIN kitchen_batch b ON b.id = x.batch_id AND b.recalled = 1 WHERE x.load_id = l.id)))) AS onRoad
       FROM portion_stock s WHERE s.point_id IN (?) AND s.business_day = ? AND s.period = 'lunch'`, [pointIds, day],
    );
  }

  /** Minutes of the day at which meals of the last weeks were sold. */
  private async minutes(pointIds: readonly string[], day: string): Promise<number[]> {
    if (pointIds.length === 0) return [];
    const rows = await this.dataSource.query<{ minute: number; meals: string }[]>(
      `SELECT HOUR(DATE_ADD(sold_at, INTERVAL 8 HOUR)) * 60 + MINUTE(sold_at) AS minute, COUNT(*) AS meals FROM meal
       WHERE business_day >= ? AND business_day < ? AND point_id IN (?) AND period = 'lunch' GROUP BY minute`, [addDays(day as Parameters<typeof addDays>[0], -LEARNT_DAYS), day, pointIds],
    );
    return rows.flatMap(({ minute, meals }) => Array.from({ length: Number(meals) }, () => Number(minute)));
  }

  private async isTransferTime(pointIds: readonly string[], minute: number): Promise<boolean> {
    const [first] = pointIds;
    if (first === undefined) return false;
    const lunch = (await this.sites.mealServices(first as Parameters<SiteDirectory['mealServices']>[0])).find(({ period }) => period === 'lunch');
    return lunch !== undefined && minute >= lunch.endMin - LAST_MINUTES && minute < lunch.endMin;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tenths(portions: number): number {
  return Math.round(portions * 10) / 10;
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ForecastChoicesAnswer } from '../../contract/kitchen.js';
import type { steeredQuantile } from '../../domain/kitchen/index.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { BOXES_FROM_KITCHEN_SQL } from '../production/index.js';
import { ForecastInputs } from './forecast-inputs.js';

interface StockRow { cells: string; runOuts: string | null; accepted: string | null; wasted: string | null }

const LOOK_BACK_DAYS = 30;
/** Days gone by stand still but for what is noted late. */
const REMEMBERED_MS = 5 * 60_000;
const REMEMBERED_MOST = 24;

/** A dish of the set meal of `s` was recalled on its day: what was thrown away then says nothing of what was wanted. */
const RECALLED_SET_SQL = `SELECT 1 FROM set_meal_dish y JOIN recall_dish z ON z.dish_id = y.dish_id AND z.business_day = s.business_day
  JOIN recall r ON r.id = z.recall_id AND r.state <> 'undone' WHERE y.set_meal_id = s.set_meal_id`;

type CookedLately = Required<Parameters<typeof steeredQuantile>[2]>;

/** What the cooking of the last weeks came to: waste and run-outs as they were, and what a wasted portion really cost. */
@Injectable()
export class CookingOutcome {
  private readonly remembered = new Map<string, { untilMs: number; lately: Promise<CookedLately> }>();

  constructor(private readonly dataSource: DataSource, private readonly inputs: ForecastInputs, private readonly clock: Clock) {}

  /**
   * Run-outs and waste of all points of a kitchen, for steering. Unserved are the portions that were counted as thrown
   * away, or those that the scale says where it says more.
   */
  async lately(kitchenId: string, cooksFor: readonly string[]): Promise<CookedLately> {
    const key = `${kitchenId}/${this.clock.today()}`;
    const nowMs = this.clock.now().getTime();
    const known = this.remembered.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.lately;
    if (this.remembered.size >= REMEMBERED_MOST) this.remembered.clear();
    const lately = Promise.all([this.of(kitchenId, cooksFor), this.inputs.settings(kitchenId)]).then(([outcome, { portionG }]): CookedLately => ({
      cells: outcome.cells, runOuts: outcome.runOuts, arrived: outcome.arrived, unserved: Math.min(outcome.arrived, Math.max(outcome.wastedPortions, outcome.unservedG / portionG)),
    }));
    this.remembered.set(key, { untilMs: nowMs + REMEMBERED_MS, lately });
    lately.catch(() => this.remembered.delete(key));
    return lately;
  }

  async of(kitchenId: string, pointIds: readonly string[]): Promise<ForecastChoicesAnswer['outcome']> {
    const today = this.clock.today();
    const between: [BusinessDay, BusinessDay] = [addDays(today, -LOOK_BACK_DAYS), today];
    const points = [...pointIds, ''];
    const [[stock], [weighed], [issued]] = await Promise.all([
      // A set meal that was gone at a point: people were served there, and nothing was left although nothing was thrown away.
      this.dataSource.query<StockRow[]>(
        `SELECT COUNT(*) AS cells, SUM((s.left_portions = 0 AND s.wasted = 0 AND s.given_free = 0 AND s.transferred_out = 0 AND s.served > 0)
           OR EXISTS (SELECT 1 FROM sold_out_mark k WHERE k.point_id = s.point_id AND k.set_meal_id = s.set_meal_id AND k.active = 1)) AS runOuts, SUM(s.accepted) AS accepted, SUM(s.wasted) AS wasted FROM portion_stock s
         WHERE s.point_id IN (?) AND s.business_day >= ? AND s.business_day < ? AND s.accepted > 0 AND NOT EXISTS (${RECALLED_SET_SQL})`, [points, ...between]),
      this.dataSource.query<{ grams: string | null }[]>("SELECT SUM(grams) AS grams FROM weighed_waste w WHERE kitchen_id = ? AND kind = 'unserved' AND business_day >= ? AND business_day < ? AND NOT EXISTS (SELECT 1 FROM recall r JOIN recall_dish z ON z.recall_id = r.id WHERE r.kitchen_id = w.kitchen_id AND r.state <> 'undone' AND z.business_day = w.business_day)", [kitchenId, ...between]),
      // Goods issued to batches, over the portions that arrived, or left for a door from the kitchen itself, on the days for which there are issues.
      this.dataSource.query<{ costFen: string | null; portions: string | null }[]>(
        `SELECT SUM(x.cost) AS costFen, SUM(y.accepted) AS portions FROM
           (SELECT b.business_day AS day, SUM(-m.grams * l.cost_fen / l.received_g) AS cost FROM stock_movement m JOIN stock_lot l ON l.id = m.lot_id JOIN kitchen_batch b ON b.id = m.batch_id
            WHERE b.kitchen_id = ? AND b.business_day >= ? AND b.business_day < ? GROUP BY b.business_day) x
         JOIN (SELECT z.day, SUM(z.portions) AS accepted FROM
           (SELECT s.business_day AS day, s.accepted AS portions FROM portion_stock s JOIN point p ON p.id = s.point_id WHERE p.kitchen_id = ?
            UNION ALL SELECT k.day, k.boxes FROM (${BOXES_FROM_KITCHEN_SQL}) k) z GROUP BY z.day) y ON y.day = x.day`,
        [kitchenId, ...between, kitchenId, kitchenId, between[0]]),
    ]);
    const portions = counted(issued?.portions);
    const costFen = Math.round(counted(issued?.costFen));
    return {
      days: LOOK_BACK_DAYS, cells: counted(stock?.cells), runOuts: counted(stock?.runOuts), arrived: counted(stock?.accepted), wastedPortions: counted(stock?.wasted),
      unservedG: counted(weighed?.grams), ingredientsPerPortionFen: portions === 0 || costFen === 0 ? null : Math.round(costFen / portions),
    };
  }
}

/** A sum over nothing is null in SQL and zero here. */
function counted(sum: string | null | undefined): number {
  return Number(sum ?? 0);
}

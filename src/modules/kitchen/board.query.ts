import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BoardAnswer, LoadRow } from '../../contract/kitchen.js';
import type { PlanCell } from '../../domain/forecast/index.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { LoadList } from './load-list.query.js';
import { MealHours } from './meal-hours.js';
import { type PlannedDay, Production } from './production.query.js';

interface StockRow { pointId: string; code: string; sent: number; accepted: number; sold: number; left: number }
interface Counts { needed: number; sent: number; accepted: number; sold: number; left: number }

interface PotRow { dishId: string; cooked: string; packed: string; ready: string }

/** What the kitchen reads from three metres: what is cooked and packed by dish, and needed, sent, accepted, sold and left by set meal and by point. */
@Injectable()
export class KitchenBoard {
  constructor(
    private readonly dataSource: DataSource, private readonly production: Production, private readonly loads: LoadList, private readonly hours: MealHours, private readonly clock: Clock,
  ) {}

  /** @param asked the meal; undefined: the one that is served now or next */
  async today(staff: StaffIdentity, asked?: MealPeriod): Promise<BoardAnswer> {
    const day = this.clock.today();
    const period = asked ?? await this.hours.current(staff);
    const planned = await this.production.plan(staff, day, period);
    const { kitchen, menu, plan } = planned;
    const pointIds = kitchen.points.map(({ id }) => id);
    const stocks = pointIds.length === 0 ? [] : await this.dataSource.query<StockRow[]>(
      `SELECT s.point_id AS pointId, m.code, s.sent, s.accepted, s.served + s.collected AS sold, s.left_portions AS \`left\`
       FROM portion_stock s JOIN set_meal m ON m.id = s.set_meal_id WHERE s.point_id IN (?) AND s.business_day = ? AND s.period = ?`,
      [pointIds, day, period],
    );
    const [loads, cutoff, dishes] = await Promise.all([this.loads.ofDay(pointIds, day, period), this.hours.nextCutoff(pointIds), this.dishes(planned, day, period)]);
    const toSend = (cells: readonly PlanCell[]): number => cells.reduce((sum, cell) => sum + planned.toSend(cell), 0);
    return {
      kitchen: { id: kitchen.id, name: kitchen.name }, day, period, asOf: this.clock.now().toISOString(),
      cutoff: cutoff === null ? null : { ...cutoff, at: cutoff.at.toISOString() }, dishes,
      sets: menu.sets.map(({ setMealId, code, name }) => {
        const cells = plan.cells.filter((cell) => cell.setCode === code);
        return { setMealId, code, name, toSend: toSend(cells), ...countsOf(cells, stocks.filter((stock) => stock.code === code)), diets: addDiets(cells) };
      }),
      points: kitchen.points.map(({ id, code, name }) => {
        const cells = plan.cells.filter((cell) => cell.pointId === id);
        const counts = { ...countsOf(cells, stocks.filter((stock) => stock.pointId === id)), needed: toSend(cells) };
        return { pointId: id, code, name, ...counts, short: counts.needed > 0 && counts.left < counts.needed - counts.sold };
      }),
      loads: countLoads(loads),
    };
  }

  /** By dish: what is needed, what pots that are done gave, and what loads and trips took of it. */
  private async dishes(planned: PlannedDay, day: string, period: MealPeriod): Promise<BoardAnswer['dishes']> {
    const [totals, pots] = await Promise.all([
      this.production.dishTotals(planned),
      this.dataSource.query<PotRow[]>(
        `SELECT dish_id AS dishId, SUM(IF(state IN ('cooked', 'released'), portions, 0)) AS cooked, SUM(fed) AS packed, SUM(IF(state = 'released', portions - fed, 0)) AS ready
         FROM kitchen_batch WHERE kitchen_id = ? AND business_day = ? AND period = ? AND recalled = 0 GROUP BY dish_id`, [planned.kitchen.id, day, period],
      ),
    ]);
    return totals.map(({ dishId, name, portions }) => {
      const pot = pots.find((one) => one.dishId === dishId);
      return { dishId, name, needed: portions, cooked: Number(pot?.cooked ?? 0), packed: Number(pot?.packed ?? 0), ready: Number(pot?.ready ?? 0) };
    });
  }
}

function countsOf(cells: readonly PlanCell[], stocks: readonly StockRow[]): Counts {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const accepted = sum(stocks.map((stock) => stock.accepted));
  const sold = sum(stocks.map((stock) => Number(stock.sold)));
  return {
    needed: sum(cells.map(({ portions }) => portions)), sent: sum(stocks.map(({ sent }) => sent)), accepted, sold,
    left: sum(stocks.map((stock) => Number(stock.left))),
  };
}

function addDiets(cells: readonly PlanCell[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { diets } of cells) for (const [diet, portions] of Object.entries(diets)) total[diet] = (total[diet] ?? 0) + portions;
  return total;
}

function countLoads(loads: readonly LoadRow[]): BoardAnswer['loads'] {
  const count = (test: (load: LoadRow) => boolean): number => loads.filter(test).length;
  return {
    waiting: count(({ state }) => state === 'sealed'), onRoad: count(({ state }) => state === 'left'),
    late: count(({ clock }) => clock === 'late'), accepted: count(({ state }) => state === 'accepted'),
  };
}

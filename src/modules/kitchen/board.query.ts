import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BoardAnswer, LoadRow } from '../../contract/kitchen.js';
import type { PlanCell } from '../../domain/forecast/index.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { LoadList } from './load-list.query.js';
import { Production } from './production.query.js';

interface StockRow { pointId: string; code: string; sent: number; accepted: number; sold: number; left: number }
interface Counts { needed: number; sent: number; accepted: number; sold: number; left: number }

/** What the kitchen reads from three metres: needed, sent, accepted, sold and left, today, by set meal and by point. */
@Injectable()
export class KitchenBoard {
  constructor(
    private readonly dataSource: DataSource, private readonly production: Production, private readonly loads: LoadList, private readonly clock: Clock,
  ) {}

  async today(staff: StaffIdentity, period: MealPeriod): Promise<BoardAnswer> {
    const day = this.clock.today();
    const { kitchen, menu, plan } = await this.production.plan(staff, day, period);
    const pointIds = kitchen.points.map(({ id }) => id);
    const stocks = pointIds.length === 0 ? [] : await this.dataSource.query<StockRow[]>(
      `SELECT s.point_id AS pointId, m.code, s.sent, s.accepted, s.served + s.collected AS sold, s.left_portions AS \`left\`
       FROM portion_stock s JOIN set_meal m ON m.id = s.set_meal_id WHERE s.point_id IN (?) AND s.business_day = ? AND s.period = ?`,
      [pointIds, day, period],
    );
    const loads = await this.loads.ofDay(pointIds, day, period);
    return {
      kitchen: { id: kitchen.id, name: kitchen.name }, day, period, asOf: this.clock.now().toISOString(),
      sets: menu.sets.map(({ setMealId, code, name }) => {
        const cells = plan.cells.filter((cell) => cell.setCode === code);
        return { setMealId, code, name, ...countsOf(cells, stocks.filter((stock) => stock.code === code)), diets: addDiets(cells) };
      }),
      points: kitchen.points.map(({ id, code, name }) => {
        const counts = countsOf(plan.cells.filter((cell) => cell.pointId === id), stocks.filter((stock) => stock.pointId === id));
        return { pointId: id, code, name, ...counts, short: counts.needed > 0 && counts.left < counts.needed - counts.sold };
      }),
      loads: countLoads(loads),
    };
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

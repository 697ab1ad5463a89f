import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import type { OrderedPortions, PointSwap } from '../../domain/forecast/index.js';
import { asksFor, type StandingPlanDays } from '../../domain/ordering/index.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { ORDER_DEPOT } from './live-sales.query.js';

/** One ordered meal with as much of the diner as a label in the kitchen needs. */
export interface OrderedMeal {
  readonly seniorId: string;
  readonly pointId: string;
  readonly setCode: string;
  readonly diner: string;
  readonly diet: string;
  readonly fulfilment: 'delivery' | 'collect';
  readonly source: 'order' | 'standing';
}

interface MealRow { seniorId: string; pointId: string; setCode: string; name: string; sex: Sex; diet: string | null; fulfilment: OrderedMeal['fulfilment'] }

const DINER_JOINS = `JOIN senior s ON s.id = x.senior_id
  LEFT JOIN (SELECT senior_id, GROUP_CONCAT(code ORDER BY code SEPARATOR '+') AS diet FROM senior_diet GROUP BY senior_id) d ON d.senior_id = s.id`;

/** What is ordered for a day: orders that stand, and standing plans that have not become an order yet; nobody who is in a hospital or a nursing home. */
@Injectable()
export class OrderedMeals {
  constructor(private readonly dataSource: DataSource) {}

  async of(pointIds: readonly string[], day: BusinessDay, period: MealPeriod): Promise<OrderedMeal[]> {
    if (pointIds.length === 0) return [];
    const [orders, plans] = await Promise.all([this.orders(pointIds, day, period), this.plans(pointIds, day, period)]);
    return [...orders, ...plans];
  }

  /** Boxes that leave from elsewhere than the point of their order: out of `pointId`, into `depotId` (a point or the kitchen). */
  async shifted(pointIds: readonly string[], day: BusinessDay, period: MealPeriod): Promise<{ pointId: string; depotId: string; setCode: string; portions: number }[]> {
    if (pointIds.length === 0) return [];
    const rows = await this.dataSource.query<{ pointId: string; depotId: string; setCode: string; portions: string }[]>(
      `SELECT x.pointId, x.depotId, x.setCode, COUNT(*) AS portions FROM (
         SELECT o.point_id AS pointId, o.set_code AS setCode, ${ORDER_DEPOT} AS depotId FROM meal_order o
         WHERE o.business_day = ? AND o.period = ? AND o.active = 1 AND o.fulfilment = 'delivery'
       ) x WHERE x.depotId <> x.pointId AND (x.pointId IN (?) OR x.depotId IN (?)) GROUP BY x.pointId, x.depotId, x.setCode`, [day, period, pointIds, pointIds],
    );
    return rows.map((row) => ({ ...row, portions: Number(row.portions) }));
  }

  /** What single people among those who ordered get instead of a dish, by point and set meal. */
  async swaps(meals: readonly OrderedMeal[], day: BusinessDay, period: MealPeriod): Promise<PointSwap[]> {
    if (meals.length === 0) return [];
    const rows = await this.dataSource.query<{ seniorId: string; dishId: string; substituteId: string; setCode: string | null }[]>(
      `SELECT senior_id AS seniorId, set_code AS setCode, dish_id AS dishId, substitute_id AS substituteId FROM meal_adjustment
       WHERE business_day = ? AND period = ? AND substitute_id IS NOT NULL ORDER BY dish_id, substitute_id`, [day, period],
    );
    const orders = new Map(meals.map((meal) => [meal.seniorId, meal]));
    const swaps = new Map<string, { -readonly [K in keyof PointSwap]: PointSwap[K] }>();
    for (const { seniorId, dishId, substituteId, setCode: forCode } of rows) {
      const order = orders.get(seniorId);
      // A decision was made for one set meal; whoever ordered another since gets that one as it is.
      if (order === undefined || (forCode !== null && forCode !== order.setCode)) continue;
      const { pointId, setCode } = order;
      const key = [pointId, setCode, dishId, substituteId].join('/');
      const swap = swaps.get(key) ?? { pointId, setCode, dishId, substituteId, portions: 0 };
      swap.portions += 1;
      swaps.set(key, swap);
    }
    return [...swaps.values()];
  }

  private async orders(pointIds: readonly string[], day: BusinessDay, period: MealPeriod): Promise<OrderedMeal[]> {
    const rows = await this.dataSource.query<MealRow[]>(
      `SELECT x.senior_id AS seniorId, x.point_id AS pointId, x.set_code AS setCode, s.name, s.sex, d.diet, x.fulfilment FROM meal_order x ${DINER_JOINS}
       WHERE x.point_id IN (?) AND x.business_day = ? AND x.period = ? AND x.active = 1 ORDER BY x.id`,
      [pointIds, day, period],
    );
    return rows.map((row) => mealOf(row, 'order'));
  }

  private async plans(pointIds: readonly string[], day: BusinessDay, period: MealPeriod): Promise<OrderedMeal[]> {
    const rows = await this.dataSource.query<(MealRow & StandingPlanDays)[]>(
      `SELECT x.senior_id AS seniorId, s.point_id AS pointId, x.set_code AS setCode, s.name, s.sex, d.diet, x.fulfilment, x.weekday_mask AS weekdayMask,
         x.valid_from AS validFrom, x.valid_to AS validTo, x.paused_from AS pausedFrom, x.paused_to AS pausedTo
       FROM standing_plan x ${DINER_JOINS}
       WHERE s.point_id IN (?) AND x.period = ? AND x.valid_from <= ? AND (x.valid_to IS NULL OR x.valid_to > ?)
         AND (s.status = 'active' OR s.status_from > ?)
         AND NOT EXISTS (SELECT 1 FROM senior_stay y WHERE y.senior_id = s.id AND y.active = 1 AND y.from_day <= ? AND (y.to_day IS NULL OR y.to_day > ?))
         AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = x.senior_id AND o.business_day = ? AND o.period = x.period
           AND (o.active = 1 OR o.standing_plan_id = x.id))
       ORDER BY x.id`,
      [pointIds, period, day, day, day, day, day, day],
    );
    return rows.filter((row) => asksFor(row, day)).map((row) => mealOf(row, 'standing'));
  }
}

/** Adds single meals up to what the production plan counts. */
export function sumOrders(meals: readonly OrderedMeal[]): OrderedPortions[] {
  const sums = new Map<string, OrderedPortions>();
  for (const { pointId, setCode, fulfilment, source, diet } of meals) {
    const key = [pointId, setCode, fulfilment, source, diet].join('/');
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { pointId, setCode, fulfilment, source, diet, portions: 1 });
    else sum.portions += 1;
  }
  return [...sums.values()];
}

function mealOf(row: MealRow, source: OrderedMeal['source']): OrderedMeal {
  return {
    seniorId: row.seniorId, pointId: row.pointId, setCode: row.setCode, diner: maskName(row.name, row.sex), diet: row.diet ?? '', fulfilment: row.fulfilment, source,
  };
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PointPortionsAnswer } from '../../contract/kitchen.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { SiteDirectory } from '../sites/index.js';
import { LoadList } from './load-list.query.js';

type CountRow = PointPortionsAnswer['sets'][number];

/** The counts of a point: what arrived is what was served, went out, was thrown away, or is left. */
@Injectable()
export class PointPortions {
  constructor(
    private readonly dataSource: DataSource, private readonly sites: SiteDirectory, private readonly loads: LoadList, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND */
  async of(pointId: PointId, day: BusinessDay, period: MealPeriod): Promise<PointPortionsAnswer> {
    const point = await this.sites.point(pointId);
    const [rows, loads] = await Promise.all([
      this.dataSource.query<CountRow[]>(
        `SELECT m.id AS setMealId, m.code, m.name, m.gross_fen AS grossFen, COALESCE(s.sent, 0) AS sent, COALESCE(s.accepted, 0) AS accepted,
           COALESCE(s.served, 0) AS served, COALESCE(s.collected, 0) AS collected, COALESCE(s.wasted, 0) AS wasted,
           COALESCE(s.given_free, 0) AS givenFree, COALESCE(s.transferred_in, 0) AS transferredIn, COALESCE(s.transferred_out, 0) AS transferredOut,
           COALESCE(s.left_portions, 0) AS \`left\`,
           EXISTS (SELECT 1 FROM sold_out_mark k WHERE k.point_id = ? AND k.set_meal_id = m.id AND k.active = 1) AS soldOut,
           (SELECT COUNT(*) FROM meal_order o WHERE o.point_id = ? AND o.business_day = m.business_day AND o.period = m.period AND o.set_code = m.code AND o.active = 1 AND o.status = 'ordered' AND o.fulfilment = 'collect') AS ordered
         FROM set_meal m LEFT JOIN portion_stock s ON s.set_meal_id = m.id AND s.point_id = ?
         WHERE m.kitchen_id = ? AND m.business_day = ? AND m.period = ? ORDER BY m.code`,
        [pointId, pointId, pointId, point.kitchenId, day, period],
      ),
      this.loads.ofDay([pointId], day, period),
    ]);
    const sets = rows.map((row) => ({ ...row, grossFen: Number(row.grossFen), left: Number(row.left), soldOut: Number(row.soldOut) === 1, ordered: Number(row.ordered) }));
    return { pointId, pointName: point.name, day, period, asOf: this.clock.now().toISOString(), sets, loads: loads.filter(({ state }) => state !== 'void') };
  }

  /** The same for the day and period of a set meal. @throws DomainError KITCHEN.NOT_ON_MENU */
  async ofSetMeal(pointId: PointId, setMealId: string): Promise<PointPortionsAnswer> {
    const [row] = await this.dataSource.query<{ day: BusinessDay; period: MealPeriod }[]>(
      'SELECT business_day AS day, period FROM set_meal WHERE id = ?', [setMealId],
    );
    if (row === undefined) throw new DomainError('KITCHEN.NOT_ON_MENU', 'not-found');
    return this.of(pointId, row.day, row.period);
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WasteDaysAnswer, WeighWasteRequest } from '../../contract/food-safety.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { BOXES_FROM_KITCHEN_SQL } from '../production/index.js';
import { KitchenScope } from '../sites/index.js';

interface WeightRow { day: string; kind: string; grams: string }
interface CountRow { day: string; meals: string; wasted: string }
const SHOWN_DAYS = 30;

/** Waste by weight in its three kinds, and what a meal cost. */
@Injectable()
export class WeighedWaste {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a point outside */
  async weigh(request: WeighWasteRequest, staff: StaffIdentity): Promise<WasteDaysAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { pointId, kind, grams, note } = request;
    if (pointId !== null && !kitchen.points.some(({ id }) => id === pointId)) return this.scope.refuse(staff, 'point', pointId);
    await this.unitOfWork.run(async (tx) => {
      const id = newId();
      await tx.query('INSERT INTO weighed_waste (id, kitchen_id, point_id, business_day, kind, grams, note, weighed_by, weighed_at) VALUES (?)',
        [[id, kitchen.id, pointId, this.clock.today(), kind, grams, note, staff.staffId, this.clock.now()]]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'waste.weighed', objectKind: 'weighed-waste', objectId: id, outcome: 'done', detail: { kind, grams } }, tx);
    });
    return this.days(staff);
  }

  /** The last thirty days, newest first; days without anything are left out. */
  async days(staff: StaffIdentity): Promise<WasteDaysAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const from = addDays(this.clock.today(), -SHOWN_DAYS);
    const pointIds = [...kitchen.points.map(({ id }) => id), ''];
    const [weights, counts, costs] = await Promise.all([
      this.dataSource.query<WeightRow[]>(
        `SELECT business_day AS day, kind, SUM(grams) AS grams FROM weighed_waste
         WHERE kitchen_id = ? AND business_day > ? AND (point_id IS NULL OR point_id IN (?)) GROUP BY business_day, kind`, [kitchen.id, from, pointIds]),
      this.dataSource.query<CountRow[]>(
        `SELECT m.day, SUM(m.meals) AS meals, SUM(m.wasted) AS wasted FROM
           (SELECT business_day AS day, served + collected AS meals, wasted FROM portion_stock WHERE point_id IN (?) AND business_day > ?
            UNION ALL SELECT k.day, k.boxes, 0 FROM (${BOXES_FROM_KITCHEN_SQL}) k) m GROUP BY m.day`, [pointIds, from, kitchen.id, addDays(from, 1)]),
      this.dataSource.query<{ day: string; costFen: string }[]>(
        `SELECT b.business_day AS day, ROUND(SUM(-m.grams * l.cost_fen / l.received_g)) AS costFen FROM stock_movement m JOIN stock_lot l ON l.id = m.lot_id
         JOIN kitchen_batch b ON b.id = m.batch_id WHERE b.kitchen_id = ? AND b.business_day > ? GROUP BY b.business_day`, [kitchen.id, from]),
    ]);
    const days = [...new Set([...weights, ...counts, ...costs].map(({ day }) => day))].sort().reverse();
    return { asOf: this.clock.now().toISOString(), days: days.map((day) => dayOf(day as BusinessDay, weights, counts, costs)) };
  }
}

function dayOf(day: BusinessDay, weights: readonly WeightRow[], counts: readonly CountRow[], costs: readonly { day: string; costFen: string }[]): WasteDaysAnswer['days'][number] {
  const grams = (kind: string): number => Number(weights.find((row) => row.day === day && row.kind === kind)?.grams ?? 0);
  const count = counts.find((row) => row.day === day);
  const meals = Number(count?.meals ?? 0);
  const costFen = Number(costs.find((row) => row.day === day)?.costFen ?? 0);
  return {
    day, preparationG: grams('preparation'), unservedG: grams('unserved'), platesG: grams('plates'), meals, wastedPortions: Number(count?.wasted ?? 0),
    costFen, costPerMealFen: meals === 0 || costFen === 0 ? null : Math.round(costFen / meals),
  };
}

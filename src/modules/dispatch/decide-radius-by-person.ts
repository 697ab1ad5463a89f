import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DecideRadiusAnswer, DecideRadiusRequest } from '../../contract/dispatch.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DepotDirectory, PointScope } from '../sites/index.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns, type PlanKey } from './plan-runs.js';
import { RadiusBook } from './radius-book.js';
import { STANDS_FAST } from './stands-fast.js';

interface DecisionRow { pointId: string; day: BusinessDay; period: MealPeriod; depotKind: 'point' | 'kitchen' | null; depotId: string | null }

/** A dispatcher decides about an order outside the radius; the depots that gain or lose it are planned again. */
@Injectable()
export class DecideRadiusByPerson {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly points: PointScope,
    private readonly depots: DepotDirectory,
    private readonly radiusBook: RadiusBook,
    private readonly runs: PlanRuns,
    private readonly queue: PlanQueue,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError DISPATCH.NO_SUCH_DEPOT, DISPATCH.MEAL_UNDER_WAY, DISPATCH.DAY_OVER; REQUEST.NOT_FOUND for an order that is not outside or not in scope */
  async execute(orderId: string, request: DecideRadiusRequest, staff: StaffIdentity): Promise<DecideRadiusAnswer> {
    const asked = await this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<DecisionRow[]>(
        `SELECT point_id AS pointId, business_day AS day, period, depot_kind AS depotKind, depot_id AS depotId FROM radius_decision WHERE meal_order_id = ? FOR UPDATE`, [orderId],
      );
      if (row === undefined || !(await this.points.points(staff, tx)).some((id) => id === row.pointId)) return this.points.refuse(staff, 'order', orderId);
      await this.requireWaiting(tx, orderId, row.day);
      const depot = await this.depotFor(row.pointId, request);
      await this.radiusBook.decide(tx, orderId, request.decision, depot, staff.staffId);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'radius.decided', objectKind: 'order', objectId: orderId, outcome: 'done', detail: { decision: request.decision },
      }, tx);
      const touched = new Map<string, PlanKey>();
      for (const place of [{ kind: 'point' as const, id: row.pointId }, depot, row.depotKind && row.depotId ? { kind: row.depotKind, id: row.depotId } : null]) {
        if (place) touched.set(place.id, { depotKind: place.kind, depotId: place.id, day: row.day, period: row.period });
      }
      for (const key of touched.values()) await this.runs.ask(tx, key, 'rerouted', staff.staffId);
      return [...touched.values()];
    });
    for (const key of asked) await this.queue.add(key);
    return { orderId, decision: request.decision };
  }

  /** What a crew has with it goes from nowhere else, and a day that is over is not planned again. */
  private async requireWaiting(tx: EntityManager, orderId: string, day: BusinessDay): Promise<void> {
    if (day < this.clock.today()) throw new DomainError('DISPATCH.DAY_OVER', 'refused');
    const [fast] = await tx.query<{ id: string }[]>(
      `SELECT s.id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id WHERE s.meal_order_id = ? AND ${STANDS_FAST} FOR UPDATE`, [orderId],
    );
    if (fast !== undefined) throw new DomainError('DISPATCH.MEAL_UNDER_WAY', 'refused');
  }

  private async depotFor(pointId: string, request: DecideRadiusRequest): Promise<{ kind: 'point' | 'kitchen'; id: string } | null> {
    const own = await this.depots.depot('point', pointId);
    if (request.decision === 'kitchen' || request.decision === 'kitchen-car') return { kind: 'kitchen', id: own.kitchenId };
    if (request.decision !== 'other-depot') return null;
    const other = (await this.depots.pointsOf(own.streetId)).find((site) => site.depotId === request.depotId && site.depotId !== pointId);
    if (other === undefined) throw new DomainError('DISPATCH.NO_SUCH_DEPOT', 'refused');
    return { kind: 'point', id: other.depotId };
  }
}

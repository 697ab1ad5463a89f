import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApplyChangeAnswer } from '../../contract/dispatch-changes.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { DepotScope } from './depot-scope.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns, type PlanKey } from './plan-runs.js';

interface AwayRow {
  day: BusinessDay; period: MealPeriod;
  homeKind: 'point' | 'kitchen'; homeId: string; lentKind: 'point' | 'kitchen' | null; lentId: string | null;
}

/** A crew that was said to be absent, or was lent, is at its own depot after all: the plans that it leaves and joins are made again. */
@Injectable()
export class TakeCrewBack {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: DepotScope, private readonly runs: PlanRuns, private readonly queue: PlanQueue,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError DISPATCH.PLAN_CHANGED, DISPATCH.CREW_THERE, DISPATCH.DAY_OVER, DISPATCH.CREW_BUSY while it rides for the depot it was lent to; REQUEST.NOT_FOUND for a crew outside the scope. The plan's own scope is the caller's to check */
  async execute(planId: string, { crewId, revision }: { crewId: string; revision: number }, staff: StaffIdentity): Promise<ApplyChangeAnswer> {
    const keys = await this.unitOfWork.run(async (tx) => {
      const taken: unknown = await tx.query('UPDATE route_plan SET revision = revision + 1 WHERE id = ? AND revision = ?', [planId, revision]);
      if (affectedRows(taken) !== 1) throw new DomainError('DISPATCH.PLAN_CHANGED', 'conflict');
      const [away] = await tx.query<AwayRow[]>(
        `SELECT r.business_day AS day, r.period, c.depot_kind AS homeKind, c.depot_id AS homeId, d.depot_kind AS lentKind, d.depot_id AS lentId
         FROM crew_day d JOIN crew c ON c.id = d.crew_id JOIN route_plan r ON r.business_day = d.business_day AND r.period = d.period
         WHERE r.id = ? AND d.crew_id = ? AND (c.depot_id = r.depot_id OR d.depot_id = r.depot_id) FOR UPDATE`, [planId, crewId],
      );
      if (away === undefined) throw new DomainError('DISPATCH.CREW_THERE', 'conflict');
      const { day, period } = away;
      if (day < this.clock.today()) throw new DomainError('DISPATCH.DAY_OVER', 'refused');
      const home: PlanKey = { depotKind: away.homeKind, depotId: away.homeId, day, period };
      const lent: PlanKey[] = away.lentKind === null || away.lentId === null ? [] : [{ depotKind: away.lentKind, depotId: away.lentId, day, period }];
      for (const key of [home, ...lent]) await this.scope.require(staff, key.depotKind, key.depotId);
      for (const { depotId } of lent) await this.requireIdle(tx, { crewId, depotId, day, period });
      await tx.query('DELETE FROM crew_day WHERE crew_id = ? AND business_day = ? AND period = ?', [crewId, day, period]);
      for (const key of [home, ...lent]) await this.runs.ask(tx, key, 'asked', staff.staffId);
      await tx.query("INSERT INTO plan_change (id, route_plan_id, kind, detail, changed_by, changed_at) VALUES (?, ?, 'crew-back', ?, ?, ?)",
        [newId(), planId, JSON.stringify({ crew: crewId }), staff.staffId, this.clock.now()]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'route-plan.changed', objectKind: 'route-plan', objectId: planId, outcome: 'done', detail: { kind: 'crew-back', changedTrips: 0 },
      }, tx);
      return [home, ...lent];
    });
    for (const key of keys) await this.queue.add(key);
    return { revision: revision + 1, changedTrips: 0, left: 0 };
  }

  /** A crew that is on the road for the depot it was lent to, or whose trip there is held fast, ends that first: it cannot be sent out twice for one time. */
  private async requireIdle(tx: EntityManager, of: { crewId: string; depotId: string; day: BusinessDay; period: MealPeriod }): Promise<void> {
    const [busy] = await tx.query<{ n: number }[]>(
      `SELECT COUNT(*) AS n FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id
       WHERE t.crew_id = ? AND r.depot_id = ? AND r.business_day = ? AND r.period = ? AND t.closed_at IS NULL AND (t.left_at IS NOT NULL OR t.frozen_at IS NOT NULL)`,
      [of.crewId, of.depotId, of.day, of.period],
    );
    if (Number(busy?.n ?? 0) > 0) throw new DomainError('DISPATCH.CREW_BUSY', 'conflict');
  }
}

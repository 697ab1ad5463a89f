import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DecideCureRequest } from '../../contract/dispatch-doors.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { at } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { SeniorHomes } from '../seniors/index.js';
import { DepotDirectory, PointScope } from '../sites/index.js';
import { siteOf } from './decide-radii.js';
import { placeOf } from './delivery-doors.js';
import { DepotScope } from './depot-scope.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns, type PlanKey } from './plan-runs.js';
import { TravelTimes } from './travel-times.js';

interface UnplannedRow {
  seniorId: string; mustServe: number; depotKind: 'point' | 'kitchen'; depotId: string; day: BusinessDay; period: MealPeriod; pointId: string;
}

/** Decisions about people on no trip, and whether a crew may leave before they are made. */
@Injectable()
export class PlanCures {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: DepotScope,
    private readonly points: PointScope,
    private readonly depots: DepotDirectory,
    private readonly homes: SeniorHomes,
    private readonly travel: TravelTimes,
    private readonly runs: PlanRuns,
    private readonly queue: PlanQueue,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError DISPATCH.NO_SUCH_DEPOT, DISPATCH.CREW_AWAY, DISPATCH.CREW_BUSY; REQUEST.NOT_FOUND for an order that is on no list of the scope */
  async decide(orderId: string, request: DecideCureRequest, staff: StaffIdentity): Promise<{ readonly runIds: readonly string[] }> {
    const outcome = await this.unitOfWork.run(async (tx) => {
      const row = await this.require(tx, orderId, staff);
      const own: PlanKey = { depotKind: row.depotKind, depotId: row.depotId, day: row.day, period: row.period };
      const keys = request.kind === 'other-depot' ? [own, await this.giveAway(tx, orderId, row, request, staff)] : [own];
      if (request.kind === 'crew-lent') await this.lend(tx, own, request.crewId, staff);
      await this.write(tx, orderId, request, staff);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'plan-cure.decided', objectKind: 'order', objectId: orderId, outcome: 'done', detail: { kind: request.kind },
      }, tx);
      if (request.kind === 'by-hand' || request.kind === 'not-today') return { keys: [], runIds: [] };
      const runIds = [];
      for (const key of keys) runIds.push(await this.runs.ask(tx, key, 'asked', staff.staffId));
      return { keys, runIds: runIds.filter((one) => one !== null) };
    });
    for (const key of outcome.keys) await this.queue.add(key);
    return { runIds: outcome.runIds };
  }

  /** @throws DomainError DELIVERY.CURE_UNDECIDED while somebody who must be served is on no trip and nobody has decided */
  async requireDecided(tx: EntityManager, tripId: string): Promise<void> {
    const [row] = await tx.query<{ open: string | number }[]>(
      `SELECT (SELECT COUNT(*) FROM unplanned_order u JOIN meal_order o ON o.id = u.meal_order_id AND o.active = 1
                 LEFT JOIN plan_cure c ON c.meal_order_id = u.meal_order_id AND c.kind IN ('by-hand', 'not-today')
               WHERE u.route_plan_id = r.id AND u.must_serve = 1 AND c.meal_order_id IS NULL)
            + (SELECT COUNT(*) FROM radius_decision d JOIN meal_order o ON o.id = d.meal_order_id AND o.active = 1
               WHERE d.point_id = r.depot_id AND d.business_day = r.business_day AND d.period = r.period AND d.must_serve = 1
                 AND d.decision = 'listed' AND d.decided_by IS NULL) AS \`open\`
       FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE t.id = ?`, [tripId],
    );
    const open = Number(row?.open ?? 0);
    if (open > 0) throw new DomainError('DELIVERY.CURE_UNDECIDED', 'refused', { open });
  }

  private async require(tx: EntityManager, orderId: string, staff: StaffIdentity): Promise<UnplannedRow> {
    const [row] = await tx.query<UnplannedRow[]>(
      `SELECT u.senior_id AS seniorId, u.must_serve AS mustServe, r.depot_kind AS depotKind, r.depot_id AS depotId, r.business_day AS day, r.period, o.point_id AS pointId
       FROM unplanned_order u JOIN route_plan r ON r.id = u.route_plan_id JOIN meal_order o ON o.id = u.meal_order_id WHERE u.meal_order_id = ? FOR UPDATE`, [orderId],
    );
    if (row === undefined || row.day < this.clock.today()) return this.points.refuse(staff, 'order', orderId);
    await this.scope.require(staff, row.depotKind, row.depotId);
    return row;
  }

  /** An idle crew of the scope goes out for this depot, this meal only; whoever is away or goes out for claimed cards alone is nobody's cure. */
  private async lend(tx: EntityManager, key: PlanKey, crewId: string, staff: StaffIdentity): Promise<void> {
    const [crew] = await tx.query<{ depotKind: string; depotId: string; active: number; absent: number }[]>(
      `SELECT c.depot_kind AS depotKind, c.depot_id AS depotId, c.active, COALESCE(d.state = 'absent', 0) AS absent
       FROM crew c LEFT JOIN crew_day d ON d.crew_id = c.id AND d.business_day = ? AND d.period = ? WHERE c.id = ? FOR UPDATE`, [key.day, key.period, crewId],
    );
    if (crew === undefined) return this.points.refuse(staff, 'crew', crewId);
    await this.scope.require(staff, crew.depotKind, crew.depotId);
    if (crew.active !== 1 || Number(crew.absent) === 1) throw new DomainError('DISPATCH.CREW_AWAY', 'conflict');
    const [busy] = await tx.query<{ n: number }[]>(
      `SELECT COUNT(*) AS n FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id
       WHERE t.crew_id = ? AND r.business_day = ? AND r.period = ? AND r.depot_id <> ?`, [crewId, key.day, key.period, key.depotId],
    );
    if (Number(busy?.n ?? 0) > 0) throw new DomainError('DISPATCH.CREW_BUSY', 'conflict');
    await tx.query(
      `INSERT INTO crew_day (crew_id, business_day, period, state, depot_kind, depot_id, decided_by, decided_at) VALUES (?, ?, ?, 'lent', ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE state = 'lent', depot_kind = VALUES(depot_kind), depot_id = VALUES(depot_id), decided_by = VALUES(decided_by), decided_at = VALUES(decided_at)`,
      [crewId, key.day, key.period, key.depotKind, key.depotId, staff.staffId, this.clock.now()],
    );
  }

  /** The order goes from another depot, decided by a person, so later runs keep it. @returns the plan that takes it over */
  private async giveAway(
    tx: EntityManager, orderId: string, row: UnplannedRow, request: Extract<DecideCureRequest, { kind: 'other-depot' }>, staff: StaffIdentity,
  ): Promise<PlanKey> {
    const own = await this.depots.depot('point', row.pointId, tx);
    const sites = [...await this.depots.pointsOf(own.streetId, tx), ...await this.depots.kitchensOf(own.streetId, tx)];
    const other = sites.find((site) => site.kind === request.depotKind && site.depotId === request.depotId && site.depotId !== row.depotId);
    const home = (await this.homes.on(row.day, [row.seniorId], tx)).get(row.seniorId);
    if (other === undefined || home === undefined) throw new DomainError('DISPATCH.NO_SUCH_DEPOT', 'refused');
    const roads = await this.travel.of(own.streetId, row.day);
    const matrix = await roads.own.matrix([siteOf(own), placeOf(home)], 'tricycle', 0);
    const decision = other.depotId === row.pointId ? 'own-depot' : other.kind === 'kitchen' ? 'kitchen' : 'other-depot';
    await tx.query(
      `INSERT INTO radius_decision (id, meal_order_id, senior_id, point_id, business_day, period, travel_s, missing_min, must_serve, decision, depot_kind, depot_id, decided_by, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE decision = VALUES(decision), depot_kind = VALUES(depot_kind), depot_id = VALUES(depot_id), decided_by = VALUES(decided_by)`,
      [newId(), orderId, row.seniorId, row.pointId, row.day, row.period, at(matrix.travelS, 1), row.mustServe, decision, other.kind, other.depotId, staff.staffId, this.clock.now()],
    );
    return { depotKind: other.kind, depotId: other.depotId, day: row.day, period: row.period };
  }

  private async write(tx: EntityManager, orderId: string, request: DecideCureRequest, staff: StaffIdentity): Promise<void> {
    const moved = request.kind === 'window-moved' ? request : { earlierMin: 0, laterMin: 0 };
    await tx.query(
      `INSERT INTO plan_cure (meal_order_id, kind, earlier_min, later_min, crew_id, note, decided_by, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE kind = VALUES(kind), earlier_min = VALUES(earlier_min), later_min = VALUES(later_min), crew_id = VALUES(crew_id),
         note = VALUES(note), decided_by = VALUES(decided_by), decided_at = VALUES(decided_at)`,
      [orderId, request.kind, moved.earlierMin, moved.laterMin, request.kind === 'crew-lent' ? request.crewId : null, 'note' in request ? request.note : '',
        staff.staffId, this.clock.now()],
    );
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type {
  PlanRunListAnswer, PlanRunListQuery, PlanRunRow, RadiusListAnswer, RadiusListQuery, RadiusRow, RoutePlanAnswer,
} from '../../contract/dispatch.js';
import { ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { SeniorHomes } from '../seniors/index.js';
import { DepotDirectory, PointScope } from '../sites/index.js';
import { siteOf } from './decide-radii.js';
import { placeOf } from './delivery-doors.js';
import type { Cure } from '../../domain/routing/index.js';
import { Crews } from './crews.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DepotScope } from './depot-scope.js';
import { STANDS_FAST } from './stands-fast.js';
import { sketchTrips } from './trip-sketch.js';
import { plannedTripRow, TripRows } from './trip-rows.query.js';
import { TravelTimes } from './travel-times.js';

interface RunSqlRow {
  id: string; depotKind: 'point' | 'kitchen'; depotId: string; depotName: string; day: string; period: MealPeriod; cause: PlanRunRow['cause'];
  state: PlanRunRow['state']; step: PlanRunRow['step']; requestedAt: Date; startedAt: Date | null; finishedAt: Date | null; changed: number | null; failure: string | null;
}
interface PlanSqlRow {
  id: string; depotKind: 'point' | 'kitchen'; depotId: string; day: BusinessDay; period: MealPeriod; status: 'draft' | 'final'; travelTimeSource: string;
  estimatedDoors: number; createdAt: Date; revision: number;
}
type RadiusSqlRow = Omit<RadiusRow, 'ageYears' | 'mustServe' | 'underWay'> & { birthDate: BusinessDay; must: number; fast: number };

const RUN_SQL = `SELECT r.id, r.depot_kind AS depotKind, r.depot_id AS depotId, COALESCE(p.name, k.name, '') AS depotName, r.business_day AS day, r.period,
    r.cause, r.state, r.step, r.requested_at AS requestedAt, r.started_at AS startedAt, r.finished_at AS finishedAt, r.changed, r.failure
  FROM plan_run r LEFT JOIN point p ON p.id = r.depot_id LEFT JOIN kitchen k ON k.id = r.depot_id`;

/** What the dispatcher's pages show, inside the reader's scope. */
@Injectable()
export class DispatchReads {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: DepotScope,
    private readonly points: PointScope,
    private readonly depots: DepotDirectory,
    private readonly settings: DeliverySettingsBook,
    private readonly trips: TripRows,
    private readonly homes: SeniorHomes,
    private readonly travel: TravelTimes,
    private readonly crews: Crews,
    private readonly clock: Clock,
  ) {}

  async runs(query: PlanRunListQuery, staff: StaffIdentity): Promise<PlanRunListAnswer> {
    const depots = (await this.scope.depotsOf(staff)).map((depot) => depot.depotId);
    const rows = depots.length === 0 ? [] : await this.dataSource.query<RunSqlRow[]>(
      `${RUN_SQL} WHERE r.depot_id IN (?) AND r.business_day = ? AND r.period = ? ORDER BY r.requested_at DESC, r.id DESC LIMIT 200`, [depots, query.day, query.period],
    );
    return { runs: rows.map(runRow), asOf: this.clock.now().toISOString() };
  }

  /** @throws DomainError REQUEST.NOT_FOUND */
  async run(runId: string, staff: StaffIdentity): Promise<PlanRunRow> {
    const [row] = await this.dataSource.query<RunSqlRow[]>(`${RUN_SQL} WHERE r.id = ?`, [runId]);
    if (row === undefined) return this.points.refuse(staff, 'plan-run', runId);
    await this.scope.require(staff, row.depotKind, row.depotId);
    return runRow(row);
  }

  /** @throws DomainError REQUEST.NOT_FOUND */
  async plan(planId: string, staff: StaffIdentity): Promise<RoutePlanAnswer> {
    const [plan] = await this.dataSource.query<PlanSqlRow[]>(
      `SELECT id, depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period, status, travel_time_source AS travelTimeSource,
         estimated_doors AS estimatedDoors, created_at AS createdAt, revision FROM route_plan WHERE id = ?`, [planId],
    );
    if (plan === undefined) return this.points.refuse(staff, 'route-plan', planId);
    const depot = await this.scope.require(staff, plan.depotKind, plan.depotId);
    const settings = await this.settings.of(depot.streetId);
    const trips = await this.trips.ofPlan(planId);
    const left = await this.dataSource.query<UnplannedSqlRow[]>(
      `SELECT u.meal_order_id AS orderId, u.senior_id AS seniorId, u.must_serve AS must, u.reason, u.binds, u.cure, c.kind AS decided
       FROM unplanned_order u LEFT JOIN plan_cure c ON c.meal_order_id = u.meal_order_id WHERE u.route_plan_id = ? ORDER BY u.must_serve DESC, u.meal_order_id`, [planId],
    );
    const away = await this.dataSource.query<RoutePlanAnswer['away']>(
      `SELECT d.crew_id AS crewId, c.name AS crewName, IF(d.state = 'lent' AND d.depot_id = ?, 'lent-here', d.state) AS state FROM crew_day d JOIN crew c ON c.id = d.crew_id
       WHERE d.business_day = ? AND d.period = ? AND c.active = 1 AND (c.depot_id = ? OR d.depot_id = ?) ORDER BY c.name, c.id`, [plan.depotId, plan.day, plan.period, plan.depotId, plan.depotId],
    );
    const crewNames = new Map((await this.crews.of([plan.depotId])).map((crew) => [crew.id, crew.name]));
    const homes = await this.homes.on(plan.day, left.map((row) => row.seniorId));
    const { graph } = await this.travel.of(depot.streetId, plan.day);
    return {
      ...plan, depotName: depot.name, createdAt: plan.createdAt.toISOString(), asOf: this.clock.now().toISOString(),
      homeRadiusMin: settings.homeRadiusMin, tripFreshnessMin: settings.tripFreshnessMin,
      trips: trips.map((trip) => plannedTripRow(trip, settings)), away,
      unplanned: left.flatMap(({ must, cure, ...row }) => {
        const home = homes.get(row.seniorId);
        const settled = row.decided === 'by-hand' || row.decided === 'not-today';
        return home === undefined ? [] : [{ ...row, seniorName: home.name, mustServe: must === 1, cure: cureOf(cure, crewNames), settled }];
      }),
      sketch: sketchTrips(siteOf(depot), trips.map(({ trip, stops }) => ({
        tripId: trip.id, doors: stops.map((stop) => ({ seq: stop.seq, place: placeOf(stop.home) })),
      })), graph),
    };
  }

  async radius(query: RadiusListQuery, staff: StaffIdentity): Promise<RadiusListAnswer> {
    const points = await this.points.points(staff);
    const depots = await this.scope.depotsOf(staff);
    const settings = depots[0] === undefined ? null : await this.settings.of(depots[0].streetId);
    const rows = points.length === 0 ? [] : await this.dataSource.query<RadiusSqlRow[]>(
      `SELECT d.meal_order_id AS orderId, d.senior_id AS seniorId, n.name AS seniorName, n.birth_date AS birthDate, d.point_id AS pointId, p.name AS pointName,
         d.travel_s AS travelS, d.missing_min AS missingMin, d.must_serve AS must, d.decision, COALESCE(q.name, k.name) AS depotName, f.display_name AS decidedByName, COALESCE(${STANDS_FAST}, 0) AS fast
       FROM radius_decision d JOIN senior n ON n.id = d.senior_id JOIN point p ON p.id = d.point_id JOIN meal_order o ON o.id = d.meal_order_id
       LEFT JOIN point q ON q.id = d.depot_id LEFT JOIN kitchen k ON k.id = d.depot_id LEFT JOIN staff f ON f.id = d.decided_by
       LEFT JOIN route_stop s ON s.meal_order_id = d.meal_order_id LEFT JOIN route_trip t ON t.id = s.route_trip_id
       WHERE d.point_id IN (?) AND d.business_day = ? AND d.period = ? AND o.active = 1 ORDER BY d.must_serve DESC, d.missing_min DESC, d.id`,
      [points, query.day, query.period],
    );
    return {
      asOf: this.clock.now().toISOString(), homeRadiusMin: settings?.homeRadiusMin ?? 0,
      depots: depots[0] === undefined ? [] : [...await this.depots.pointsOf(depots[0].streetId), ...await this.depots.kitchensOf(depots[0].streetId)]
        .map((depot) => ({ depotKind: depot.kind, depotId: depot.depotId, name: depot.name })),
      rows: rows.map(({ birthDate, must, fast, ...row }) => ({ ...row, underWay: query.day < this.clock.today() || Number(fast) === 1, ageYears: ageOn(birthDate, query.day as BusinessDay), mustServe: must === 1 })),
    };
  }
}

type UnplannedSqlRow = Pick<RoutePlanAnswer['unplanned'][number], 'orderId' | 'seniorId' | 'reason' | 'binds' | 'decided'> & { must: number; cure: string | null };

function cureOf(text: string | null, crewNames: ReadonlyMap<string, string>): RoutePlanAnswer['unplanned'][number]['cure'] {
  if (text === null) return null;
  const cure = JSON.parse(text) as Cure;
  return cure.kind === 'one-more-crew' ? { kind: cure.kind, likeCrewName: crewNames.get(cure.likeCrewId) ?? '' } : cure;
}

export function runRow(row: RunSqlRow): PlanRunRow {
  return {
    ...row, requestedAt: row.requestedAt.toISOString(), startedAt: row.startedAt?.toISOString() ?? null, finishedAt: row.finishedAt?.toISOString() ?? null,
    changed: row.changed === null ? null : row.changed === 1,
  };
}

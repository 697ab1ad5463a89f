import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DispatchBoardAnswer, DispatchBoardQuery, DispatchDepotRow } from '../../contract/dispatch.js';
import { addDays, minuteOfDay, secondsInto, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DepotDirectory, type DepotSite, type PointService } from '../sites/index.js';
import { Crews } from './crews.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DepotScope } from './depot-scope.js';
import { DispatchReads } from './dispatch-reads.query.js';

interface OrderCounts { depotId: string; deliveries: number; fromStandingPlans: number; handedOver: number; listedOutside: number }
type PlanRow = NonNullable<DispatchDepotRow['plan']> & { depotId: string };

/** From this hour on, the day to think about is tomorrow. */
const EVENING_MIN = 14 * 60;

/** One row per depot: what is to be carried, what was planned, what has happened. */
@Injectable()
export class DispatchBoard {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: DepotScope,
    private readonly depots: DepotDirectory,
    private readonly crews: Crews,
    private readonly reads: DispatchReads,
    private readonly settings: DeliverySettingsBook,
    private readonly clock: Clock,
  ) {}

  async read(query: DispatchBoardQuery, staff: StaffIdentity): Promise<DispatchBoardAnswer> {
    const now = this.clock.now();
    const day = (query.day ?? (minuteOfDay(now) >= EVENING_MIN ? addDays(this.clock.today(), 1) : this.clock.today())) as BusinessDay;
    const sites = await this.scope.depotsOf(staff);
    const ids = sites.map((site) => site.depotId);
    const answer = { day, period: query.period, asOf: now.toISOString() };
    if (ids.length === 0) return { ...answer, depots: [] };
    const services = new Map((await this.depots.services()).filter((service) => service.period === query.period).map((service) => [service.pointId as string, service]));
    const [orders, taken, plans, crews, { runs }] = await Promise.all([
      this.orderCounts(ids, day, query.period), this.takenOver(ids, day, query.period), this.plans(sites, day, query.period), this.crews.of(ids, { day, period: query.period }),
      this.reads.runs({ day, period: query.period }, staff),
    ]);
    const rows = sites.filter((site) => site.kind === 'kitchen' || services.has(site.depotId)).map((site): DispatchDepotRow => {
      const plan = plans.get(site.depotId);
      return {
        ...cellsOf(site, services.get(site.depotId), day), ...(orders.get(site.depotId) ?? { deliveries: 0, fromStandingPlans: 0, handedOver: 0, listedOutside: 0 }),
        takenOver: taken.get(site.depotId) ?? 0, crews: crews.filter((crew) => crew.depotId === site.depotId).length,
        plan: plan ?? null, run: runs.find((run) => run.depotId === site.depotId) ?? null,
      };
    });
    return { ...answer, depots: rows };
  }

  private async orderCounts(ids: readonly string[], day: BusinessDay, period: MealPeriod): Promise<Map<string, Omit<OrderCounts, 'depotId'>>> {
    const rows = await this.dataSource.query<OrderCounts[]>(
      `SELECT o.point_id AS depotId, COUNT(*) AS deliveries, SUM(o.source = 'standing') AS fromStandingPlans, SUM(d.depot_id IS NOT NULL) AS handedOver,
         SUM(d.decision IS NOT NULL AND d.decision = 'listed') AS listedOutside
       FROM meal_order o LEFT JOIN radius_decision d ON d.meal_order_id = o.id
       WHERE o.point_id IN (?) AND o.business_day = ? AND o.period = ? AND o.active = 1 AND o.fulfilment = 'delivery' GROUP BY o.point_id`,
      [ids, day, period],
    );
    return new Map(rows.map((row) => [row.depotId, {
      deliveries: Number(row.deliveries), fromStandingPlans: Number(row.fromStandingPlans), handedOver: Number(row.handedOver), listedOutside: Number(row.listedOutside),
    }]));
  }

  private async takenOver(ids: readonly string[], day: BusinessDay, period: MealPeriod): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ depotId: string; n: number }[]>(
      `SELECT d.depot_id AS depotId, COUNT(*) AS n FROM radius_decision d JOIN meal_order o ON o.id = d.meal_order_id AND o.active = 1
       WHERE d.depot_id IN (?) AND d.business_day = ? AND d.period = ? GROUP BY d.depot_id`, [ids, day, period],
    );
    return new Map(rows.map((row) => [row.depotId, Number(row.n)]));
  }

  /** Late: an open door whose window has passed, or whose food has been on the road for longer than it is fresh. */
  private async plans(sites: readonly DepotSite[], day: BusinessDay, period: MealPeriod): Promise<Map<string, PlanRow>> {
    const streets = [...new Set(sites.map(({ streetId }) => streetId))];
    const plans = await Promise.all(streets.map(async (streetId) => {
      const { tripFreshnessMin, kitchenCarFreshnessMin } = await this.settings.of(streetId);
      return this.plansOf(sites.filter((site) => site.streetId === streetId).map(({ depotId }) => depotId), { day, period }, { tripFreshnessMin, kitchenCarFreshnessMin });
    }));
    return new Map(plans.flatMap((of) => [...of]));
  }

  private async plansOf(ids: readonly string[], { day, period }: { day: BusinessDay; period: MealPeriod }, fresh: { tripFreshnessMin: number; kitchenCarFreshnessMin: number }): Promise<Map<string, PlanRow>> {
    const now = this.clock.now();
    const nowS = secondsInto(day, now);
    const rows = await this.dataSource.query<(Omit<PlanRow, 'createdAt'> & { createdAt: Date })[]>(
      `SELECT r.depot_id AS depotId, r.id, r.status, r.travel_time_source AS travelTimeSource, r.estimated_doors AS estimatedDoors, r.created_at AS createdAt,
         COUNT(DISTINCT t.id) AS trips, COUNT(s.id) AS planned, COALESCE(SUM(s.result = 'delivered'), 0) AS delivered,
         COALESCE(SUM(s.result IN ('absent', 'refused')), 0) AS notDelivered, COALESCE(SUM(s.result = 'open'), 0) AS openStops,
         COALESCE(SUM(s.result = 'open' AND (s.window_end_s < ? OR t.left_at < ? - INTERVAL IF(d.decision <=> 'kitchen-car', ?, ?) MINUTE)), 0) AS late, MIN(t.depart_s) AS firstDepartS, MAX(t.last_door_s) AS lastDoorS,
         (SELECT COUNT(*) FROM unplanned_order u WHERE u.route_plan_id = r.id) AS unplanned,
         (SELECT COUNT(*) FROM unplanned_order u WHERE u.route_plan_id = r.id AND u.must_serve = 1) AS unplannedMustServe
       FROM route_plan r LEFT JOIN route_trip t ON t.route_plan_id = r.id LEFT JOIN route_stop s ON s.route_trip_id = t.id
         LEFT JOIN radius_decision d ON d.meal_order_id = s.meal_order_id
       WHERE r.depot_id IN (?) AND r.business_day = ? AND r.period = ? GROUP BY r.id`,
      [Math.floor(nowS), now, fresh.kitchenCarFreshnessMin, fresh.tripFreshnessMin, ids, day, period],
    );
    return new Map(rows.map((row) => [row.depotId, {
      ...row, createdAt: row.createdAt.toISOString(), trips: Number(row.trips), planned: Number(row.planned), delivered: Number(row.delivered),
      notDelivered: Number(row.notDelivered), openStops: Number(row.openStops), late: Number(row.late), unplanned: Number(row.unplanned),
      unplannedMustServe: Number(row.unplannedMustServe),
    }]));
  }
}

function cellsOf(site: DepotSite, service: PointService | undefined, day: BusinessDay): Pick<DispatchDepotRow, 'depotKind' | 'depotId' | 'code' | 'name' | 'cutoffAt'> {
  return {
    depotKind: site.kind, depotId: site.depotId, code: site.code, name: site.name,
    cutoffAt: service === undefined ? null : cutoffInstant(service, day).toISOString(),
  };
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { secondsInto, type BusinessDay } from '../../domain/kernel/business-day.js';
import { freshnessMinOf } from '../../domain/routing/route-problem.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import type { RouteProblem, StandingTrip } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { SeniorHomes, type SeniorHome } from '../seniors/index.js';
import { DepotDirectory, type DepotSite } from '../sites/index.js';
import { buildProblem } from './build-problem.js';
import { Crews, type DepotCrew } from './crews.js';
import { mustServe, singleDoorsOf, type CarriedOrder, type Door, type DoorRules } from './delivery-doors.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DoorFactBook, NO_FACTS } from './door-facts.js';
import type { PlanKey } from './plan-runs.js';
import { TravelTimes } from './travel-times.js';

/**
 * A stored plan as it stands now, ready to be changed. Each door is a stop of its own; its id is its first order. A household is one
 * door only as far as its meals stand at one: what comes later, or rides elsewhere, is a door of its own until it is joined.
 */
export interface HeldPlan {
  readonly planId: string;
  readonly revision: number;
  readonly key: PlanKey;
  readonly depot: DepotSite;
  readonly crews: readonly DepotCrew[];
  /** Crews that keep the trips they have and get nothing new: volunteers, crews of elsewhere, crews that are off duty. */
  readonly outside: ReadonlySet<string>;
  /** Trips on the road; the other fixed ones are only held fast. */
  readonly left: ReadonlySet<string>;
  readonly problem: RouteProblem;
  readonly doors: ReadonlyMap<string, Door>;
  readonly rules: Omit<DoorRules, 'apart' | 'standsAt'>;
  /** The trip of every order that is on one. */
  readonly stands: ReadonlyMap<string, string>;
  readonly trips: readonly StandingTrip[];
  /** When each door is reached as the pages say now. */
  readonly doorAtS: ReadonlyMap<string, number>;
  /** Orders on no trip that the plan knows of. */
  readonly unplanned: readonly string[];
  readonly nowS: number;
  readonly legPct: number;
}

interface PlanRow { id: string; revision: number; depotKind: 'point' | 'kitchen'; depotId: string; day: BusinessDay; period: MealPeriod }
interface TripRow { id: string; crewId: string; departS: number; backS: number; fixed: number; onRoad: number }
interface StopRow { tripId: string; orderId: string; seq: number; doorAtS: number }
interface OrderRow { orderId: string; seniorId: string; pointId: string }

/** Reads plans that people work on. */
@Injectable()
export class PlanInHand {
  constructor(
    private readonly dataSource: DataSource,
    private readonly depots: DepotDirectory,
    private readonly crews: Crews,
    private readonly homes: SeniorHomes,
    private readonly settings: DeliverySettingsBook,
    private readonly facts: DoorFactBook,
    private readonly travel: TravelTimes,
    private readonly clock: Clock,
  ) {}

  /**
   * How a plan stands: in hand once a crew rides it, or a person has changed it or held a trip fast, so that it is not made
   * anew; its revision; the orders on its trips or on its list of those on none.
   */
  async stateOf(tx: EntityManager, key: PlanKey): Promise<{ inHand: boolean; revision: number | null; standing: Set<string> }> {
    const [plan] = await tx.query<{ id: string; revision: number }[]>('SELECT id, revision FROM route_plan WHERE depot_id = ? AND business_day = ? AND period = ?', [key.depotId, key.day, key.period]);
    if (plan === undefined) return { inHand: false, revision: null, standing: new Set() };
    const orders = await tx.query<{ id: string }[]>(
      `SELECT s.meal_order_id AS id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id WHERE t.route_plan_id = ?
       UNION SELECT meal_order_id FROM unplanned_order WHERE route_plan_id = ?`, [plan.id, plan.id],
    );
    return { inHand: await this.isInHand(tx, key), revision: plan.revision, standing: new Set(orders.map((order) => order.id)) };
  }

  private async isInHand(tx: EntityManager, key: PlanKey): Promise<boolean> {
    const [row] = await tx.query<{ n: string | number }[]>(
      `SELECT COUNT(*) AS n FROM route_plan r LEFT JOIN route_trip t ON t.route_plan_id = r.id LEFT JOIN route_stop s ON s.route_trip_id = t.id
       WHERE r.depot_id = ? AND r.business_day = ? AND r.period = ? AND (r.in_hand_at IS NOT NULL OR t.left_at IS NOT NULL OR t.frozen_at IS NOT NULL OR s.result <> 'open')`,
      [key.depotId, key.day, key.period],
    );
    return Number(row?.n ?? 0) > 0;
  }

  /**
   * @param given.more orders to carry that the plan does not know yet
   * @param given.wanted all that is to be carried: any other order is a door of its own, to be taken out alone. Left out: everybody
   * @throws DomainError REQUEST.NOT_FOUND
   */
  async read(planId: string, given: { more?: readonly string[]; wanted?: ReadonlySet<string> } = {}, tx: EntityManager = this.dataSource.manager): Promise<HeldPlan> {
    const [plan] = await tx.query<PlanRow[]>(
      'SELECT id, revision, depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period FROM route_plan WHERE id = ?', [planId],
    );
    if (plan === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    const key: PlanKey = { depotKind: plan.depotKind, depotId: plan.depotId, day: plan.day, period: plan.period };
    const depot = await this.depots.depot(plan.depotKind, plan.depotId);
    const tripRows = await tx.query<TripRow[]>(
      `SELECT t.id, t.crew_id AS crewId, t.depart_s AS departS, t.back_s AS backS,
         (t.left_at IS NOT NULL OR t.frozen_at IS NOT NULL OR t.closed_at IS NOT NULL) AS fixed, (t.left_at IS NOT NULL OR t.closed_at IS NOT NULL) AS onRoad FROM route_trip t WHERE t.route_plan_id = ? ORDER BY t.depart_s, t.id`, [planId],
    );
    const stopRows = await tx.query<StopRow[]>(
      `SELECT s.route_trip_id AS tripId, s.meal_order_id AS orderId, s.seq, s.door_at_s AS doorAtS FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
       WHERE t.route_plan_id = ? ORDER BY s.route_trip_id, s.seq, s.meal_order_id`, [planId],
    );
    const unplanned = (await tx.query<{ orderId: string }[]>('SELECT meal_order_id AS orderId FROM unplanned_order WHERE route_plan_id = ?', [planId])).map((row) => row.orderId);
    const orderIds = [...new Set([...stopRows.map((row) => row.orderId), ...unplanned, ...given.more ?? []])];
    const standsAt = placesOf(stopRows, new Set(tripRows.filter((trip) => Number(trip.fixed) === 1).map((trip) => trip.id)), new Set(unplanned), given.wanted);
    const { doors, ...rest } = await this.doorsOf(tx, key, depot, { orderIds, standsAt, riding: tripRows.map((trip) => trip.crewId) });
    const idOf = new Map([...doors.values()].flatMap((door) => door.orders.map((order) => [order.orderId, door.stop.id] as const)));
    return {
      planId, revision: plan.revision, key, doorAtS: new Map(stopRows.flatMap((row) => { const id = idOf.get(row.orderId); return id === undefined ? [] : [[id, row.doorAtS] as const]; })), depot, doors, ...rest, unplanned,
      stands: new Map(stopRows.map((row) => [row.orderId, row.tripId])), left: new Set(tripRows.filter((trip) => Number(trip.onRoad) === 1).map((trip) => trip.id)), nowS: this.secondOf(plan.day),
      trips: tripRows.map((trip) => ({
        key: trip.id, crewId: trip.crewId, fixed: Number(trip.fixed) === 1, departS: trip.departS, backS: trip.backS,
        stopIds: [...new Set(stopRows.filter((row) => row.tripId === trip.id).flatMap((row) => idOf.get(row.orderId) ?? []))],
      })),
    };
  }

  /** The second of the plan's day it is now; before the day, its first. */
  private secondOf(day: BusinessDay): number {
    return Math.max(0, secondsInto(day, this.clock.now()));
  }

  private async doorsOf(
    tx: EntityManager, key: PlanKey, depot: DepotSite, { orderIds, standsAt, riding }: { orderIds: readonly string[]; standsAt: (orderId: string) => string; riding: readonly string[] },
  ): Promise<Pick<HeldPlan, 'problem' | 'crews' | 'outside' | 'legPct' | 'rules'> & { doors: Map<string, Door> }> {
    const settings = await this.settings.of(depot.streetId);
    const orders = orderIds.length === 0 ? [] : await tx.query<OrderRow[]>(
      'SELECT id AS orderId, senior_id AS seniorId, point_id AS pointId FROM meal_order WHERE id IN (?) ORDER BY id', [orderIds],
    );
    const homes = await this.homes.on(key.day, orders.map((order) => order.seniorId), tx);
    const facts = await this.facts.of(tx, key, orders);
    const byCar = new Set(orders.length === 0 ? [] : (await tx.query<{ id: string }[]>(
      "SELECT meal_order_id AS id FROM radius_decision WHERE meal_order_id IN (?) AND decision = 'kitchen-car'", [orderIds],
    )).map((row) => row.id));
    const services = new Map((await this.depots.services()).filter((one) => one.period === key.period).map((one) => [one.pointId as string, one]));
    const carried = orders.flatMap((order): CarriedOrder[] => {
      const home: SeniorHome | undefined = homes.get(order.seniorId);
      const service = services.get(order.pointId);
      if (home === undefined || service === undefined) return [];
      const car = byCar.has(order.orderId);
      // The home radius was decided when the plan was made; a person who moves a door has seen where it lies.
      return [{
        orderId: order.orderId, seniorId: order.seniorId, home, service, homeRadiusS: null, vehicle: car ? 'car' : null,
        freshnessS: freshnessMinOf(settings, car) * 60, facts: facts.get(order.orderId) ?? NO_FACTS,
      }];
    });
    const all = await this.crews.of([depot.depotId], key, tx);
    // Whoever it is that has a trip has it until its doors are placed elsewhere: a trip of nobody would be a trip forgotten.
    const outside = new Set(riding.filter((id) => !all.some((crew) => crew.id === id)));
    const crews = [...all, ...await this.crews.named([...outside], tx)];
    const rules = { settings, stairsMatter: crews.some((crew) => crew.liftOnly) };
    const doors = singleDoorsOf(carried, { ...rules, standsAt });
    const legPct = await this.facts.legPct(tx, depot.depotId);
    // A change of a plan holds its rows: it never waits for a service outside.
    const roads = await this.travel.of(depot.streetId, key.day);
    const { problem } = await buildProblem({ depot, crews, settings, roads: { ...roads, provider: roads.own }, legPct, notBeforeS: 0 }, doors);
    return { doors: new Map(doors.map((door) => [door.stop.id, door])), problem, crews, outside, legPct, rules };
  }

  /** Who stands behind a door, for a person to read. */
  async people(doors: readonly Door[], streetId: string, tx?: EntityManager): Promise<{ orderId: string; seniorName: string; mustServe: boolean }[]> {
    const settings = await this.settings.of(streetId, tx);
    return doors.flatMap((door) => door.orders.map((order) => ({ orderId: order.orderId, seniorName: order.home.name, mustServe: mustServe(order.home, settings) })));
  }
}

/** Where each order stands: at a line of a trip, on the list or about to come, or, unwanted, by itself. Trips that are held fast stay as they are. */
function placesOf(stops: readonly StopRow[], fixed: ReadonlySet<string>, unplanned: ReadonlySet<string>, wanted: ReadonlySet<string> | undefined): (orderId: string) => string {
  const lines = new Map(stops.map((stop) => [stop.orderId, stop]));
  return (orderId) => {
    const line = lines.get(orderId);
    if (line !== undefined && fixed.has(line.tripId)) return `${line.tripId}|${line.seq}`;
    if (wanted?.has(orderId) === false) return orderId;
    if (line !== undefined) return `${line.tripId}|${line.seq}`;
    return wanted !== undefined || unplanned.has(orderId) ? 'on no trip' : orderId;
  };
}

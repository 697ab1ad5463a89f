import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Diagnosis, PlannedTrip, RoutePlan, RouteProblem } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { newId } from '../../infra/ids.js';
import { Outbox } from '../../infra/queue/outbox.js';
import { armLateness } from './check-trip-lateness.js';
import type { Door } from './delivery-doors.js';
import { keepFormerStops } from './former-stops.js';
import { PlanRuns, type PlanKey } from './plan-runs.js';
import { RemindDeparture } from './remind-departure.js';
import { takeFromOthers } from './stands-fast.js';
import { requireSound } from './stored-sheets.js';

export interface PlanToStore {
  readonly key: PlanKey;
  readonly plan: RoutePlan;
  readonly diagnoses: readonly Diagnosis[];
  readonly doors: readonly Door[];
  readonly final: boolean;
  readonly digest: string;
  readonly travelTimeSource: string;
  readonly estimatedDoors: number;
  readonly latenessGraceMin: number;
  readonly legPct: number;
  readonly streetId: string;
  /** The problem door by door, to reckon the stored plan again. */
  readonly sheet: RouteProblem;
  /** The revision the plan had when its orders were read; null where there was none. */
  readonly revision: number | null;
}

/** stored: written anew. same: nothing to do. overtaken: a person changed it or a crew left since its orders were read, so it stays as it is. */
export type StoreOutcome = 'stored' | 'same' | 'overtaken';

interface StoredPlan { id: string; status: string; digest: string; revision: number }

/** Route plans in the database. The same input never changes a plan; a plan that crews have begun is never replaced. */
@Injectable()
export class PlanStore {
  constructor(private readonly outbox: Outbox, private readonly reminders: RemindDeparture, private readonly runs: PlanRuns, private readonly clock: Clock) {}

  async store(tx: EntityManager, given: PlanToStore): Promise<StoreOutcome> {
    const { key } = given;
    const [existing] = await tx.query<StoredPlan[]>(
      'SELECT id, status, input_digest AS digest, revision FROM route_plan WHERE depot_id = ? AND business_day = ? AND period = ? FOR UPDATE',
      [key.depotId, key.day, key.period],
    );
    if ((existing?.revision ?? null) !== given.revision || (existing !== undefined && await this.underWay(tx, existing.id))) return 'overtaken';
    if (existing !== undefined && existing.digest === given.digest && (existing.status === 'final' || !given.final)) return 'same';
    const planId = existing?.id ?? newId();
    if (existing !== undefined) await this.clear(tx, planId);
    await this.writePlan(tx, planId, given);
    // Another depot's crew has left with somebody since the orders were read: the plan is made again without.
    if (!await this.takeOver(tx, planId, given)) return 'overtaken';
    for (const [index, trip] of numbered(given.plan.trips)) await this.writeTrip(tx, planId, given, trip, index);
    await this.writeUnplanned(tx, planId, given);
    await requireSound(tx, planId, given.sheet);
    return 'stored';
  }

  private async underWay(tx: EntityManager, planId: string): Promise<boolean> {
    const [row] = await tx.query<{ n: number }[]>(
      `SELECT COUNT(*) AS n FROM route_trip t LEFT JOIN route_stop s ON s.route_trip_id = t.id
       WHERE t.route_plan_id = ? AND (t.left_at IS NOT NULL OR s.result <> 'open')`, [planId],
    );
    return Number(row?.n ?? 0) > 0;
  }

  private async clear(tx: EntityManager, planId: string): Promise<void> {
    await this.keepFormer(tx, planId);
    await tx.query('DELETE s FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id WHERE t.route_plan_id = ?', [planId]);
    await tx.query('DELETE FROM route_trip WHERE route_plan_id = ?', [planId]);
    // Whom a person has settled otherwise stays listed with that, as long as the order stands.
    await tx.query(
      `DELETE u FROM unplanned_order u LEFT JOIN meal_order o ON o.id = u.meal_order_id AND o.active = 1
         LEFT JOIN plan_cure c ON c.meal_order_id = u.meal_order_id AND c.kind IN ('by-hand', 'not-today')
       WHERE u.route_plan_id = ? AND (o.id IS NULL OR c.meal_order_id IS NULL)`, [planId],
    );
  }

  /** An order given from depot to depot leaves the plan it stood in. @returns false where a crew has it with it */
  private async takeOver(tx: EntityManager, planId: string, given: PlanToStore): Promise<boolean> {
    const orderIds = given.doors.flatMap((door) => door.orders.map((order) => order.orderId));
    if (orderIds.length === 0) return true;
    const others = await takeFromOthers(tx, planId, orderIds, this.clock.now());
    if (others === null) return false;
    for (const other of others) await this.runs.ask(tx, other, 'rerouted', null);
    await tx.query('DELETE FROM unplanned_order WHERE meal_order_id IN (?)', [orderIds]);
    return true;
  }

  private async keepFormer(tx: EntityManager, planId: string): Promise<void> {
    const trips = await tx.query<{ id: string }[]>('SELECT id FROM route_trip WHERE route_plan_id = ?', [planId]);
    await keepFormerStops(tx, trips.map((trip) => trip.id), this.clock.now());
  }

  private async writePlan(tx: EntityManager, planId: string, given: PlanToStore): Promise<void> {
    const { key } = given;
    const orders = given.doors.reduce((sum, door) => sum + door.orders.length, 0);
    await tx.query(
      `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE status = VALUES(status), travel_time_source = VALUES(travel_time_source), estimated_doors = VALUES(estimated_doors),
         seed = VALUES(seed), orders = VALUES(orders), input_digest = VALUES(input_digest), created_at = VALUES(created_at),
         revision = revision + 1`,
      [planId, key.depotKind, key.depotId, key.day, key.period, given.final ? 'final' : 'draft', given.travelTimeSource, given.estimatedDoors,
        given.plan.seed, orders, given.digest, this.clock.now()],
    );
  }

  private async writeTrip(tx: EntityManager, planId: string, given: PlanToStore, trip: PlannedTrip, tripNo: number): Promise<void> {
    const tripId = newId();
    const doors = new Map(given.doors.map((door) => [door.stop.id, door]));
    const lastVisit = trip.visits.at(-1);
    const lastDoorS = lastVisit === undefined ? trip.departS : lastVisit.doorAtS + lastOf(doors.get(lastVisit.stopId));
    await tx.query(
      `INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, leg_pct) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [tripId, planId, trip.crewId, tripNo, trip.departS, lastDoorS, trip.backS, trip.boxes, trip.distanceM, given.legPct],
    );
    let seq = 0;
    for (const visit of trip.visits) {
      const door = doors.get(visit.stopId);
      if (door !== undefined) seq = await this.writeDoor(tx, tripId, { door, doorAtS: visit.doorAtS, seq });
    }
    if (given.final) {
      await this.reminders.arm(tx, { tripId, streetId: given.streetId, day: given.key.day, departS: trip.departS });
      await armLateness(tx, this.outbox, { tripId, day: given.key.day, lastDoorS, graceMin: given.latenessGraceMin, now: this.clock.now() });
    }
  }

  /** The doors of a stop after each other, each a page's line of its own. @returns the last number given */
  private async writeDoor(tx: EntityManager, tripId: string, { door, doorAtS, seq }: { door: Door; doorAtS: number; seq: number }): Promise<number> {
    const { climbS, doorS, windowStartS, windowEndS } = door.stop;
    let last = seq;
    for (const { orders, afterS } of door.parts) {
      last += 1;
      for (const order of orders) {
        await tx.query(
          `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, learnt_s)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [newId(), tripId, last, order.orderId, order.seniorId, doorAtS + afterS, climbS, doorS, windowStartS, windowEndS + lastOf(door), door.learntS],
        );
      }
    }
    return last;
  }

  private async writeUnplanned(tx: EntityManager, planId: string, given: PlanToStore): Promise<void> {
    const doors = new Map(given.doors.map((door) => [door.stop.id, door]));
    const diagnoses = new Map(given.diagnoses.map((one) => [one.stopId, one]));
    for (const { stopId, reason } of given.plan.unplanned) {
      const found = diagnoses.get(stopId);
      for (const order of doors.get(stopId)?.orders ?? []) {
        await tx.query(
          'INSERT INTO unplanned_order (meal_order_id, route_plan_id, senior_id, must_serve, reason, binds, cure) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [order.orderId, planId, order.seniorId, doors.get(stopId)?.stop.mustServe ? 1 : 0, reason, found?.binds ?? null,
            found === undefined || found.cure === null ? null : JSON.stringify(found.cure)],
        );
      }
    }
  }
}

/** From the first door of a building to its last. */
function lastOf(door: Door | undefined): number {
  return door?.parts.at(-1)?.afterS ?? 0;
}

/** Trips with their number within the crew's day, in order of departure. */
function numbered(trips: readonly PlannedTrip[]): [number, PlannedTrip][] {
  const counts = new Map<string, number>();
  return [...trips].sort((a, b) => a.departS - b.departS || (a.crewId < b.crewId ? -1 : 1)).map((trip) => {
    const no = (counts.get(trip.crewId) ?? 0) + 1;
    counts.set(trip.crewId, no);
    return [no, trip];
  });
}

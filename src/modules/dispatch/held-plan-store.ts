import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { TimedTrip } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { Outbox } from '../../infra/queue/outbox.js';
import { armLateness } from './check-trip-lateness.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import type { Door } from './delivery-doors.js';
import { keepFormerStops } from './former-stops.js';
import type { HeldPlan } from './plan-in-hand.js';
import { PlanRuns } from './plan-runs.js';
import { takeFromOthers } from './stands-fast.js';
import { requireAsShown } from './stored-sheets.js';
import { RemindDeparture } from './remind-departure.js';
import { numberTrips } from './trip-numbers.js';
import { whyLeft } from './why-left.js';

export interface PlanChanged {
  readonly kind: 'move' | 'crew-absent' | 'urgent' | 're-plan';
  readonly trips: readonly TimedTrip[];
  /** Doors on no trip after it. */
  readonly left: readonly string[];
  readonly staffId: string | null;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Writes changes of a plan in hand: only the trips that changed, each with its next revision. */
@Injectable()
export class HeldPlanStore {
  constructor(private readonly outbox: Outbox, private readonly reminders: RemindDeparture, private readonly settings: DeliverySettingsBook, private readonly runs: PlanRuns, private readonly clock: Clock) {}

  /** @throws DomainError DISPATCH.PLAN_CHANGED where somebody else changed it or a crew left meanwhile. @returns trips that changed */
  async write(tx: EntityManager, held: HeldPlan, changed: PlanChanged): Promise<number> {
    const now = this.clock.now();
    const taken: unknown = await tx.query(
      'UPDATE route_plan SET revision = revision + 1, in_hand_at = COALESCE(in_hand_at, ?) WHERE id = ? AND revision = ?', [now, held.planId, held.revision],
    );
    if (affectedRows(taken) !== 1) throw new DomainError('DISPATCH.PLAN_CHANGED', 'conflict');
    const touched = changed.trips.filter((trip) => !trip.fixed && differs(held, trip));
    await this.requireWaiting(tx, held, [...touched.map((trip) => trip.key), ...held.trips.filter((trip) => !trip.fixed).map((trip) => trip.key)]);
    const kept = new Set(changed.trips.map((trip) => trip.key));
    const gone = held.trips.filter((trip) => !trip.fixed && !kept.has(trip.key));
    await keepFormerStops(tx, held.trips.filter((trip) => !trip.fixed && (!kept.has(trip.key) || touched.some((one) => one.key === trip.key))).map((trip) => trip.key), now);
    const doors = touched.flatMap((trip) => trip.stopIds.flatMap((id) => held.doors.get(id)?.orders ?? []));
    const others = await takeFromOthers(tx, held.planId, doors.map((order) => order.orderId), now);
    if (others === null) throw new DomainError('DISPATCH.PLAN_CHANGED', 'conflict');
    for (const other of others) await this.runs.ask(tx, other, 'rerouted', changed.staffId);
    const written = new Map<string, TimedTrip>();
    for (const trip of touched) written.set(await this.writeTrip(tx, held, trip), trip);
    await this.clearUnplaced(tx, held, changed);
    for (const trip of gone) await tx.query('DELETE FROM route_trip WHERE id = ?', [trip.key]);
    await numberTrips(tx, held.planId);
    const doorOf = new Map([...held.doors.values()].flatMap((door) => door.orders.map((order) => [order.orderId, door.stop.id] as const)));
    await requireAsShown(tx, held.planId, held.problem, { changed: written, all: changed.trips, doorOf });
    await tx.query('INSERT INTO plan_change (id, route_plan_id, kind, detail, changed_by, changed_at) VALUES (?, ?, ?, ?, ?, ?)',
      [newId(), held.planId, changed.kind, JSON.stringify({ ...changed.detail, trips: touched.length }), changed.staffId, now]);
    return touched.length + gone.length;
  }

  /** A draft that people changed before the cut-off is final after it, as it stands: crews see it, and its trips are watched. @returns whether it was a draft */
  async finalise(tx: EntityManager, planId: string): Promise<boolean> {
    const taken: unknown = await tx.query("UPDATE route_plan SET status = 'final', revision = revision + 1 WHERE id = ? AND status = 'draft'", [planId]);
    if (affectedRows(taken) !== 1) return false;
    const trips = await tx.query<{ tripId: string; departS: number; lastDoorS: number; day: BusinessDay; streetId: string }[]>(
      `SELECT t.id AS tripId, t.depart_s AS departS, t.last_door_s AS lastDoorS, r.business_day AS day, COALESCE(c.street_id, k.street_id) AS streetId
       FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id LEFT JOIN point p ON p.id = r.depot_id LEFT JOIN community c ON c.id = p.community_id
       LEFT JOIN kitchen k ON k.id = r.depot_id WHERE r.id = ? AND t.closed_at IS NULL ORDER BY t.id`, [planId],
    );
    for (const trip of trips) await this.watch(tx, trip);
    return true;
  }

  /** Its crew is reminded, and it is late when doors are open after its last one was due. */
  private async watch(tx: EntityManager, trip: { tripId: string; streetId: string; day: BusinessDay; departS: number; lastDoorS: number }): Promise<void> {
    const { latenessGraceMin } = await this.settings.of(trip.streetId, tx);
    await this.reminders.arm(tx, trip);
    await armLateness(tx, this.outbox, { ...trip, graceMin: latenessGraceMin, now: this.clock.now() });
  }

  /** A crew that left between reading and writing has its doors with it. */
  private async requireWaiting(tx: EntityManager, held: HeldPlan, keys: readonly string[]): Promise<void> {
    const known = keys.filter((key) => held.trips.some((trip) => trip.key === key));
    if (known.length === 0) return;
    const rows = await tx.query<{ id: string; leftAt: Date | null }[]>(
      'SELECT id, left_at AS leftAt FROM route_trip WHERE id IN (?) FOR UPDATE', [known],
    );
    // A trip that was held fast when it was read has been let go by whoever changes the plan; the revision tells of any other.
    if (rows.some((row) => row.leftAt !== null)) throw new DomainError('DISPATCH.PLAN_CHANGED', 'conflict');
  }

  private async writeTrip(tx: EntityManager, held: HeldPlan, trip: TimedTrip): Promise<string> {
    const old = held.trips.some((one) => one.key === trip.key);
    const tripId = old ? trip.key : newId();
    const lastDoorS = trip.doorAtS.at(-1) ?? trip.departS;
    const cells = [trip.departS, lastDoorS, trip.backS, trip.boxes, trip.distanceM, held.legPct];
    await (old
      ? tx.query('UPDATE route_trip SET depart_s = ?, last_door_s = ?, back_s = ?, boxes = ?, distance_m = ?, leg_pct = ?, revision = revision + 1 WHERE id = ?', [...cells, tripId])
      : tx.query(`INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, leg_pct) VALUES (?, ?, ?, 99, ?, ?, ?, ?, ?, ?)`,
        [tripId, held.planId, trip.crewId, ...cells]));
    await this.requireAtHand(tx, tripId, trip.stopIds.flatMap((id) => held.doors.get(id)?.orders ?? []).map((order) => order.orderId));
    for (const [index, id] of trip.stopIds.entries()) {
      const door = held.doors.get(id);
      for (const order of door?.orders ?? []) await this.writeStop(tx, tripId, index + 1, trip.doorAtS[index], order, door);
    }
    await this.watch(tx, { tripId, streetId: held.depot.streetId, day: held.key.day, departS: trip.departS, lastDoorS });
    return tripId;
  }

  /** Nobody is moved off a trip that has left, nor is a door that a crew has been at: what was read is not so any more. */
  private async requireAtHand(tx: EntityManager, tripId: string, orderIds: readonly string[]): Promise<void> {
    const [away] = await tx.query<{ id: string }[]>(
      `SELECT s.id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
       WHERE s.meal_order_id IN (?) AND t.id <> ? AND (t.left_at IS NOT NULL OR t.closed_at IS NOT NULL OR (s.result <> 'open' AND COALESCE(s.reason, '') <> 'stopped')) LIMIT 1 FOR UPDATE`,
      [orderIds, tripId],
    );
    if (away !== undefined) throw new DomainError('DISPATCH.PLAN_CHANGED', 'conflict');
  }

  private async writeStop(tx: EntityManager, tripId: string, seq: number, doorAtS: number, order: { orderId: string; seniorId: string }, door: Door | undefined): Promise<void> {
    await tx.query(
      `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, learnt_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE route_trip_id = VALUES(route_trip_id), seq = VALUES(seq), door_at_s = VALUES(door_at_s), climb_s = VALUES(climb_s), door_s = VALUES(door_s), learnt_s = VALUES(learnt_s)`,
      [newId(), tripId, seq, order.orderId, order.seniorId, doorAtS, door?.stop.climbS, door?.stop.doorS, door?.stop.windowStartS, door?.stop.windowEndS, door?.learntS ?? 0],
    );
    await tx.query('DELETE FROM unplanned_order WHERE meal_order_id = ?', [order.orderId]);
  }

  /** Doors that were on a trip and are on none: listed with their reason, or taken out because their order is gone. */
  private async clearUnplaced(tx: EntityManager, held: HeldPlan, changed: PlanChanged): Promise<void> {
    const placed = new Set(changed.trips.flatMap((trip) => trip.stopIds));
    const off = held.trips.filter((trip) => !trip.fixed).flatMap((trip) => trip.stopIds).filter((id) => !placed.has(id));
    const why = whyLeft(held, changed.trips, changed.left);
    for (const id of new Set([...off, ...changed.left])) {
      for (const order of held.doors.get(id)?.orders ?? []) {
        await tx.query("DELETE FROM route_stop WHERE meal_order_id = ? AND result = 'open'", [order.orderId]);
        if (!changed.left.includes(id)) continue;
        const { reason, binds, cure } = why.get(id) ?? { reason: 'fleet-spent', binds: 'fleet', cure: null };
        await tx.query(
          'INSERT IGNORE INTO unplanned_order (meal_order_id, route_plan_id, senior_id, must_serve, reason, binds, cure) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [order.orderId, held.planId, order.seniorId, held.doors.get(id)?.stop.mustServe ? 1 : 0, reason, binds, cure === null ? null : JSON.stringify(cure)],
        );
      }
    }
  }
}

function differs(held: HeldPlan, trip: TimedTrip): boolean {
  const before = held.trips.find((one) => one.key === trip.key);
  const comes = (id: string): boolean => held.doors.get(id)?.orders.some((order) => held.stands.get(order.orderId) !== trip.key) ?? false;
  return before === undefined || before.departS !== trip.departS || before.stopIds.join() !== trip.stopIds.join() || trip.stopIds.some(comes) || isTimedAnew(held, trip);
}

/** A minute and more at some door: less is not worth a new page. */
export function isTimedAnew(held: HeldPlan, trip: TimedTrip): boolean {
  return trip.stopIds.some((id, index) => Math.abs((held.doorAtS.get(id) ?? trip.doorAtS[index]) - trip.doorAtS[index]) >= 60);
}

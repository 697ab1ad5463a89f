import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TakeOverAnswer, TakeOverRequest } from '../../contract/dispatch-changes.js';
import { secondOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import { Outbox } from '../../infra/queue/outbox.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DeliverySettingsBook, keepFormerStops, RemindDeparture, WatchFreshness } from '../dispatch/index.js';
import { PointScope } from '../sites/index.js';
import { crewOf } from './crew-trips.js';

interface Broken {
  planId: string; crewId: string; departS: number; lastDoorS: number; backS: number; leftAt: Date | null; closedAt: Date | null; streetId: string; day: BusinessDay; boxes: number; stops: string | number;
}

/**
 * A crew carries on what another could not: it scanned the crate. The open doors move to a trip of its own, on the road like
 * the first; a crate that had not left is counted and checked again by the crew that takes it. What the first crew handed
 * over stays with it, also what its phone has not sent yet. Scanning twice finds the same trip.
 */
@Injectable()
export class TakeOver {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly points: PointScope, private readonly outbox: Outbox, private readonly settings: DeliverySettingsBook,
    private readonly reminders: RemindDeparture, private readonly freshness: WatchFreshness,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError DELIVERY.NOTHING_OPEN; REQUEST.NOT_FOUND for a crate of another street or day */
  async execute(request: TakeOverRequest, staff: StaffIdentity): Promise<TakeOverAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const crewId = crewOf(staff);
      const street = 'COALESCE((SELECT m.street_id FROM point p JOIN community m ON m.id = p.community_id WHERE p.id = x.depot_id), (SELECT k.street_id FROM kitchen k WHERE k.id = x.depot_id))';
      const [trip] = await tx.query<Broken[]>(
        `SELECT t.route_plan_id AS planId, t.crew_id AS crewId, t.depart_s AS departS, t.last_door_s AS lastDoorS, t.back_s AS backS, t.left_at AS leftAt, t.closed_at AS closedAt, t.boxes,
           x.business_day AS day, ${street} AS streetId, (SELECT COUNT(*) FROM route_stop s WHERE s.route_trip_id = t.id) AS stops
         FROM route_trip t JOIN route_plan x ON x.id = t.route_plan_id WHERE t.id = ? AND x.status = 'final' FOR UPDATE`, [request.tripId],
      );
      const [own] = await tx.query<{ streetId: string }[]>(`SELECT ${street} AS streetId FROM crew x WHERE x.id = ?`, [crewId]);
      if (trip === undefined || trip.day !== this.clock.today() || own?.streetId !== trip.streetId) return this.points.refuse(staff, 'trip', request.tripId);
      const stops = await tx.query<{ id: string }[]>("SELECT id FROM route_stop WHERE route_trip_id = ? AND result = 'open' ORDER BY seq, id FOR UPDATE", [request.tripId]);
      if (trip.crewId === crewId) return { tripId: request.tripId, stops: stops.length };
      if (stops.length === 0) throw new DomainError('DELIVERY.NOTHING_OPEN', 'conflict');
      const tripId = await this.carryOn(tx, { ...trip, id: request.tripId }, stops.map((stop) => stop.id), crewId);
      await tx.query("INSERT INTO plan_change (id, route_plan_id, kind, detail, changed_by, changed_at) VALUES (?, ?, 'hand-over', ?, ?, ?)",
        [newId(), trip.planId, JSON.stringify({ from: trip.crewId, to: crewId, stops: stops.length }), staff.staffId, this.clock.now()]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'trip.taken-over', objectKind: 'trip', objectId: request.tripId, outcome: 'done', detail: { stops: stops.length, deviceAt: request.deviceAt },
      }, tx);
      return { tripId, stops: stops.length };
    });
  }

  /** @returns the trip of the crew that carries on */
  private async carryOn(tx: EntityManager, trip: Broken & { id: string }, stopIds: readonly string[], crewId: string): Promise<string> {
    const tripId = newId();
    const now = this.clock.now();
    await keepFormerStops(tx, [trip.id], now);
    const [{ no }] = await tx.query<{ no: number }[]>('SELECT COALESCE(MAX(trip_no), 0) + 1 AS no FROM route_trip WHERE route_plan_id = ? AND crew_id = ?', [trip.planId, crewId]);
    // Held fast: who scanned a crate keeps it, whatever the plan does next.
    await tx.query(
      `INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, leg_pct, left_at, frozen_at)
       SELECT ?, route_plan_id, ?, ?, depart_s, last_door_s, back_s, ?, distance_m, leg_pct, left_at, ? FROM route_trip WHERE id = ?`,
      [tripId, crewId, no, stopIds.length, now, trip.id],
    );
    await tx.query('UPDATE route_stop SET route_trip_id = ? WHERE id IN (?)', [tripId, stopIds]);
    if (Number(trip.stops) === stopIds.length && trip.leftAt === null) await tx.query('DELETE FROM route_trip WHERE id = ?', [trip.id]);
    else await tx.query('UPDATE route_trip SET boxes = boxes - ?, revision = revision + 1 WHERE id = ?', [stopIds.length, trip.id]);
    await tx.query('UPDATE route_plan SET revision = revision + 1, in_hand_at = COALESCE(in_hand_at, ?) WHERE id = ?', [now, trip.planId]);
    if (trip.leftAt === null) await this.reminders.arm(tx, { tripId, streetId: trip.streetId, day: trip.day, departS: trip.departS });
    // The food is as old as the first departure, whoever rides it now.
    else await this.freshness.arm(tx, tripId, trip.leftAt);
    const graceMs = (await this.settings.of(trip.streetId, tx)).latenessGraceMin * 60_000;
    const dueMs = Math.max(secondOf(trip.day, trip.lastDoorS).getTime(), now.getTime()) + graceMs;
    await this.outbox.add(tx, { type: 'trip.planned', payload: { tripId, lastDoorS: trip.lastDoorS }, runAt: new Date(dueMs) });
    return tripId;
  }
}

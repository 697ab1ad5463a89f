import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox, type Outbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';

interface TripRow { depot: string; streetId: string; crewId: string; crew: string; tripNo: number; lastDoorS: number; openStops: number; closedAt: Date | null; status: string }

/** Has a trip looked at when its last door was due, where that is still to come; in the transaction that times it. A trip over by then is a record of what was done by hand. */
export async function armLateness(tx: EntityManager, outbox: Outbox, trip: { tripId: string; day: BusinessDay; lastDoorS: number; graceMin: number; now: Date }): Promise<void> {
  const runAt = new Date(instantOf(trip.day, 0).getTime() + (trip.lastDoorS + trip.graceMin * 60) * 1000);
  if (runAt > trip.now) await outbox.add(tx, { type: 'trip.planned', payload: { tripId: trip.tripId, lastDoorS: trip.lastDoorS }, runAt });
}

/** Looks at a trip after its last door was due; says once that doors are without a result. */
@Injectable()
export class CheckTripLateness {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly inbox: Inbox, private readonly notices: Notices) {}

  /** @param message with the time the check was armed for: a trip timed anew since has a check of its own. @returns whether the trip was late */
  async execute(message: { messageId: string; tripId: string; lastDoorS?: number | undefined }): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, 'trip-lateness', message.messageId)) return false;
      const [trip] = await tx.query<TripRow[]>(
        `SELECT COALESCE(p.name, k.name) AS depot, COALESCE(cm.street_id, k.street_id) AS streetId, c.id AS crewId, c.name AS crew, t.trip_no AS tripNo,
           t.last_door_s AS lastDoorS, t.closed_at AS closedAt, r.status,
           (SELECT COUNT(*) FROM route_stop s WHERE s.route_trip_id = t.id AND s.result = 'open') AS openStops
         FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = t.crew_id
         LEFT JOIN point p ON p.id = r.depot_id LEFT JOIN community cm ON cm.id = p.community_id LEFT JOIN kitchen k ON k.id = r.depot_id
         WHERE t.id = ?`,
        [message.tripId],
      );
      if (trip === undefined || Number(trip.openStops) === 0 || trip.status !== 'final') return false;
      if (message.lastDoorS !== undefined && message.lastDoorS !== trip.lastDoorS) return false;
      const key = `${message.tripId}-${trip.lastDoorS}`;
      const facts = { depot: trip.depot, crew: trip.crew, trip: trip.tripNo, time: clockOf(trip.lastDoorS), open: Number(trip.openStops) };
      await this.notices.request(tx, { kind: 'trip-late', recipientKind: 'street', recipientId: trip.streetId, facts, dedupKey: `trip-late-${key}` });
      await this.notices.request(tx, { kind: 'trip-late', recipientKind: 'crew', recipientId: trip.crewId, facts, dedupKey: `trip-late-crew-${key}` });
      return true;
    });
  }
}

/** 11:20 for a second of the day. */
function clockOf(secondOfDay: number): string {
  const minutes = Math.floor(secondOfDay / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

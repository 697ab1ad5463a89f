import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';

interface TripRow { depot: string; streetId: string; crewId: string; crew: string; tripNo: number; lastDoorS: number; openStops: number; closedAt: Date | null }

/** Looks at a trip after its last door was due; says once that doors are without a result. */
@Injectable()
export class CheckTripLateness {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly inbox: Inbox, private readonly notices: Notices) {}

  /** @returns whether the trip was late; a trip that was planned anew meanwhile has a check of its own */
  async execute(message: { messageId: string; tripId: string }): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, 'trip-lateness', message.messageId)) return false;
      const [trip] = await tx.query<TripRow[]>(
        `SELECT COALESCE(p.name, k.name) AS depot, COALESCE(cm.street_id, k.street_id) AS streetId, c.id AS crewId, c.name AS crew, t.trip_no AS tripNo,
           t.last_door_s AS lastDoorS, t.closed_at AS closedAt,
           (SELECT COUNT(*) FROM route_stop s WHERE s.route_trip_id = t.id AND s.result = 'open') AS openStops
         FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = t.crew_id
         LEFT JOIN point p ON p.id = r.depot_id LEFT JOIN community cm ON cm.id = p.community_id LEFT JOIN kitchen k ON k.id = r.depot_id
         WHERE t.id = ?`,
        [message.tripId],
      );
      if (trip === undefined || Number(trip.openStops) === 0) return false;
      const facts = { depot: trip.depot, crew: trip.crew, trip: trip.tripNo, time: clockOf(trip.lastDoorS), open: Number(trip.openStops) };
      await this.notices.request(tx, { kind: 'trip-late', recipientKind: 'street', recipientId: trip.streetId, facts, dedupKey: `trip-late-${message.tripId}` });
      await this.notices.request(tx, { kind: 'trip-late', recipientKind: 'crew', recipientId: trip.crewId, facts, dedupKey: `trip-late-crew-${message.tripId}` });
      return true;
    });
  }
}

/** 11:20 for a second of the day. */
function clockOf(secondOfDay: number): string {
  const minutes = Math.floor(secondOfDay / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

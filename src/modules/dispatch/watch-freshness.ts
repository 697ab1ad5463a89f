import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox, Outbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';

interface TripRow {
  depot: string; streetId: string; crewId: string; crew: string; tripNo: number; leftAt: Date | null; closedAt: Date | null; openStops: number | string; byCarOnly: number | string | null;
}

/** What a trip is asked about when the minutes of its freshness are over. */
export const LEFT = 'trip.left';

/**
 * Counts the minutes of trip freshness from when a trip really left: one that left late, or waits at doors, carries food
 * that is no longer fresh although no window has passed yet. Said once to crew and street.
 */
@Injectable()
export class WatchFreshness {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly inbox: Inbox, private readonly outbox: Outbox, private readonly settings: DeliverySettingsBook,
    private readonly notices: Notices, private readonly clock: Clock,
  ) {}

  /** In the transaction that puts the trip on the road. */
  async arm(tx: EntityManager, tripId: string, leftAt: Date): Promise<void> {
    const trip = await this.trip(tx, tripId);
    if (trip === undefined) return;
    await this.outbox.add(tx, { type: LEFT, payload: { tripId }, runAt: new Date(leftAt.getTime() + await this.limitMs(tx, trip)) });
  }

  /** @returns whether doors were still without a result */
  async execute(message: { messageId: string; tripId: string }): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, 'trip-freshness', message.messageId)) return false;
      const trip = await this.trip(tx, message.tripId);
      if (trip === undefined || trip.leftAt === null || trip.closedAt !== null || Number(trip.openStops) === 0) return false;
      const facts = {
        depot: trip.depot, crew: trip.crew, trip: trip.tripNo, open: Number(trip.openStops), limit: await this.limitMs(tx, trip) / 60_000,
        minutes: Math.floor((this.clock.now().getTime() - trip.leftAt.getTime()) / 60_000),
      };
      await this.notices.request(tx, { kind: 'trip-stale', recipientKind: 'street', recipientId: trip.streetId, facts, dedupKey: `trip-stale-${message.tripId}` });
      await this.notices.request(tx, { kind: 'trip-stale', recipientKind: 'crew', recipientId: trip.crewId, facts, dedupKey: `trip-stale-crew-${message.tripId}` });
      return true;
    });
  }

  /** The kitchen's car has minutes of its own where everything on it was decided for it. */
  private async limitMs(tx: EntityManager, trip: TripRow): Promise<number> {
    const { tripFreshnessMin, kitchenCarFreshnessMin } = await this.settings.of(trip.streetId, tx);
    return (Number(trip.byCarOnly) === 1 ? kitchenCarFreshnessMin : tripFreshnessMin) * 60_000;
  }

  private async trip(tx: EntityManager, tripId: string): Promise<TripRow | undefined> {
    const [trip] = await tx.query<TripRow[]>(
      `SELECT COALESCE(p.name, k.name) AS depot, COALESCE(cm.street_id, k.street_id) AS streetId, c.id AS crewId, c.name AS crew, t.trip_no AS tripNo,
         t.left_at AS leftAt, t.closed_at AS closedAt,
         (SELECT COUNT(*) FROM route_stop s WHERE s.route_trip_id = t.id AND s.result = 'open') AS openStops,
         (SELECT MIN(COALESCE(d.decision = 'kitchen-car', 0)) FROM route_stop s LEFT JOIN radius_decision d ON d.meal_order_id = s.meal_order_id WHERE s.route_trip_id = t.id) AS byCarOnly
       FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = t.crew_id
       LEFT JOIN point p ON p.id = r.depot_id LEFT JOIN community cm ON cm.id = p.community_id LEFT JOIN kitchen k ON k.id = r.depot_id
       WHERE t.id = ?`, [tripId],
    );
    return trip;
  }
}

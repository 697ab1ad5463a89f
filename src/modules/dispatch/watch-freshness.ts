import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { freshnessMinOf } from '../../domain/routing/route-problem.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox, Outbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { tripHeading, type TripHeading } from './trip-heading.js';

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
    const trip = await tripHeading(tx, tripId);
    if (trip === undefined) return;
    await this.outbox.add(tx, { type: LEFT, payload: { tripId }, runAt: new Date(leftAt.getTime() + await this.limitMs(tx, trip)) });
  }

  /** @returns whether doors were still without a result */
  async execute(message: { messageId: string; tripId: string }): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, 'trip-freshness', message.messageId)) return false;
      const trip = await tripHeading(tx, message.tripId);
      if (trip === undefined || trip.leftAt === null || trip.closedAt !== null || trip.openStops === 0) return false;
      const facts = {
        depot: trip.depot, crew: trip.crew, trip: trip.tripNo, open: trip.openStops, limit: await this.limitMs(tx, trip) / 60_000,
        minutes: Math.floor((this.clock.now().getTime() - trip.leftAt.getTime()) / 60_000),
      };
      await this.notices.request(tx, { kind: 'trip-stale', recipientKind: 'street', recipientId: trip.streetId, facts, dedupKey: `trip-stale-${message.tripId}` });
      await this.notices.request(tx, { kind: 'trip-stale', recipientKind: 'crew', recipientId: trip.crewId, facts, dedupKey: `trip-stale-crew-${message.tripId}` });
      return true;
    });
  }

  private async limitMs(tx: EntityManager, trip: TripHeading): Promise<number> {
    return freshnessMinOf(await this.settings.of(trip.streetId, tx), trip.byCarOnly) * 60_000;
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { clockText, secondOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox, Outbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { tripHeading } from './trip-heading.js';

/** What a trip is asked about at its departure: `trip.departs` carries it, once before and once after the minute it should leave. */
export const DEPARTS = 'trip.departs';

/**
 * Reminds a crew some minutes before its trip leaves, and tells crew and street when it should have left and has not: late
 * from the depot is late at every door. A trip that was timed anew meanwhile has messages of its own.
 */
@Injectable()
export class RemindDeparture {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly inbox: Inbox, private readonly outbox: Outbox, private readonly settings: DeliverySettingsBook,
    private readonly notices: Notices, private readonly clock: Clock,
  ) {}

  /** Arms the reminder of a final trip, where its time is still to come; in the transaction that writes the trip. */
  async arm(tx: EntityManager, trip: { tripId: string; streetId: string; day: BusinessDay; departS: number }): Promise<void> {
    const { departReminderMin, latenessGraceMin } = await this.settings.of(trip.streetId, tx);
    const departsMs = secondOf(trip.day, trip.departS).getTime();
    if (departsMs <= this.clock.now().getTime()) return;
    // Where nobody wants to be reminded, that a trip has not left is told all the same.
    const runAt = new Date(departReminderMin === 0 ? departsMs + latenessGraceMin * 60_000 : departsMs - departReminderMin * 60_000);
    await this.outbox.add(tx, { type: DEPARTS, payload: { tripId: trip.tripId, departS: trip.departS }, runAt });
  }

  /** @returns what was said: nothing where the trip left, is gone or was timed anew */
  async execute(message: { messageId: string; tripId: string; departS: number }): Promise<'reminded' | 'not-left' | null> {
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, 'trip-departure', message.messageId)) return null;
      const trip = await tripHeading(tx, message.tripId);
      if (trip === undefined || trip.status !== 'final' || trip.departS !== message.departS || trip.leftAt !== null || trip.closedAt !== null) return null;
      const { latenessGraceMin } = await this.settings.of(trip.streetId, tx);
      const departsMs = secondOf(trip.day, trip.departS).getTime();
      const facts = { depot: trip.depot, crew: trip.crew, trip: trip.tripNo, boxes: trip.boxes, time: clockText(new Date(departsMs)) };
      const key = `${message.tripId}-${message.departS}`;
      if (this.clock.now().getTime() < departsMs) {
        await this.notices.request(tx, { kind: 'trip-departs', recipientKind: 'crew', recipientId: trip.crewId, facts, dedupKey: `trip-departs-${key}` });
        await this.outbox.add(tx, { type: DEPARTS, payload: { tripId: message.tripId, departS: message.departS }, runAt: new Date(departsMs + latenessGraceMin * 60_000) });
        return 'reminded';
      }
      await this.notices.request(tx, { kind: 'trip-not-left', recipientKind: 'crew', recipientId: trip.crewId, facts, dedupKey: `trip-not-left-crew-${key}` });
      await this.notices.request(tx, { kind: 'trip-not-left', recipientKind: 'street', recipientId: trip.streetId, facts, dedupKey: `trip-not-left-${key}` });
      return 'not-left';
    });
  }
}

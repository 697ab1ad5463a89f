import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { clockText, secondOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox, type Outbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';
import { tripHeading } from './trip-heading.js';

/** Has a trip looked at when its last door was due, where that is still to come; in the transaction that times it. A trip over by then is a record of what was done by hand. */
export async function armLateness(tx: EntityManager, outbox: Outbox, trip: { tripId: string; day: BusinessDay; lastDoorS: number; graceMin: number; now: Date }): Promise<void> {
  const runAt = secondOf(trip.day, trip.lastDoorS + trip.graceMin * 60);
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
      const trip = await tripHeading(tx, message.tripId);
      if (trip === undefined || trip.openStops === 0 || trip.status !== 'final') return false;
      if (message.lastDoorS !== undefined && message.lastDoorS !== trip.lastDoorS) return false;
      const key = `${message.tripId}-${trip.lastDoorS}`;
      const facts = { depot: trip.depot, crew: trip.crew, trip: trip.tripNo, time: clockText(secondOf(trip.day, trip.lastDoorS)), open: trip.openStops };
      await this.notices.request(tx, { kind: 'trip-late', recipientKind: 'street', recipientId: trip.streetId, facts, dedupKey: `trip-late-${key}` });
      await this.notices.request(tx, { kind: 'trip-late', recipientKind: 'crew', recipientId: trip.crewId, facts, dedupKey: `trip-late-crew-${key}` });
      return true;
    });
  }
}

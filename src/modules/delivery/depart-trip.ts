import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { DayGate } from '../sites/index.js';
import type { OwnTrip } from './crew-trips.js';

/** What vouches for a departure: the crate check, or a door that had its result before any check reached the server. */
export interface Departure {
  readonly shownBy: 'crate-check' | 'stop-result';
  readonly deviceAt: string;
}

/** Puts a trip on the road, once, whichever event says so first: its boxes leave the portions of the point with it. */
@Injectable()
export class DepartTrip {
  constructor(private readonly menu: MenuDirectory, private readonly gate: DayGate, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /**
   * @param trip its row is locked, so that two events of the same trip take turns
   * @returns when the trip left, also if it had left before
   */
  async execute(tx: EntityManager, trip: OwnTrip, departure: Departure, staff: StaffIdentity): Promise<Date> {
    if (trip.leftAt !== null) return trip.leftAt;
    const short = trip.depotKind === 'point' ? await this.takePortions(tx, trip) : 0;
    const now = this.clock.now();
    await tx.query('UPDATE route_trip SET left_at = ? WHERE id = ?', [now, trip.tripId]);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'trip.left', objectKind: 'trip', objectId: trip.tripId, outcome: 'done',
      detail: { boxes: trip.boxes, withoutPortion: short, shownBy: departure.shownBy, deviceAt: departure.deviceAt },
    }, tx);
    return now;
  }

  /** Takes the portion of a door that came to a trip after it had left; nothing where it was taken before. */
  async takeLate(tx: EntityManager, trip: OwnTrip, stopId: string): Promise<void> {
    if (trip.depotKind === 'point') await this.takePortions(tx, trip, stopId);
  }

  /**
   * Takes each box out of the portions of the point it leaves from. Boxes stand counted in the crate, so a load that
   * the point has not accepted yet stops nobody; how many lacked a portion is on record for the day's balance.
   */
  private async takePortions(tx: EntityManager, trip: OwnTrip, stopId: string | null = null): Promise<number> {
    // Once the point has signed the day, its portions are counted and stay as they are.
    if (await this.gate.isClosed(tx, trip.depotId, trip.day)) return trip.boxes;
    const offers = new Map((await this.menu.offers(trip.depotId as PointId, trip.day, trip.period, tx)).map((offer) => [offer.code, offer.setMealId]));
    const stops = await tx.query<{ id: string; code: string }[]>(
      `SELECT s.id, o.set_code AS code FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
       WHERE s.route_trip_id = ? AND s.portion_taken = 0 AND (? IS NULL OR s.id = ?) ORDER BY s.seq, s.id`, [trip.tripId, stopId, stopId],
    );
    let short = 0;
    for (const stop of stops) {
      const setMealId = offers.get(stop.code);
      const taken = setMealId !== undefined && await this.menu.takePortion(tx, trip.depotId as PointId, setMealId, 'collected').then(() => true, soldOut);
      if (taken) await tx.query('UPDATE route_stop SET portion_taken = 1 WHERE id = ?', [stop.id]);
      else short += 1;
    }
    return short;
  }
}

function soldOut(error: unknown): false {
  if (error instanceof DomainError && error.code === 'PAYMENT.SOLD_OUT') return false;
  throw error;
}

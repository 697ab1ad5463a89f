import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LeaveTripRequest, TripAnswer } from '../../contract/delivery.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { CrewTrips, type OwnTrip } from './crew-trips.js';

/** The crate check: boxes counted, taken out of the point's portions, the trip on the road. Repeating it is harmless. */
@Injectable()
export class LeaveTrip {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly trips: CrewTrips,
    private readonly menu: MenuDirectory,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError DELIVERY.BOXES_DIFFER; REQUEST.NOT_FOUND for a trip of another crew or day */
  async execute(tripId: string, request: LeaveTripRequest, staff: StaffIdentity): Promise<TripAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const trip = await this.trips.trip(tx, tripId, staff);
      if (trip.leftAt !== null) return { tripId, leftAt: trip.leftAt.toISOString(), closedAt: trip.closedAt?.toISOString() ?? null };
      if (request.boxes !== trip.boxes) throw new DomainError('DELIVERY.BOXES_DIFFER', 'refused', { sheet: trip.boxes, counted: request.boxes });
      const short = trip.depotKind === 'point' ? await this.takePortions(tx, trip) : 0;
      const now = this.clock.now();
      await tx.query('UPDATE route_trip SET left_at = ? WHERE id = ?', [now, tripId]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'trip.left', objectKind: 'trip', objectId: tripId, outcome: 'done',
        detail: { boxes: request.boxes, withoutPortion: short, deviceAt: request.deviceAt },
      }, tx);
      return { tripId, leftAt: now.toISOString(), closedAt: null };
    });
  }

  /**
   * Takes each box out of the portions of the point it leaves from. Boxes stand counted in the crate, so a load that
   * the point has not accepted yet stops nobody; how many lacked a portion is on record for the day's balance.
   */
  private async takePortions(tx: EntityManager, trip: OwnTrip): Promise<number> {
    const offers = new Map((await this.menu.offers(trip.depotId as PointId, trip.day, trip.period, tx)).map((offer) => [offer.code, offer.setMealId]));
    const stops = await tx.query<{ id: string; code: string }[]>(
      `SELECT s.id, o.set_code AS code FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
       WHERE s.route_trip_id = ? AND s.portion_taken = 0 ORDER BY s.seq, s.id`, [trip.tripId],
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

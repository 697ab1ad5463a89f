import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CloseTripRequest, TripAnswer } from '../../contract/delivery.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DoorCare } from '../care/index.js';
import { MenuDirectory } from '../menu/index.js';
import { DayGate } from '../sites/index.js';
import { CrewTrips, type OwnTrip } from './crew-trips.js';

/** Ends a trip whose every stop has a result. Boxes that came back are the point's again, to be counted as waste there. */
@Injectable()
export class CloseTrip {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly trips: CrewTrips,
    private readonly menu: MenuDirectory,
    private readonly gate: DayGate,
    private readonly care: DoorCare,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError DELIVERY.STOPS_OPEN, DELIVERY.LADDER_OPEN; REQUEST.NOT_FOUND for a trip of another crew or of too long ago */
  async execute(tripId: string, request: CloseTripRequest, staff: StaffIdentity): Promise<TripAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const trip = await this.trips.trip(tx, tripId, staff);
      if (trip.closedAt !== null) return { tripId, leftAt: trip.leftAt?.toISOString() ?? null, closedAt: trip.closedAt.toISOString() };
      const stops = await tx.query<{ id: string; result: string; code: string; portionTaken: number }[]>(
        `SELECT s.id, s.result, o.set_code AS code, s.portion_taken AS portionTaken FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
         WHERE s.route_trip_id = ? FOR UPDATE`, [tripId],
      );
      const open = stops.filter((stop) => stop.result === 'open').length;
      if (open > 0) throw new DomainError('DELIVERY.STOPS_OPEN', 'refused', { open });
      const sought = await this.care.openOf(tx, tripId);
      if (sought > 0) throw new DomainError('DELIVERY.LADDER_OPEN', 'refused', { open: sought });
      const back = stops.filter((stop) => stop.result !== 'delivered' && stop.portionTaken === 1);
      await this.returnPortions(tx, trip, back.map((stop) => stop.code));
      const now = this.clock.now();
      await tx.query('UPDATE route_trip SET closed_at = ?, left_at = COALESCE(left_at, ?) WHERE id = ?', [now, now, tripId]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'trip.closed', objectKind: 'trip', objectId: tripId, outcome: 'done',
        detail: { stops: stops.length, boxesBack: back.length, deviceAt: request.deviceAt },
      }, tx);
      return { tripId, leftAt: (trip.leftAt ?? now).toISOString(), closedAt: now.toISOString() };
    });
  }

  private async returnPortions(tx: EntityManager, trip: OwnTrip, codes: readonly string[]): Promise<void> {
    if (trip.depotKind !== 'point' || codes.length === 0) return;
    // Once the point has signed the day, its portions are counted: the boxes stay among those that left.
    if (await this.gate.isClosed(tx, trip.depotId, trip.day)) return;
    const offers = new Map((await this.menu.offers(trip.depotId as PointId, trip.day, trip.period, tx)).map((offer) => [offer.code, offer.setMealId]));
    for (const code of codes) {
      const setMealId = offers.get(code);
      if (setMealId !== undefined) await this.menu.returnPortion(tx, trip.depotId as PointId, setMealId, 'collected');
    }
  }
}

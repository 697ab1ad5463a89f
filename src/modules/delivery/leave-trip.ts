import { Injectable } from '@nestjs/common';
import type { LeaveTripRequest, TripAnswer } from '../../contract/delivery.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { CrewTrips } from './crew-trips.js';
import { DepartTrip } from './depart-trip.js';

/** The crate check: boxes counted, then the trip on the road. Repeating it is harmless. */
@Injectable()
export class LeaveTrip {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly trips: CrewTrips, private readonly departTrip: DepartTrip) {}

  /** @throws DomainError DELIVERY.BOXES_DIFFER; REQUEST.NOT_FOUND for a trip of another crew or of too long ago */
  async execute(tripId: string, request: LeaveTripRequest, staff: StaffIdentity): Promise<TripAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const trip = await this.trips.trip(tx, tripId, staff);
      if (trip.leftAt === null && request.boxes !== trip.boxes) {
        throw new DomainError('DELIVERY.BOXES_DIFFER', 'refused', { sheet: trip.boxes, counted: request.boxes });
      }
      const leftAt = await this.departTrip.execute(tx, trip, { shownBy: 'crate-check', deviceAt: request.deviceAt }, staff);
      return { tripId, leftAt: leftAt.toISOString(), closedAt: trip.closedAt?.toISOString() ?? null };
    });
  }
}

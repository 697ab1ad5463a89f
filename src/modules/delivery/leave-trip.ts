import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LeaveTripRequest, TripAnswer } from '../../contract/delivery.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PlanCures } from '../dispatch/index.js';
import { CrateCheck } from './crate-check.js';
import { CrewTrips, type OwnTrip } from './crew-trips.js';
import { DepartTrip } from './depart-trip.js';
import { TripBoxes } from './trip-boxes.query.js';
import { UnsuitableBoxes } from './unsuitable-boxes.js';

/** The crate check: boxes counted, then the trip on the road. Repeating it is harmless. */
@Injectable()
export class LeaveTrip {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly trips: CrewTrips, private readonly cures: PlanCures, private readonly departTrip: DepartTrip,
    private readonly boxes: TripBoxes, private readonly unsuitable: UnsuitableBoxes, private readonly crateCheck: CrateCheck,
  ) {}

  /**
   * @throws DomainError DELIVERY.BOXES_DIFFER, DELIVERY.NOT_SUITABLE, DELIVERY.CURE_UNDECIDED, BATCH.NOT_ENOUGH_RELEASED; REQUEST.NOT_FOUND
   *   for a trip of another crew or of too long ago
   */
  async execute(tripId: string, request: LeaveTripRequest, staff: StaffIdentity): Promise<TripAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const trip = await this.trips.trip(tx, tripId, staff);
      if (trip.leftAt === null) {
        await this.requireCount(tx, trip, request.boxes);
        await this.cures.requireDecided(tx, tripId);
        await this.requireSuitable(tx, trip);
      }
      const leftAt = await this.departTrip.execute(tx, trip, { shownBy: 'crate-check', deviceAt: request.deviceAt, boxes: request.boxes }, staff);
      if (trip.leftAt === null && request.stopIds !== undefined) await this.crateCheck.compare(tx, trip, request.stopIds);
      return { tripId, leftAt: leftAt.toISOString(), closedAt: trip.closedAt?.toISOString() ?? null };
    });
  }

  /** As on the sheet, or short by exactly the boxes that are recalled. */
  private async requireCount(tx: EntityManager, trip: OwnTrip, counted: number): Promise<void> {
    if (counted === trip.boxes) return;
    const recalled = (await this.boxes.of([trip.tripId], tx)).filter(({ recalledAt }) => recalledAt !== null).length;
    if (recalled === 0 || counted !== trip.boxes - recalled) throw new DomainError('DELIVERY.BOXES_DIFFER', 'refused', { sheet: trip.boxes, counted });
  }

  /** No box leaves that must not reach its person; one handed over already is a fact and stays one. A recalled one is told of by the recall. */
  private async requireSuitable(tx: EntityManager, trip: OwnTrip): Promise<void> {
    const boxes = (await this.boxes.of([trip.tripId], tx)).filter(({ recalledAt }) => recalledAt === null);
    const [first, ...others] = await this.unsuitable.among(tx, trip, boxes);
    if (first !== undefined) throw new DomainError('DELIVERY.NOT_SUITABLE', 'refused', { stops: others.length + 1, seq: first.seq });
  }
}

import { Injectable } from '@nestjs/common';
import type { LeaveTripRequest, TripAnswer } from '../../contract/delivery.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { EntityManager } from 'typeorm';
import type { PointId } from '../../domain/kernel/ids.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PlanCures } from '../dispatch/index.js';
import { MenuDirectory } from '../menu/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { CrewTrips, type OwnTrip } from './crew-trips.js';
import { DepartTrip } from './depart-trip.js';

/** The crate check: boxes counted, then the trip on the road. Repeating it is harmless. */
@Injectable()
export class LeaveTrip {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly trips: CrewTrips, private readonly cures: PlanCures, private readonly departTrip: DepartTrip,
    private readonly menu: MenuDirectory, private readonly suitability: MealSuitability,
  ) {}

  /** @throws DomainError DELIVERY.BOXES_DIFFER, DELIVERY.NOT_SUITABLE, DELIVERY.CURE_UNDECIDED; REQUEST.NOT_FOUND for a trip of another crew or of too long ago */
  async execute(tripId: string, request: LeaveTripRequest, staff: StaffIdentity): Promise<TripAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const trip = await this.trips.trip(tx, tripId, staff);
      if (trip.leftAt === null && request.boxes !== trip.boxes) {
        throw new DomainError('DELIVERY.BOXES_DIFFER', 'refused', { sheet: trip.boxes, counted: request.boxes });
      }
      if (trip.leftAt === null) await this.cures.requireDecided(tx, tripId);
      if (trip.leftAt === null) await this.requireSuitable(tx, trip);
      const leftAt = await this.departTrip.execute(tx, trip, { shownBy: 'crate-check', deviceAt: request.deviceAt }, staff);
      return { tripId, leftAt: leftAt.toISOString(), closedAt: trip.closedAt?.toISOString() ?? null };
    });
  }

  /** No box leaves that must not reach its person; one handed over already is a fact and stays one. */
  private async requireSuitable(tx: EntityManager, trip: OwnTrip): Promise<void> {
    const stops = await tx.query<{ seq: number; seniorId: string; code: string; pointId: PointId }[]>(
      `SELECT s.seq, s.senior_id AS seniorId, o.set_code AS code, o.point_id AS pointId FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
       WHERE s.route_trip_id = ? AND o.active = 1 ORDER BY s.seq`, [trip.tripId],
    );
    const at = { day: trip.day, period: trip.period };
    const sets = new Map<string, string>();
    for (const pointId of new Set(stops.map((stop) => stop.pointId))) {
      for (const { code, setMealId } of await this.menu.offers(pointId, at.day, at.period, tx)) sets.set(`${pointId}/${code}`, setMealId);
    }
    const blocked = await this.suitability.blocked(tx, stops.map(({ seniorId }) => seniorId), at, [...new Set(sets.values())]);
    const unsuitable = stops.filter((stop) => blocked.get(stop.seniorId)?.has(sets.get(`${stop.pointId}/${stop.code}`) ?? '') === true);
    if (unsuitable.length > 0) throw new DomainError('DELIVERY.NOT_SUITABLE', 'refused', { stops: unsuitable.length, seq: unsuitable[0].seq });
  }
}

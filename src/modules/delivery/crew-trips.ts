import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LATE_RECORD_DAYS_MAX } from '../../contract/dispatch.js';
import { addDays, daysBetween, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DeliverySettingsBook, TripRows, type TripWithStops } from '../dispatch/index.js';
import { DepotDirectory, PointScope } from '../sites/index.js';
import { FormerDoors, type FormerDoor } from './former-doors.js';

/** A trip of today, or of late that is still open, that belongs to the crew that asks; its row is locked. */
export interface OwnTrip {
  readonly tripId: string; readonly boxes: number; readonly leftAt: Date | null; readonly closedAt: Date | null;
  readonly depotKind: 'point' | 'kitchen'; readonly depotId: string; readonly day: BusinessDay; readonly period: MealPeriod;
}

/** A stop of such a trip; its row is locked, and its trip's. */
export interface OwnStop extends OwnTrip {
  readonly stopId: string; readonly orderId: string; readonly seniorId: string; readonly pointId: string; readonly setCode: string;
  readonly result: 'open' | 'delivered' | 'absent' | 'refused'; readonly portionTaken: number;
  /** Set while another crew has the door: this one was shown it before, and says what it did there. */
  readonly former: FormerDoor | null;
}

const TRIP_COLUMNS = `t.id AS tripId, t.boxes, t.left_at AS leftAt, t.closed_at AS closedAt, r.depot_kind AS depotKind, r.depot_id AS depotId,
  r.business_day AS day, r.period`;
const STOP_SQL = `SELECT ${TRIP_COLUMNS}, t.crew_id AS crewId, s.id AS stopId, s.meal_order_id AS orderId, s.senior_id AS seniorId, o.point_id AS pointId, o.set_code AS setCode,
    s.result, s.portion_taken AS portionTaken
  FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id JOIN meal_order o ON o.id = s.meal_order_id`;
const OWN = "t.crew_id = ? AND r.business_day <= ? AND r.business_day >= ? AND r.status = 'final'";

/**
 * What a crew may touch: its own trips of today and, for as many days as the street has set, of the days before: what a
 * phone could not send until midnight, or for a night without a signal, still happened at the door.
 */
@Injectable()
export class CrewTrips {
  constructor(
    private readonly trips: TripRows,
    private readonly scope: PointScope,
    private readonly depots: DepotDirectory,
    private readonly settings: DeliverySettingsBook,
    private readonly formerDoors: FormerDoors,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError DELIVERY.TRIP_HANDED_OVER; REQUEST.NOT_FOUND, which is audited */
  async trip(tx: EntityManager, tripId: string, staff: StaffIdentity): Promise<OwnTrip> {
    const [trip] = await tx.query<OwnTrip[]>(
      `SELECT ${TRIP_COLUMNS} FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE t.id = ? AND ${OWN} FOR UPDATE`,
      [tripId, crewOf(staff), ...this.days()],
    );
    if (trip !== undefined && await this.mayRecord(tx, trip)) return trip;
    if (trip === undefined && await this.formerDoors.wasShown(tx, tripId, crewOf(staff))) throw new DomainError('DELIVERY.TRIP_HANDED_OVER', 'conflict');
    return this.scope.refuse(staff, 'trip', tripId);
  }

  /**
   * A door of the crew, or one it was shown before another crew got it: what its phone holds of that door is heard too.
   *
   * @throws DomainError REQUEST.NOT_FOUND, which is audited
   */
  async stop(tx: EntityManager, stopId: string, staff: StaffIdentity): Promise<OwnStop> {
    const stop = await this.ownStop(tx, stopId, staff) ?? await this.formerStop(tx, stopId, staff);
    return stop !== null && await this.mayRecord(tx, stop) ? stop : this.scope.refuse(staff, 'stop', stopId);
  }

  private async ownStop(tx: EntityManager, stopId: string, staff: StaffIdentity): Promise<OwnStop | null> {
    const [stop] = await tx.query<OwnStop[]>(`${STOP_SQL} WHERE s.id = ? AND ${OWN} FOR UPDATE`, [stopId, crewOf(staff), ...this.days()]);
    return stop === undefined ? null : { ...stop, former: null };
  }

  private async formerStop(tx: EntityManager, stopId: string, staff: StaffIdentity): Promise<OwnStop | null> {
    const former = await this.formerDoors.of(tx, stopId, crewOf(staff), this.days());
    if (former === null) return null;
    const [stop] = await tx.query<(OwnStop & { crewId: string })[]>(`${STOP_SQL} WHERE s.id = ? FOR UPDATE`, [await this.formerDoors.standingStop(tx, former)]);
    return { ...stop, former: stop.crewId === former.crewId ? null : former };
  }

  /** The trips of a crew that it may look at now: today's, and those of late that left and are not closed. */
  async visible(crewId: string): Promise<TripWithStops[]> {
    const today = this.clock.today();
    const found = await this.trips.ofCrew(crewId, this.days()[1], today);
    const shown = [];
    for (const one of found) if (one.trip.day === today || await this.mayRecord(undefined, one.trip)) shown.push(one);
    return shown;
  }

  private days(): [BusinessDay, BusinessDay] {
    const today = this.clock.today();
    return [today, addDays(today, -LATE_RECORD_DAYS_MAX)];
  }

  private async mayRecord(tx: EntityManager | undefined, trip: Pick<OwnTrip, 'depotKind' | 'depotId' | 'day'>): Promise<boolean> {
    const late = daysBetween(trip.day, this.clock.today());
    if (late === 0) return true;
    const { streetId } = await this.depots.depot(trip.depotKind, trip.depotId, tx);
    return late <= (await this.settings.of(streetId, tx)).lateRecordDays;
  }
}

/** The crew a member of staff belongs to; empty for those who belong to none, which matches no trip. */
export function crewOf(staff: StaffIdentity): string {
  return staff.scopeKind === 'crew' ? staff.scopeId : '';
}

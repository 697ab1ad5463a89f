import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { CareAlerts } from '../care/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { DepotDirectory } from '../sites/index.js';
import { crewOf, type OwnTrip } from './crew-trips.js';
import type { TripBox } from './trip-boxes.query.js';

/** Boxes of a trip that must not reach the people they go to: held back at the crate check, an alarm once they are on the road. */
@Injectable()
export class UnsuitableBoxes {
  constructor(private readonly suitability: MealSuitability, private readonly alerts: CareAlerts, private readonly depots: DepotDirectory) {}

  /** Judged by what lies in the box, of orders that still stand. */
  async among(tx: EntityManager, trip: OwnTrip, boxes: readonly TripBox[]): Promise<TripBox[]> {
    const ordered = boxes.filter(({ ordered: stands, setMealId }) => stands && setMealId !== null);
    const sets = [...new Set(ordered.flatMap(({ setMealId }) => setMealId ?? []))];
    const blocked = await this.suitability.blocked(tx, ordered.map(({ seniorId }) => seniorId), { day: trip.day, period: trip.period, door: 'box' }, sets);
    return ordered.filter(({ seniorId, setMealId }) => blocked.get(seniorId)?.has(setMealId ?? '') === true);
  }

  /** Has point and street call each of them before it is eaten. @returns the boxes in question */
  async alarm(tx: EntityManager, trip: OwnTrip, boxes: readonly TripBox[], deviceAt: string, staff: StaffIdentity): Promise<TripBox[]> {
    const found = await this.among(tx, trip, boxes);
    for (const box of found) await this.raise(tx, 'wrong-box', box, deviceAt, staff);
    return found;
  }

  /** The same for a recalled meal that was handed over. */
  async raise(tx: EntityManager, kind: 'wrong-box' | 'recalled', box: Pick<TripBox, 'stopId' | 'seniorId' | 'pointId'>, deviceAt: string, staff: StaffIdentity): Promise<void> {
    const { streetId } = await this.depots.depot('point', box.pointId, tx);
    await this.alerts.raise(tx, {
      id: newId(), kind, routeStopId: box.stopId, seniorId: box.seniorId, pointId: box.pointId, streetId, crewId: crewOf(staff), signs: [],
      latitude: null, longitude: null, deviceAt: new Date(deviceAt), staffId: staff.staffId,
    });
  }
}

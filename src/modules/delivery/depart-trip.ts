import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { Notices } from '../notices/index.js';
import { WatchFreshness } from '../dispatch/index.js';
import { BatchBook } from '../production/index.js';
import { DayGate, DepotDirectory } from '../sites/index.js';
import { crewOf, type OwnTrip } from './crew-trips.js';
import { type TripBox, TripBoxes } from './trip-boxes.query.js';
import { UnsuitableBoxes } from './unsuitable-boxes.js';

/** What vouches for a departure: the crate check, or a door that had its result before any check reached the server. */
export interface Departure {
  readonly shownBy: 'crate-check' | 'stop-result';
  readonly deviceAt: string;
  /** Boxes counted at the check; null: nobody counted, so all of the sheet. */
  readonly boxes: number | null;
}

/**
 * Puts a trip on the road, once, whichever event says so first: its boxes leave the portions of their depot with it. That
 * it left is a fact: boxes that should not have gone (recalled, not suitable, of no released batch) are told of, never refused here.
 */
@Injectable()
export class DepartTrip {
  constructor(
    private readonly menu: MenuDirectory, private readonly batches: BatchBook, private readonly boxes: TripBoxes, private readonly unsuitable: UnsuitableBoxes,
    private readonly gate: DayGate, private readonly depots: DepotDirectory, private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock,
    private readonly freshness: WatchFreshness,
  ) {}

  /**
   * @param trip its row is locked, so that two events of the same trip take turns
   * @returns when the trip left, also if it had left before
   * @throws DomainError BATCH.NOT_ENOUGH_RELEASED at the crate check of a trip from the kitchen: it can still be held back
   */
  async execute(tx: EntityManager, trip: OwnTrip, departure: Departure, staff: StaffIdentity): Promise<Date> {
    if (trip.leftAt !== null) return trip.leftAt;
    const all = await this.boxes.of([trip.tripId], tx);
    const recalled = all.filter(({ recalledAt }) => recalledAt !== null);
    // A count short by exactly the recalled boxes: those stay behind.
    const keptBack = recalled.length > 0 && departure.boxes === trip.boxes - recalled.length;
    const carried = keptBack ? all.filter(({ recalledAt }) => recalledAt === null) : all;
    const short = trip.depotKind === 'point' ? await this.takePortions(tx, trip, carried) : await this.takeBatches(tx, trip, carried, departure);
    const now = this.clock.now();
    await tx.query('UPDATE route_trip SET left_at = ? WHERE id = ?', [now, trip.tripId]);
    await this.freshness.arm(tx, trip.tripId, now);
    const unsuitable = departure.shownBy === 'crate-check' ? [] : await this.unsuitable.alarm(tx, trip, carried, departure.deviceAt, staff);
    if (recalled.length > 0 && !keptBack) await this.tellRecalled(tx, trip, recalled.length, staff);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'trip.left', objectKind: 'trip', objectId: trip.tripId, outcome: 'done',
      detail: {
        boxes: carried.length, withoutPortion: short, recalled: recalled.length, keptBack, unsuitable: unsuitable.length,
        shownBy: departure.shownBy, deviceAt: departure.deviceAt,
      },
    }, tx);
    return now;
  }

  /** Takes the portion of a door that came to a trip after it had left; nothing where it was taken before. */
  async takeLate(tx: EntityManager, trip: OwnTrip, stopId: string): Promise<void> {
    if (trip.depotKind === 'point') await this.takePortions(tx, trip, (await this.boxes.of([trip.tripId], tx)).filter((box) => box.stopId === stopId));
  }

  /**
   * Takes each box out of the portions of the point it leaves from. Boxes stand counted in the crate, so a load that
   * the point has not accepted yet stops nobody; how many lacked a portion is on record for the day's balance.
   */
  private async takePortions(tx: EntityManager, trip: OwnTrip, carried: readonly TripBox[]): Promise<number> {
    // Once the point has signed the day, its portions are counted and stay as they are.
    if (await this.gate.isClosed(tx, trip.depotId, trip.day)) return carried.length;
    let short = 0;
    for (const box of carried.filter(({ portionTaken }) => !portionTaken)) {
      const taken = box.setMealId !== null && await this.menu.takeIntoCrate(tx, trip.depotId as PointId, box.setMealId);
      if (taken) await tx.query('UPDATE route_stop SET portion_taken = 1 WHERE id = ?', [box.stopId]);
      else short += 1;
    }
    return short;
  }

  /** Boxes of a trip from the kitchen come out of released batches themselves, no point in between. */
  private takeBatches(tx: EntityManager, trip: OwnTrip, carried: readonly TripBox[], { shownBy }: Departure): Promise<number> {
    const sent = new Map<string, number>();
    for (const { setMealId } of carried) if (setMealId !== null) sent.set(setMealId, (sent.get(setMealId) ?? 0) + 1);
    return this.batches.feedTrip(
      tx, { tripId: trip.tripId, kitchenId: trip.depotId, day: trip.day, period: trip.period }, [...sent].map(([setMealId, portions]) => ({ setMealId, sent: portions })),
      shownBy === 'crate-check' ? 'all' : 'what-there-is',
    );
  }

  private async tellRecalled(tx: EntityManager, trip: OwnTrip, boxes: number, staff: StaffIdentity): Promise<void> {
    const depot = await this.depots.depot(trip.depotKind, trip.depotId, tx);
    const [row] = await tx.query<{ crew: string; tripNo: number }[]>('SELECT c.name AS crew, t.trip_no AS tripNo FROM route_trip t JOIN crew c ON c.id = t.crew_id WHERE t.id = ?', [trip.tripId]);
    const facts = { depot: depot.name, crew: row?.crew ?? '', trip: Number(row?.tripNo ?? 0), boxes };
    const tell = { kind: 'recall-on-road', facts } as const;
    await this.notices.request(tx, { ...tell, recipientKind: 'crew', recipientId: crewOf(staff), dedupKey: `recall-left-crew-${trip.tripId}` });
    await this.notices.request(tx, { ...tell, recipientKind: 'street', recipientId: depot.streetId, dedupKey: `recall-left-${trip.tripId}` });
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Notices } from '../notices/index.js';
import { DepotDirectory } from '../sites/index.js';
import type { OwnTrip } from './crew-trips.js';

/**
 * Which sheet a crate was checked against. One door put in for another keeps the count, so a crew with an old page leaves with a
 * wrong box and never learns of the new door: the dispatcher hears of it while the crate is still near.
 */
@Injectable()
export class CrateCheck {
  constructor(private readonly depots: DepotDirectory, private readonly notices: Notices) {}

  /** That the trip left is a fact; what differs is told. @param shown doors on the page that was checked */
  async compare(tx: EntityManager, trip: OwnTrip, shown: readonly string[]): Promise<void> {
    const stops = await tx.query<{ id: string; seq: number; crew: string; tripNo: number }[]>(
      `SELECT s.id, s.seq, c.name AS crew, t.trip_no AS tripNo FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN crew c ON c.id = t.crew_id
       WHERE s.route_trip_id = ? ORDER BY s.seq, s.id`, [trip.tripId],
    );
    const missing = stops.filter(({ id }) => !shown.includes(id));
    const gone = shown.filter((id) => !stops.some((stop) => stop.id === id)).length;
    if (missing.length === 0 && gone === 0) return;
    const depot = await this.depots.depot(trip.depotKind, trip.depotId, tx);
    const facts = {
      depot: depot.name, crew: stops[0]?.crew ?? '', trip: Number(stops[0]?.tripNo ?? 0), missing: missing.length, gone, doors: missing.length === 0 ? '-' : missing.map(({ seq }) => seq).join(' '),
    };
    const tell = { kind: 'crate-differs', facts } as const;
    await this.notices.request(tx, { ...tell, recipientKind: 'street', recipientId: depot.streetId, dedupKey: `crate-differs-${trip.tripId}` });
    if (trip.depotKind === 'point') await this.notices.request(tx, { ...tell, recipientKind: 'point', recipientId: trip.depotId, dedupKey: `crate-differs-point-${trip.tripId}` });
  }
}

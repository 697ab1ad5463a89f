import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { Notices } from '../notices/index.js';
import { DepotDirectory } from '../sites/index.js';
import type { OwnStop } from './crew-trips.js';

/**
 * Deliveries that cannot have been: many doors by one crew within a minute of the phone's own time, which stays true when
 * results are sent together after a dead spot. The event is kept and money waits until a person has looked.
 */
@Injectable()
export class DeliveryPatterns {
  constructor(private readonly settings: DeliverySettingsBook, private readonly depots: DepotDirectory, private readonly notices: Notices) {}

  /** @returns whether this stop is one too many; the street is told once for each crew and hour */
  async isImpossible(tx: EntityManager, stop: OwnStop, crewId: string, deviceAt: Date): Promise<boolean> {
    const { streetId } = await this.depots.depot('point', stop.pointId, tx);
    const { patternStops, patternWithinS } = await this.settings.of(streetId, tx);
    const [from, to] = [new Date(deviceAt.getTime() - patternWithinS * 1000), new Date(deviceAt.getTime() + patternWithinS * 1000)];
    const [row] = await tx.query<{ doors: string | number; crew: string }[]>(
      `SELECT COUNT(DISTINCT s.senior_id) AS doors, MAX(c.name) AS crew FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN crew c ON c.id = t.crew_id
         JOIN route_plan r ON r.id = t.route_plan_id
       WHERE r.depot_id = ? AND r.business_day = ? AND t.crew_id = ? AND s.result = 'delivered' AND s.device_at BETWEEN ? AND ? AND s.id <> ?`, [stop.depotId, stop.day, crewId, from, to, stop.stopId],
    );
    const count = Number(row?.doors ?? 0) + 1;
    if (count < patternStops) return false;
    await this.notices.request(tx, {
      kind: 'delivery-pattern', recipientKind: 'street', recipientId: streetId, facts: { crew: row?.crew ?? '', seconds: patternWithinS, count },
      dedupKey: `delivery-pattern-${crewId}-${deviceAt.toISOString().slice(0, 13)}`,
    });
    return true;
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { impossibleDoors } from '../../domain/delivery/index.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { Notices } from '../notices/index.js';
import { DepotDirectory } from '../sites/index.js';
import type { OwnStop } from './crew-trips.js';
import { HoldDeliveries } from './hold-deliveries.js';

/**
 * Deliveries that cannot have been: many doors by one crew within a minute of the phone's own time, which stays true when
 * results are sent together after a dead spot. The events are kept; the money of all of them waits until a person has looked.
 */
@Injectable()
export class DeliveryPatterns {
  constructor(
    private readonly settings: DeliverySettingsBook, private readonly depots: DepotDirectory, private readonly hold: HoldDeliveries, private readonly notices: Notices,
  ) {}

  /**
   * Looks at this stop among what the crew served of the day, and holds whatever was recorded with it.
   *
   * @returns whether this stop is held; the street is told once for each crew and hour
   */
  async isImpossible(tx: EntityManager, stop: OwnStop, by: { crewId: string; staffId: string; deviceAt: Date }): Promise<boolean> {
    const { streetId } = await this.depots.depot('point', stop.pointId, tx);
    const { patternStops, patternWithinS } = await this.settings.of(streetId, tx);
    const span = patternWithinS * 1000;
    const near = [new Date(by.deviceAt.getTime() - span), new Date(by.deviceAt.getTime() + span)];
    const served = await tx.query<{ stopId: string; seniorId: string; deviceAt: Date; crew: string }[]>(
      `SELECT s.id AS stopId, s.senior_id AS seniorId, s.device_at AS deviceAt, c.name AS crew FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN crew c ON c.id = t.crew_id
         JOIN route_plan r ON r.id = t.route_plan_id
       WHERE r.business_day = ? AND t.crew_id = ? AND s.result = 'delivered' AND s.device_at BETWEEN ? AND ? AND s.id <> ? ORDER BY s.id`, [stop.day, by.crewId, ...near, stop.stopId],
    );
    const doors = served.map(({ stopId, seniorId, deviceAt }) => ({ stopId, seniorId, at: deviceAt.getTime() }));
    const doubtful = impossibleDoors([...doors, { stopId: stop.stopId, seniorId: stop.seniorId, at: by.deviceAt.getTime() }], patternStops, span);
    if (!doubtful.includes(stop.stopId)) return false;
    await this.hold.execute(tx, { foundBy: stop.stopId, stopIds: doubtful, staffId: by.staffId });
    await this.notices.request(tx, {
      kind: 'delivery-pattern', recipientKind: 'street', recipientId: streetId, facts: { crew: served[0]?.crew ?? '', seconds: patternWithinS, count: doubtful.length },
      dedupKey: `delivery-pattern-${by.crewId}-${by.deviceAt.toISOString().slice(0, 13)}`,
    });
    return true;
  }
}

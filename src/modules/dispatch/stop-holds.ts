import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Notices } from '../notices/index.js';

/** A door of a final plan that is still open. */
export interface OpenStop { readonly stopId: string; readonly orderId: string; readonly tripId: string; readonly crewId: string; readonly seq: number; readonly tripNo: number }

const OPEN = `SELECT s.id AS stopId, s.meal_order_id AS orderId, t.id AS tripId, t.crew_id AS crewId, s.seq, t.trip_no AS tripNo
  FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
  WHERE s.senior_id = ? AND s.result = 'open' AND t.closed_at IS NULL AND r.status = 'final' AND r.business_day >= ? AND (? IS NULL OR r.business_day < ?)
  ORDER BY s.id`;

/**
 * Tells crews that a door is not to be served any more: the stop is ended with the reason `stopped`, which their page
 * shows instead of the open door, and the box comes back. A crew that has handed it over already may still say so.
 */
@Injectable()
export class StopHolds {
  constructor(private readonly dataSource: DataSource, private readonly notices: Notices, private readonly clock: Clock) {}

  async open(seniorId: string, days: { from: BusinessDay; to: BusinessDay | null }, tx: EntityManager = this.dataSource.manager): Promise<OpenStop[]> {
    const today = this.clock.today();
    return tx.query<OpenStop[]>(OPEN, [seniorId, days.from > today ? days.from : today, days.to, days.to]);
  }

  /** @returns the stops that were ended; in the caller's transaction */
  async hold(tx: EntityManager, stops: readonly OpenStop[], staffId: string | null): Promise<string[]> {
    for (const stop of stops) {
      await tx.query(
        "UPDATE route_stop SET result = 'absent', reason = 'stopped', result_at = ?, result_by = ? WHERE id = ? AND result = 'open'", [this.clock.now(), staffId, stop.stopId],
      );
      await tx.query("UPDATE meal_order SET status = 'absent' WHERE id = ? AND active = 1", [stop.orderId]);
      await this.notices.request(tx, {
        kind: 'stop-held', recipientKind: 'crew', recipientId: stop.crewId, facts: { trip: stop.tripNo, door: stop.seq }, dedupKey: `stop-held-${stop.stopId}`,
      });
    }
    return stops.map((stop) => stop.stopId);
  }

  /** Opens them again while their trip is on the road or has not left. @returns stops that are open again */
  async release(tx: EntityManager, stopIds: readonly string[]): Promise<string[]> {
    if (stopIds.length === 0) return [];
    const rows = await tx.query<{ stopId: string; orderId: string }[]>(
      `SELECT s.id AS stopId, s.meal_order_id AS orderId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
       WHERE s.id IN (?) AND s.reason = 'stopped' AND t.closed_at IS NULL AND r.business_day >= ? FOR UPDATE`, [stopIds, this.clock.today()],
    );
    for (const { stopId, orderId } of rows) {
      await tx.query("UPDATE route_stop SET result = 'open', reason = NULL, result_at = NULL, result_by = NULL WHERE id = ?", [stopId]);
      await tx.query("UPDATE meal_order SET status = 'ordered' WHERE id = ? AND active = 1", [orderId]);
    }
    return rows.map(({ stopId }) => stopId);
  }
}

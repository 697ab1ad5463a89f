import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { minuteOfDay, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { newId } from '../../infra/ids.js';

/** A door that a crew was shown before another crew got it. */
export interface FormerDoor { readonly stopId: string; readonly crewId: string; readonly orderId: string; readonly seniorId: string; readonly tripId: string; readonly planId: string }

const FOUND = `SELECT f.route_stop_id AS stopId, f.crew_id AS crewId, f.meal_order_id AS orderId, f.senior_id AS seniorId, f.route_trip_id AS tripId, f.route_plan_id AS planId
  FROM former_stop f JOIN route_plan r ON r.id = f.route_plan_id WHERE f.route_stop_id = ? AND f.crew_id = ? AND r.business_day <= ? AND r.business_day >= ?`;

/**
 * Doors that went from crew to crew: after a breakdown, by a change of the plan, to a volunteer and back. What the first crew
 * did there without a signal still happened, and is its own: its event, its line on the contractor's bill.
 */
@Injectable()
export class FormerDoors {
  constructor(private readonly clock: Clock) {}

  /** @param days first and last business day that counts, the last one first */
  async of(tx: EntityManager, stopId: string, crewId: string, [to, from]: readonly [BusinessDay, BusinessDay]): Promise<FormerDoor | null> {
    const [door] = await tx.query<FormerDoor[]>(FOUND, [stopId, crewId, to, from]);
    return door ?? null;
  }

  /** Whether the crew was shown the trip before it went to another crew, or was planned anew. */
  async wasShown(tx: EntityManager, tripId: string, crewId: string): Promise<boolean> {
    const [row] = await tx.query<{ n: string | number }[]>('SELECT COUNT(*) AS n FROM former_stop WHERE route_trip_id = ? AND crew_id = ?', [tripId, crewId]);
    return Number(row.n) > 0;
  }

  /**
   * The stop at which this meal is to be recorded now. Where the plan has dropped it, it is there again, on a trip of the crew
   * that did it: nothing that happened is left without a place.
   */
  async standingStop(tx: EntityManager, door: FormerDoor): Promise<string> {
    const [known] = await tx.query<{ id: string }[]>('SELECT id FROM route_stop WHERE meal_order_id = ? FOR UPDATE', [door.orderId]);
    if (known !== undefined) return known.id;
    const tripId = await this.tripOf(tx, door);
    const atS = this.secondOfDay();
    await tx.query(
      `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s)
       SELECT ?, ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, 0, 0, 0, 86399 FROM route_stop WHERE route_trip_id = ?`, [door.stopId, tripId, door.orderId, door.seniorId, atS, tripId],
    );
    await tx.query('UPDATE route_trip SET boxes = boxes + 1, revision = revision + 1 WHERE id = ?', [tripId]);
    await tx.query('DELETE FROM unplanned_order WHERE meal_order_id = ?', [door.orderId]);
    await tx.query('UPDATE route_plan SET revision = revision + 1, in_hand_at = COALESCE(in_hand_at, ?) WHERE id = ?', [this.clock.now(), door.planId]);
    return door.stopId;
  }

  /** Moves a stop from the crew that has it now back to the one that served it; both pages change. */
  async bringBack(tx: EntityManager, stopId: string, door: FormerDoor, staffId: string): Promise<void> {
    const now = this.clock.now();
    const [from] = await tx.query<{ tripId: string; crewId: string; closed: number }[]>(
      'SELECT t.id AS tripId, t.crew_id AS crewId, t.closed_at IS NOT NULL AS closed FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id WHERE s.id = ? FOR UPDATE', [stopId],
    );
    const tripId = await this.tripOf(tx, door);
    // A trip that was closed without handing it over has given its portion back to the point.
    await tx.query('UPDATE route_stop SET route_trip_id = ?, portion_taken = IF(?, 0, portion_taken) WHERE id = ?', [tripId, from.closed, stopId]);
    await tx.query('UPDATE route_trip SET boxes = boxes - 1, revision = revision + 1 WHERE id = ?', [from.tripId]);
    await tx.query('UPDATE route_trip SET boxes = boxes + 1, revision = revision + 1 WHERE id = ?', [tripId]);
    await tx.query('UPDATE route_plan SET revision = revision + 1, in_hand_at = COALESCE(in_hand_at, ?) WHERE id = ?', [now, door.planId]);
    await tx.query("INSERT INTO plan_change (id, route_plan_id, kind, detail, changed_by, changed_at) VALUES (?, ?, 'hand-over', ?, ?, ?)",
      [newId(), door.planId, JSON.stringify({ from: from.crewId, to: door.crewId, stops: 1 }), staffId, now]);
  }

  /** The trip the crew was shown, while it is still the crew's and not closed; else one of its own that begins empty. */
  private async tripOf(tx: EntityManager, door: FormerDoor): Promise<string> {
    const [own] = await tx.query<{ id: string }[]>(
      `SELECT id FROM route_trip WHERE route_plan_id = ? AND crew_id = ? AND closed_at IS NULL AND (id = ? OR left_at IS NOT NULL)
       ORDER BY id = ? DESC, left_at DESC, id LIMIT 1 FOR UPDATE`, [door.planId, door.crewId, door.tripId, door.tripId],
    );
    if (own !== undefined) return own.id;
    const tripId = newId();
    const atS = this.secondOfDay();
    await tx.query(
      `INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m)
       SELECT ?, ?, ?, COALESCE(MAX(trip_no), 0) + 1, ?, ?, ?, 0, 0 FROM route_trip WHERE route_plan_id = ? AND crew_id = ?`,
      [tripId, door.planId, door.crewId, atS, atS, atS, door.planId, door.crewId],
    );
    return tripId;
  }

  private secondOfDay(): number {
    return minuteOfDay(this.clock.now()) * 60;
  }
}

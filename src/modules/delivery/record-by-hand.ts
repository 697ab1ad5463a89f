import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ByHandResultRequest, StopResultAnswer } from '../../contract/delivery.js';
import { minuteOfDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DepotScope } from '../dispatch/index.js';
import { PointScope } from '../sites/index.js';
import { CloseTrip } from './close-trip.js';
import { RecordStopResult } from './record-stop-result.js';

interface Asked { readonly planId: string; readonly depotKind: 'point' | 'kitchen'; readonly depotId: string; readonly seniorId: string; readonly status: string; readonly kind: string }
interface Made { readonly stopId: string; readonly crewId: string; readonly seniorId: string }
interface Standing extends Made { readonly tripId: string; readonly result: StopResultAnswer['result']; readonly resultAt: Date | null; readonly closedAt: Date | null }

/** The crew of a depot that stands for whoever brings a meal by hand: no plan uses it, nobody signs in as it. */
const BY_HAND = 'by-hand';

/**
 * What came of a meal that somebody was to bring by hand. It becomes a trip of one door, so that from here on it is recorded,
 * paid, counted, recalled and asked after exactly like a meal a crew brought. Until then nobody knows, and the person is called.
 */
@Injectable()
export class RecordByHand {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: DepotScope, private readonly points: PointScope, private readonly result: RecordStopResult,
    private readonly closeTrip: CloseTrip, private readonly clock: Clock,
  ) {}

  /**
   * The door is made in the transaction of its result: where the result is refused, the meal still stands among those to be told of.
   * Told once more that it was not handed over, after the search for the person has ended, the round is ended.
   *
   * @throws DomainError DELIVERY.NOT_BY_HAND, those of RecordStopResult and CloseTrip; REQUEST.NOT_FOUND outside the scope or of too long ago
   */
  async execute(orderId: string, request: ByHandResultRequest, staff: StaffIdentity, key: string): Promise<StopResultAnswer> {
    const before = await this.known(this.unitOfWork.reader, orderId, staff);
    if (before !== undefined && before.closedAt === null && before.resultAt !== null && request.result !== 'delivered') return this.backAgain(before, request, staff);
    const answer = await this.result.executeFor({ about: orderId, request, staff, key }, async (tx) => {
      const { stopId, crewId, seniorId } = await this.known(tx, orderId, staff) ?? await this.made(tx, orderId, staff);
      // It is written down at a desk, however long the form stood open: the digits are judged all the same.
      if (request.result === 'delivered') await this.result.requireDigits(tx, seniorId, request.proofLast2);
      return { stopId, carrier: { ...staff, scopeKind: 'crew', scopeId: crewId } };
    });
    const now = await this.known(this.unitOfWork.reader, orderId, staff);
    // Where nobody answered the person is sought, and the meal may still be handed over.
    if (now !== undefined && (request.result !== 'absent' || request.reason !== 'not-answering')) await this.close(now, request, staff);
    return answer;
  }

  /** @throws DomainError DELIVERY.LADDER_OPEN while the person is sought */
  private async backAgain(door: Standing, request: ByHandResultRequest, staff: StaffIdentity): Promise<StopResultAnswer> {
    await this.close(door, request, staff);
    return { stopId: door.stopId, result: door.result, resultAt: (door.resultAt ?? this.clock.now()).toISOString(), mealId: null, openStops: 0 };
  }

  private async close({ tripId, crewId }: Standing, request: ByHandResultRequest, staff: StaffIdentity): Promise<void> {
    await this.closeTrip.execute(tripId, { deviceAt: request.deviceAt }, { ...staff, scopeKind: 'crew', scopeId: crewId });
  }

  private async known(tx: EntityManager, orderId: string, staff: StaffIdentity): Promise<Standing | undefined> {
    const [known] = await tx.query<(Standing & { depotKind: string; depotId: string })[]>(
      `SELECT s.id AS stopId, t.id AS tripId, t.crew_id AS crewId, s.senior_id AS seniorId, s.result, s.result_at AS resultAt, t.closed_at AS closedAt, r.depot_kind AS depotKind, r.depot_id AS depotId
       FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = t.crew_id AND c.kind = ? WHERE s.meal_order_id = ?`, [BY_HAND, orderId],
    );
    if (known !== undefined) await this.scope.require(staff, known.depotKind, known.depotId);
    return known;
  }

  /** The door, made when the outcome is first told. */
  private async made(tx: EntityManager, orderId: string, staff: StaffIdentity): Promise<Made> {
    const [asked] = await tx.query<Asked[]>(
      `SELECT r.id AS planId, r.depot_kind AS depotKind, r.depot_id AS depotId, r.status, u.senior_id AS seniorId, c.kind FROM unplanned_order u JOIN route_plan r ON r.id = u.route_plan_id
       JOIN meal_order o ON o.id = u.meal_order_id AND o.active = 1 LEFT JOIN plan_cure c ON c.meal_order_id = u.meal_order_id WHERE u.meal_order_id = ? FOR UPDATE`, [orderId],
    );
    if (asked === undefined) return this.points.refuse(staff, 'order', orderId);
    await this.scope.require(staff, asked.depotKind, asked.depotId);
    if (asked.kind !== BY_HAND || asked.status !== 'final') throw new DomainError('DELIVERY.NOT_BY_HAND', 'refused');
    return this.tripOf(tx, orderId, asked);
  }

  private async tripOf(tx: EntityManager, orderId: string, asked: Asked): Promise<Made> {
    const crewId = await this.crewOf(tx, asked);
    const [tripId, stopId] = [newId(), newId()];
    const [now, atS] = [this.clock.now(), minuteOfDay(this.clock.now()) * 60];
    // Held fast: no run of the plan moves it.
    await tx.query(
      `INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, frozen_at)
       SELECT ?, ?, ?, COALESCE(MAX(trip_no), 0) + 1, ?, ?, ?, 1, 0, ? FROM route_trip WHERE route_plan_id = ? AND crew_id = ?`,
      [tripId, asked.planId, crewId, atS, atS, atS, now, asked.planId, crewId],
    );
    await tx.query(
      `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s) VALUES (?, ?, 1, ?, ?, ?, 0, 0, 0, 86399)`,
      [stopId, tripId, orderId, asked.seniorId, atS],
    );
    await tx.query('DELETE FROM unplanned_order WHERE meal_order_id = ?', [orderId]);
    await tx.query('UPDATE route_plan SET revision = revision + 1, in_hand_at = COALESCE(in_hand_at, ?) WHERE id = ?', [now, asked.planId]);
    return { stopId, crewId, seniorId: asked.seniorId };
  }

  private async crewOf(tx: EntityManager, { depotKind, depotId }: Asked): Promise<string> {
    const [crew] = await tx.query<{ id: string }[]>('SELECT id FROM crew WHERE depot_id = ? AND kind = ? ORDER BY id LIMIT 1', [depotId, BY_HAND]);
    if (crew !== undefined) return crew.id;
    const crewId = newId();
    await tx.query(
      `INSERT INTO crew (id, name, kind, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min, active) VALUES (?, '专人送', ?, ?, ?, 'foot', 1, 0, 1439, 0)`,
      [crewId, BY_HAND, depotKind, depotId],
    );
    return crewId;
  }
}

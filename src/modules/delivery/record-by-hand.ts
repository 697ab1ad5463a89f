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
interface Standing { readonly stopId: string; readonly tripId: string; readonly crewId: string }

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

  /** @throws DomainError DELIVERY.NOT_BY_HAND, those of RecordStopResult; REQUEST.NOT_FOUND outside the scope or of too long ago */
  async execute(orderId: string, request: ByHandResultRequest, staff: StaffIdentity, key: string): Promise<StopResultAnswer> {
    const { stopId, tripId, crewId } = await this.unitOfWork.run((tx) => this.standing(tx, orderId, staff));
    const carrier: StaffIdentity = { ...staff, scopeKind: 'crew', scopeId: crewId };
    const answer = await this.result.execute(stopId, request, carrier, key);
    // Where nobody answered the person is sought, and the meal may still be handed over.
    if (request.result !== 'absent' || request.reason !== 'not-answering') await this.closeTrip.execute(tripId, { deviceAt: request.deviceAt }, carrier);
    return answer;
  }

  /** The door, made when the outcome is first told. */
  private async standing(tx: EntityManager, orderId: string, staff: StaffIdentity): Promise<Standing> {
    const [known] = await tx.query<(Standing & { depotKind: string; depotId: string })[]>(
      `SELECT s.id AS stopId, t.id AS tripId, t.crew_id AS crewId, r.depot_kind AS depotKind, r.depot_id AS depotId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
       JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = t.crew_id AND c.kind = ? WHERE s.meal_order_id = ?`, [BY_HAND, orderId],
    );
    if (known !== undefined) {
      await this.scope.require(staff, known.depotKind, known.depotId);
      return known;
    }
    const [asked] = await tx.query<Asked[]>(
      `SELECT r.id AS planId, r.depot_kind AS depotKind, r.depot_id AS depotId, r.status, u.senior_id AS seniorId, c.kind FROM unplanned_order u JOIN route_plan r ON r.id = u.route_plan_id
       JOIN meal_order o ON o.id = u.meal_order_id AND o.active = 1 LEFT JOIN plan_cure c ON c.meal_order_id = u.meal_order_id WHERE u.meal_order_id = ? FOR UPDATE`, [orderId],
    );
    if (asked === undefined) return this.points.refuse(staff, 'order', orderId);
    await this.scope.require(staff, asked.depotKind, asked.depotId);
    if (asked.kind !== BY_HAND || asked.status !== 'final') throw new DomainError('DELIVERY.NOT_BY_HAND', 'refused');
    return this.tripOf(tx, orderId, asked);
  }

  private async tripOf(tx: EntityManager, orderId: string, asked: Asked): Promise<Standing> {
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
    return { stopId, tripId, crewId };
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

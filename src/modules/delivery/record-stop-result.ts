import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { StopResultAnswer, StopResultRequest } from '../../contract/delivery.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DoorCare } from '../care/index.js';
import { LateLines } from '../closing/index.js';
import { MenuDirectory } from '../menu/index.js';
import { Notices } from '../notices/index.js';
import { OrderBook } from '../ordering/index.js';
import { SellDeliveredMeal } from '../payment/index.js';
import { SeniorHomes } from '../seniors/index.js';
import { DayGate, DepotDirectory } from '../sites/index.js';
import { crewOf, CrewTrips, type OwnStop } from './crew-trips.js';
import { DeliveryPatterns } from './delivery-patterns.js';
import { DepartTrip } from './depart-trip.js';
import { FormerDoors } from './former-doors.js';
import { TripBoxes } from './trip-boxes.query.js';
import { UnsuitableBoxes } from './unsuitable-boxes.js';

/** How a door ended, as it is stored. */
interface StopEnd { readonly mealId: string | null; readonly reason: string | null; readonly receivedBy: string | null; readonly proof: string | null }

/**
 * Records how a door ended. A delivered meal is posted in the same transaction, so that no meal is paid without its
 * event and no event is left without its meal. Absent or refused can become delivered while the trip is on the road.
 */
@Injectable()
export class RecordStopResult {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly trips: CrewTrips,
    private readonly departTrip: DepartTrip,
    private readonly formerDoors: FormerDoors,
    private readonly boxes: TripBoxes,
    private readonly unsuitable: UnsuitableBoxes,
    private readonly orders: OrderBook,
    private readonly menu: MenuDirectory,
    private readonly sellDelivered: SellDeliveredMeal,
    private readonly gate: DayGate,
    private readonly late: LateLines,
    private readonly care: DoorCare,
    private readonly patterns: DeliveryPatterns,
    private readonly homes: SeniorHomes,
    private readonly depots: DepotDirectory,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError of DELIVERY; REQUEST.NOT_FOUND for a stop of another crew or of too long ago */
  async execute(stopId: string, request: StopResultRequest, staff: StaffIdentity, key: string): Promise<StopResultAnswer> {
    const { answer } = await this.idempotency.run(
      { scope: `staff:${staff.staffId}`, key, request: { stopId, ...request } }, (tx) => this.record(tx, stopId, request, staff),
    );
    return answer;
  }

  /** The same for a door that is made, or found, in the transaction of its result; `about` is what the key was given for. */
  async executeFor(
    told: { readonly about: string; readonly request: StopResultRequest; readonly staff: StaffIdentity; readonly key: string },
    doorOf: (tx: EntityManager) => Promise<{ readonly stopId: string; readonly carrier: StaffIdentity }>,
  ): Promise<StopResultAnswer> {
    const { answer } = await this.idempotency.run({ scope: `staff:${told.staff.staffId}`, key: told.key, request: { about: told.about, ...told.request } }, async (tx) => {
      const { stopId, carrier } = await doorOf(tx);
      return this.record(tx, stopId, told.request, carrier);
    });
    return answer;
  }

  /** @throws DomainError DELIVERY.PROOF_WRONG unless these are the last two digits of the person's telephone */
  async requireDigits(tx: EntityManager, seniorId: string, digits: string): Promise<void> {
    if (!await this.areDigitsOf(tx, seniorId, digits)) throw new DomainError('DELIVERY.PROOF_WRONG', 'refused');
  }

  private async areDigitsOf(tx: EntityManager, seniorId: string, digits: string): Promise<boolean> {
    return (await this.homes.contacts([seniorId], tx)).get(seniorId)?.phone.slice(-2) === digits;
  }

  private async record(tx: EntityManager, shownId: string, request: StopResultRequest, staff: StaffIdentity): Promise<StopResultAnswer> {
    const stop = await this.standing(tx, shownId, request, staff);
    const { stopId } = stop;
    // A door with a result is proof that the crate has left, checked or not: its boxes are no portions of the point any more.
    // It proves nothing of the crate of the crew that has the door now.
    if (stop.former === null) await this.departTrip.execute(tx, stop, { shownBy: 'stop-result', deviceAt: request.deviceAt, boxes: null }, staff);
    const now = this.clock.now();
    const ended = request.result === 'delivered'
      ? await this.deliver(tx, stop, request, staff)
      : { mealId: null, reason: request.reason, receivedBy: null, proof: null };
    await tx.query(
      `UPDATE route_stop SET result = ?, reason = ?, received_by = ?, proof = ?, device_at = ?, result_at = ?, result_by = ?, meal_id = ?,
         photo_id = COALESCE(?, photo_id), place_latitude = ?, place_longitude = ?, place_accuracy_m = ? WHERE id = ?`,
      [request.result, ended.reason, ended.receivedBy, ended.proof, new Date(request.deviceAt), now, staff.staffId, ended.mealId,
        request.photoId ?? null, request.place?.latitude ?? null, request.place?.longitude ?? null, request.place?.accuracyM ?? null, stopId],
    );
    await this.orders.end(tx, stop.orderId, request.result);
    await this.look(tx, stop, request, staff);
    if (request.result !== 'delivered') await this.tellHome(tx, stop, request.reason, now);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: `stop.${request.result}`, objectKind: 'stop', objectId: stopId, outcome: 'done',
      detail: { mealId: ended.mealId },
    }, tx);
    const [row] = await tx.query<{ n: number }[]>("SELECT COUNT(*) AS n FROM route_stop WHERE route_trip_id = ? AND result = 'open'", [stop.tripId]);
    return { stopId, result: request.result, resultAt: now.toISOString(), mealId: ended.mealId, openStops: Number(row?.n ?? 0) };
  }

  /**
   * The stop as it is to be recorded. What a crew handed over before another got the door is its own again, with its meal and its
   * pay; a door it found shut stays with the crew that has the box now, which may still hand it over.
   */
  private async standing(tx: EntityManager, shownId: string, request: StopResultRequest, staff: StaffIdentity): Promise<OwnStop> {
    const stop = await this.trips.stop(tx, shownId, staff);
    requireRecordable(stop, request);
    if (stop.former === null || request.result !== 'delivered') return stop;
    await this.formerDoors.bringBack(tx, stop.stopId, stop.former, staff.staffId);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'stop.brought-back', objectKind: 'stop', objectId: stop.stopId, outcome: 'done', detail: { deviceAt: request.deviceAt },
    }, tx);
    const own = await this.trips.stop(tx, stop.stopId, staff);
    if (own.leftAt !== null) await this.departTrip.takeLate(tx, own, own.stopId);
    return own;
  }

  /** A door that stays shut begins the ladder; a meal that is taken ends it. */
  private async look(tx: EntityManager, stop: OwnStop, request: StopResultRequest, staff: StaffIdentity): Promise<void> {
    const door = { stopId: stop.stopId, seniorId: stop.seniorId, pointId: stop.pointId, crewId: crewOf(staff), day: stop.day, period: stop.period };
    if (request.result === 'absent' && request.reason === 'not-answering') await this.care.noAnswer(tx, door, new Date(request.deviceAt));
    if (request.result === 'delivered') await this.care.handedOver(tx, stop.stopId, staff.staffId, new Date(request.deviceAt));
  }

  /** @throws DomainError DELIVERY.PROOF_WRONG */
  private async deliver(
    tx: EntityManager, stop: OwnStop, request: Extract<StopResultRequest, { result: 'delivered' }>, staff: StaffIdentity,
  ): Promise<StopEnd> {
    let digitsRight = false;
    if (request.proofLast2 !== null) {
      digitsRight = await this.areDigitsOf(tx, stop.seniorId, request.proofLast2);
      if (!digitsRight && !this.isLate(request.deviceAt)) throw new DomainError('DELIVERY.PROOF_WRONG', 'refused');
      if (!digitsRight) await this.noteWrongDigits(tx, stop.stopId, staff);
    }
    const proof = digitsRight ? 'phone-last-two' : await photoOf(tx, stop.stopId);
    const offer = (await this.menu.offers(stop.pointId as PointId, stop.day, stop.period, tx)).find((one) => one.code === stop.setCode);
    // Held before money: a meal is posted once a person has looked at the event. Whoever may have eaten recalled food is called first of all.
    const recalled = await this.isRecalledThen(tx, stop, request.deviceAt, staff);
    const impossible = await this.patterns.isImpossible(tx, stop, { crewId: crewOf(staff), staffId: staff.staffId, deviceAt: new Date(request.deviceAt) });
    if (recalled || impossible) return { mealId: null, reason: recalled ? 'recalled-given' : 'pattern-review', receivedBy: request.receivedBy, proof };
    try {
      if (offer === undefined) throw new DomainError('PAYMENT.MEAL_UNKNOWN', 'refused');
      if (await this.gate.isClosed(tx, stop.pointId, stop.day)) return await this.holdLate(tx, stop, { ...request, proof, setMealId: offer.setMealId }, staff);
      const { mealId } = await this.sellDelivered.execute(tx, {
        seniorId: stop.seniorId as SeniorId, pointId: stop.pointId as PointId, setMealId: offer.setMealId, routeStopId: stop.stopId, staffId: staff.staffId,
        proof: { receivedBy: request.receivedBy, proof, deviceAt: request.deviceAt },
      });
      return { mealId, reason: null, receivedBy: request.receivedBy, proof };
    } catch (error) {
      // The box has been handed over, whatever its price: the event is kept with the reason why no meal was posted.
      const reason = error instanceof DomainError ? UNPAID_REASONS[error.code] : undefined;
      if (reason === undefined) throw error;
      return { mealId: null, reason, receivedBy: request.receivedBy, proof };
    }
  }

  /** The crew is at another door by now: what happened is kept, and that its digits prove nothing. */
  private isLate(deviceAt: string): boolean {
    return this.clock.now().getTime() - new Date(deviceAt).getTime() > AT_THE_DOOR_MS;
  }

  private async noteWrongDigits(tx: EntityManager, stopId: string, staff: StaffIdentity): Promise<void> {
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'stop.digits-wrong', objectKind: 'stop', objectId: stopId, outcome: 'done' }, tx);
  }

  /** What was handed over after its recall began is on record and charged to nobody until a person decides; the senior is called. */
  private async isRecalledThen(tx: EntityManager, stop: OwnStop, deviceAt: string, staff: StaffIdentity): Promise<boolean> {
    const box = (await this.boxes.of([stop.tripId], tx)).find(({ stopId }) => stopId === stop.stopId);
    if (box === undefined || box.recalledAt === null || box.recalledAt > new Date(deviceAt)) return false;
    await this.unsuitable.raise(tx, 'recalled', box, deviceAt, staff);
    return true;
  }

  /** The point has signed the day already: the event is kept, its meal is booked on a day that is open. */
  private async holdLate(
    tx: EntityManager, stop: OwnStop, event: { receivedBy: string; proof: string | null; deviceAt: string; setMealId: string }, staff: StaffIdentity,
  ): Promise<StopEnd> {
    await this.late.hold(tx, {
      kind: 'stop', sourceId: stop.stopId, pointId: stop.pointId, mealDay: stop.day, period: stop.period, seniorId: stop.seniorId,
      setMealId: event.setMealId, channel: 'delivery', tender: 'wallet', recordedBy: staff.staffId,
      identification: { receivedBy: event.receivedBy, proof: event.proof, deviceAt: event.deviceAt },
    });
    return { mealId: null, reason: 'day-closed', receivedBy: event.receivedBy, proof: event.proof };
  }

  /** Once per stop, whatever is corrected later. */
  private async tellHome(tx: EntityManager, stop: OwnStop, reason: string, now: Date): Promise<void> {
    const point = await this.depots.depot('point', stop.pointId, tx);
    await this.notices.request(tx, {
      kind: 'meal-not-handed-over', recipientKind: 'senior', recipientId: stop.seniorId, dedupKey: `meal-not-handed-over-${stop.stopId}`,
      facts: { time: clockText(now), reason: REASON_WORDS[reason] ?? reason, phone: point.phone },
    });
  }
}

/** As long as a crew stands at a door, it can ask again for the digits. */
const AT_THE_DOOR_MS = 3 * 60_000;

/** Refusals of the price that do not undo a handing over. A meal eaten at the point already is not paid a second time. */
const UNPAID_REASONS: Readonly<Record<string, string>> = {
  'PAYMENT.ALREADY_SERVED': 'already-served', 'PAYMENT.MEAL_UNKNOWN': 'not-on-menu', 'PAYMENT.NO_POLICY': 'no-policy',
  'PAYMENT.OPERATOR_NOT_LICENSED': 'not-licensed', 'PAYMENT.SENIOR_GONE': 'senior-gone',
};

const REASON_WORDS: Readonly<Record<string, string>> = {
  'not-answering': '敲门没人应', 'in-hospital': '住院', 'moved-away': '已搬走', 'not-ordered': '说没有订', 'not-hungry': '不想吃', 'wrong-meal': '餐不对',
  'ate-elsewhere': '已在别处吃过', recalled: '这份餐在召回',
};

/** A photo may arrive before the result that announces it. */
async function photoOf(tx: EntityManager, stopId: string): Promise<'photo' | null> {
  const [row] = await tx.query<{ n: string | number }[]>('SELECT COUNT(*) AS n FROM stop_photo WHERE route_stop_id = ?', [stopId]);
  return Number(row?.n ?? 0) > 0 ? 'photo' : null;
}

function requireRecordable(stop: OwnStop, request: StopResultRequest): void {
  if (stop.result === 'delivered') throw new DomainError('DELIVERY.ALREADY_DELIVERED', 'conflict');
  if (stop.closedAt !== null && (stop.former === null || request.result !== 'delivered')) throw new DomainError('DELIVERY.TRIP_CLOSED', 'conflict');
  if (stop.result !== 'open' && request.result !== 'delivered') throw new DomainError('DELIVERY.ALREADY_RECORDED', 'conflict');
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApplyChangeAnswer, ApplyChangeRequest, PlanChange, PlanConsequences, PreviewChangeAnswer } from '../../contract/dispatch-changes.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { at, consequencesOf, retime, type StandingTrip, type TimedTrip } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PlaceUrgentOrder } from '../ordering/index.js';
import { PointScope } from '../sites/index.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DepotScope } from './depot-scope.js';
import { HeldPlanStore } from './held-plan-store.js';
import { PlanInHand, type HeldPlan } from './plan-in-hand.js';
import { placeDoors, type PlacedDoors } from './place-doors.js';
import { RadiusBook } from './radius-book.js';
import { TakeCrewBack } from './take-crew-back.js';

/** The plan as it was, and with the doors as they are after the change. */
interface Tried { readonly given: HeldPlan; readonly held: HeldPlan; readonly before: readonly TimedTrip[]; readonly after: readonly TimedTrip[]; readonly left: readonly string[] }

/**
 * A dispatcher changes a plan on the day: first what it would do to whom, then, as it was shown, done. The same calculation
 * stands behind both; a plan that changed in between is refused, never guessed at.
 */
@Injectable()
export class ChangePlan {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: DepotScope,
    private readonly points: PointScope,
    private readonly inHand: PlanInHand,
    private readonly store: HeldPlanStore,
    private readonly radiusBook: RadiusBook,
    private readonly settings: DeliverySettingsBook,
    private readonly urgent: PlaceUrgentOrder,
    private readonly crewBack: TakeCrewBack,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError DISPATCH.TRIP_FIXED, ORDER codes; REQUEST.NOT_FOUND outside the scope */
  async preview(planId: string, change: PlanChange, staff: StaffIdentity): Promise<PreviewChangeAnswer> {
    await this.requireScope(planId, staff);
    if (change.kind !== 'urgent') {
      const tried = await this.attempt(planId, change, null);
      return { revision: tried.held.revision, consequences: await this.consequences(tried) };
    }
    // An urgent order is placed in a transaction that is given up again: what is shown is what would happen.
    let shown: PreviewChangeAnswer | null = null;
    const giveUp = new Error('only looked at');
    await this.unitOfWork.run(async (tx) => {
      const orderId = await this.place(tx, planId, change, staff);
      const tried = await this.attempt(planId, change, orderId, tx);
      shown = { revision: tried.held.revision, consequences: await this.consequences(tried) };
      throw giveUp;
    }).catch((error: unknown) => { if (error !== giveUp) throw error; });
    if (shown === null) throw new DomainError('DATABASE.BUSY', 'unavailable');
    return shown;
  }

  /** @throws DomainError DISPATCH.PLAN_CHANGED, DISPATCH.TRIP_FIXED, DISPATCH.CREW_THERE, ORDER codes; REQUEST.NOT_FOUND outside the scope */
  async apply(planId: string, { change, revision }: ApplyChangeRequest, staff: StaffIdentity): Promise<ApplyChangeAnswer> {
    await this.requireScope(planId, staff);
    if (change.kind === 'crew-back') return this.crewBack.execute(planId, { crewId: change.crewId, revision }, staff);
    return this.unitOfWork.run(async (tx) => {
      if (change.kind === 'crew-absent') await this.markAbsent(tx, planId, change.crewId, staff);
      const orderId = change.kind === 'urgent' ? await this.place(tx, planId, change, staff) : null;
      const { held, after, left } = await this.attempt(planId, change, orderId, tx);
      if (held.revision !== revision) throw new DomainError('DISPATCH.PLAN_CHANGED', 'conflict');
      if (orderId !== null) await this.keepUrgent(tx, held, orderId, staff);
      const { kind } = change;
      const changedTrips = await this.store.write(tx, held, { kind, trips: after, left, staffId: staff.staffId, detail: { left: left.length } });
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'route-plan.changed', objectKind: 'route-plan', objectId: planId, outcome: 'done', detail: { kind, changedTrips },
      }, tx);
      return { revision: revision + 1, changedTrips, left: left.length };
    });
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async freeze(tripId: string, frozen: boolean, staff: StaffIdentity): Promise<void> {
    const [trip] = await this.unitOfWork.reader.query<{ planId: string }[]>('SELECT route_plan_id AS planId FROM route_trip WHERE id = ?', [tripId]);
    if (trip === undefined) return this.points.refuse(staff, 'trip', tripId);
    await this.requireScope(trip.planId, staff);
    await this.unitOfWork.run(async (tx) => {
      await tx.query('UPDATE route_trip SET frozen_at = ? WHERE id = ?', [frozen ? this.clock.now() : null, tripId]);
      await tx.query('UPDATE route_plan SET revision = revision + 1 WHERE id = ?', [trip.planId]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: frozen ? 'trip.frozen' : 'trip.released', objectKind: 'trip', objectId: tripId, outcome: 'done',
      }, tx);
    });
  }

  /** Remembers which revision of which page is on paper. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async printed(planId: string, pages: readonly { tripId: string; revision: number }[], staff: StaffIdentity): Promise<number> {
    await this.requireScope(planId, staff);
    for (const page of pages) {
      await this.unitOfWork.reader.query('UPDATE route_trip SET printed_revision = GREATEST(printed_revision, ?) WHERE id = ? AND route_plan_id = ?', [page.revision, page.tripId, planId]);
    }
    return pages.length;
  }

  private async requireScope(planId: string, staff: StaffIdentity): Promise<void> {
    const [plan] = await this.unitOfWork.reader.query<{ kind: string; depotId: string }[]>('SELECT depot_kind AS kind, depot_id AS depotId FROM route_plan WHERE id = ?', [planId]);
    if (plan === undefined) return this.points.refuse(staff, 'route-plan', planId);
    await this.scope.require(staff, plan.kind, plan.depotId);
  }

  private async place(tx: EntityManager, planId: string, change: Extract<PlanChange, { kind: 'urgent' }>, staff: StaffIdentity): Promise<string> {
    const [plan] = await tx.query<{ day: string; period: 'lunch' }[]>('SELECT business_day AS day, period FROM route_plan WHERE id = ?', [planId]);
    return this.urgent.execute(tx, { seniorId: change.seniorId, day: plan.day, period: plan.period, setCode: change.setCode }, staff);
  }

  /** Somebody outside the radius, or of another point, whom a person put on this plan, is no run's to move again. */
  private async keepUrgent(tx: EntityManager, held: HeldPlan, orderId: string, staff: StaffIdentity): Promise<void> {
    const door = held.doors.get(doorOf(held, orderId));
    const order = door?.orders.find((one) => one.orderId === orderId);
    if (door === undefined || order === undefined) return;
    const travelS = Math.min(...Object.values(held.problem.matrices).map((matrix) => at(matrix.travelS, door.stop.place)));
    const { homeRadiusMin } = await this.settings.of(held.depot.streetId, tx);
    const missingMin = Math.max(0, Math.ceil((travelS - homeRadiusMin * 60) / 60));
    const pointId = order.service.pointId;
    if (pointId === held.key.depotId && missingMin === 0) return;
    await this.radiusBook.keepAt(tx, held.key, { orderId, seniorId: order.seniorId, pointId, travelS: Number.isFinite(travelS) ? travelS : 0, missingMin, mustServe: door.stop.mustServe }, staff.staffId);
  }

  private async markAbsent(tx: EntityManager, planId: string, crewId: string, staff: StaffIdentity): Promise<void> {
    await tx.query(
      `INSERT INTO crew_day (crew_id, business_day, period, state, decided_by, decided_at) SELECT ?, business_day, period, 'absent', ?, ? FROM route_plan WHERE id = ?
       ON DUPLICATE KEY UPDATE state = 'absent', depot_kind = NULL, depot_id = NULL, decided_by = VALUES(decided_by), decided_at = VALUES(decided_at)`,
      [crewId, staff.staffId, this.clock.now(), planId],
    );
  }

  private async attempt(planId: string, change: PlanChange, urgentOrderId: string | null, tx?: EntityManager): Promise<Tried> {
    const read = await this.inHand.read(planId, { more: urgentOrderId === null ? [] : [urgentOrderId] }, tx);
    const given = change.kind === 'crew-absent' ? letGo(read, change.crewId) : read;
    const before = retime(given.problem, given.trips, given.nowS);
    const { held, trips, left } = this.tryChange(given, change, urgentOrderId);
    return { given, held, before, after: retime(held.problem, trips, held.nowS), left };
  }

  private tryChange(held: HeldPlan, change: PlanChange, urgentOrderId: string | null): PlacedDoors {
    // The plan that is made with the crew shows what it does.
    if (change.kind === 'crew-back') return { held, trips: held.trips, left: [] };
    if (change.kind === 'move') return { held, trips: moved(held, change), left: [] };
    const serving = held.problem.crews.filter((crew) => !held.outside.has(crew.id));
    if (change.kind === 'urgent') return placeDoors(held, serving, held.trips, urgentOrderId === null ? [] : [doorOf(held, urgentOrderId)]);
    const own = held.trips.filter((trip) => trip.crewId === change.crewId && !trip.fixed);
    const others = held.trips.filter((trip) => !own.includes(trip));
    const placement = placeDoors(held, serving.filter((crew) => crew.id !== change.crewId), others.filter((trip) => trip.crewId !== change.crewId), own.flatMap((trip) => trip.stopIds));
    return { ...placement, trips: [...placement.trips, ...others.filter((trip) => trip.crewId === change.crewId)] };
  }

  private async consequences({ given, held, before, after, left }: Tried): Promise<PlanConsequences> {
    const was = consequencesOf(given.problem, before);
    const is = consequencesOf(held.problem, after);
    const people = (ids: readonly string[], known: readonly string[] = []) =>
      this.inHand.people(ids.filter((id) => !known.includes(id)).flatMap((id) => held.doors.get(id) ?? []), held.depot.streetId);
    const times = new Map(before.flatMap((trip) => trip.stopIds.map((id, index) => [id, trip.doorAtS[index]] as const)));
    const names = new Map(held.crews.map((crew) => [crew.id, crew.name]));
    const ridden = (trips: readonly TimedTrip[]): number => trips.reduce((sum, trip) => sum + trip.backS - trip.departS, 0);
    return {
      late: await people(is.late, was.late), stale: await people(is.stale, was.stale), forbidden: await people(is.forbidden, was.forbidden),
      strangers: await people(is.strangers, was.strangers), left: await people(left),
      overloaded: is.overloaded.map((key) => names.get(after.find((trip) => trip.key === key)?.crewId ?? '') ?? ''), overtime: is.overtime.map((id) => names.get(id) ?? ''),
      movedDoors: after.flatMap((trip) => trip.stopIds.filter((id, index) => times.has(id) && Math.abs((times.get(id) ?? 0) - trip.doorAtS[index]) >= 60)).length,
      addedRideS: Math.round(ridden(after) - ridden(before)), newTrips: after.filter((trip) => !before.some((one) => one.key === trip.key)).length,
    };
  }
}

/** What is held fast for a crew that does not come is held for nobody. */
function letGo(held: HeldPlan, crewId: string): HeldPlan {
  return { ...held, trips: held.trips.map((trip) => (trip.crewId === crewId && !held.left.has(trip.key) ? { ...trip, fixed: false } : trip)) };
}

/** @throws DomainError DISPATCH.TRIP_FIXED for a door or a trip that cannot be touched */
function moved(held: HeldPlan, change: Extract<PlanChange, { kind: 'move' }>): StandingTrip[] {
  const id = doorOf(held, change.orderId);
  const from = held.trips.find((trip) => trip.stopIds.includes(id));
  const to = held.trips.find((trip) => trip.key === change.toTripId);
  if (to === undefined || to.fixed || from?.fixed) throw new DomainError('DISPATCH.TRIP_FIXED', 'refused');
  const without = held.trips.map((trip) => ({ ...trip, stopIds: trip.stopIds.filter((one) => one !== id) }));
  return without.map((trip) => (trip.key === to.key ? { ...trip, stopIds: trip.stopIds.toSpliced(change.position, 0, id) } : trip));
}

function doorOf(held: HeldPlan, orderId: string): string {
  const door = [...held.doors.values()].find((one) => one.orders.some((order) => order.orderId === orderId));
  if (door === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
  return door.stop.id;
}

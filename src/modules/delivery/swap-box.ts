import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SwapBoxAnswer, SwapBoxRequest } from '../../contract/delivery.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { CareAlerts } from '../care/index.js';
import { MenuDirectory } from '../menu/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { SeniorHomes } from '../seniors/index.js';
import { DepotDirectory } from '../sites/index.js';
import { crewOf, CrewTrips, type OwnStop } from './crew-trips.js';

/**
 * Records that a door got another box than its own. Somebody with a diet, an allergy or a texture whose box is not known to
 * be safe is called at once; the price stays that of the order.
 */
@Injectable()
export class SwapBox {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly trips: CrewTrips,
    private readonly menu: MenuDirectory,
    private readonly suitability: MealSuitability,
    private readonly homes: SeniorHomes,
    private readonly alerts: CareAlerts,
    private readonly depots: DepotDirectory,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** The same id is the same swap. @throws DomainError DELIVERY.SWAP_UNKNOWN; REQUEST.NOT_FOUND for a door of another crew or of too long ago */
  async execute(shownId: string, request: SwapBoxRequest, staff: StaffIdentity): Promise<SwapBoxAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const stop = await this.trips.stop(tx, shownId, staff);
      const { stopId } = stop;
      const [known] = await tx.query<{ calledBack: number }[]>('SELECT called_back AS calledBack FROM box_swap WHERE id = ?', [request.id]);
      if (known !== undefined) return { id: request.id, calledBack: known.calledBack === 1 };
      const fromSeniorId = await this.requireBox(tx, stop, request, staff);
      const calledBack = !await this.isSafe(tx, stop, request.gotSetCode, fromSeniorId);
      await tx.query(
        'INSERT INTO box_swap (id, route_stop_id, from_stop_id, ordered_set_code, got_set_code, reason, called_back, device_at, recorded_at, recorded_by) VALUES (?)',
        [[request.id, stopId, request.fromStopId, stop.setCode, request.gotSetCode, request.reason, calledBack ? 1 : 0, new Date(request.deviceAt), this.clock.now(), staff.staffId]],
      );
      if (calledBack) await this.callBack(tx, stop, request, staff);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'box.swapped', objectKind: 'stop', objectId: stopId, outcome: 'done',
        detail: { from: request.fromStopId ?? 'spare', ordered: stop.setCode, got: request.gotSetCode, reason: request.reason, calledBack },
      }, tx);
      return { id: request.id, calledBack };
    });
  }

  /**
   * A box that the crew carried in this plan: of this trip, of another of its own, or of a door that went to another crew since.
   *
   * @returns whose box it was; null for a spare one
   */
  private async requireBox(tx: EntityManager, stop: OwnStop, request: SwapBoxRequest, staff: StaffIdentity): Promise<string | null> {
    if (request.fromStopId === null) {
      const offers = await this.menu.offers(stop.pointId as PointId, stop.day, stop.period, tx);
      if (!offers.some(({ code }) => code === request.gotSetCode)) throw new DomainError('DELIVERY.SWAP_UNKNOWN', 'refused');
      return null;
    }
    const [from] = await tx.query<{ seniorId: string; setCode: string }[]>(
      `SELECT o.senior_id AS seniorId, o.set_code AS setCode FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN meal_order o ON o.id = s.meal_order_id
       WHERE s.id = ? AND o.id <> ? AND t.route_plan_id = (SELECT route_plan_id FROM route_trip WHERE id = ?) AND (t.id = ? OR t.crew_id = ?)
       UNION SELECT o.senior_id, o.set_code FROM former_stop f JOIN meal_order o ON o.id = f.meal_order_id
       WHERE f.route_stop_id = ? AND o.id <> ? AND f.route_plan_id = (SELECT route_plan_id FROM route_trip WHERE id = ?) AND f.crew_id = ? LIMIT 1`,
      [request.fromStopId, stop.orderId, stop.tripId, stop.tripId, crewOf(staff), request.fromStopId, stop.orderId, stop.tripId, crewOf(staff)],
    );
    if (from?.setCode !== request.gotSetCode) throw new DomainError('DELIVERY.SWAP_UNKNOWN', 'refused');
    return from.seniorId;
  }

  /** Safe: nothing is against the person, or the box was prepared for somebody with every diet that this person has. */
  private async isSafe(tx: EntityManager, stop: OwnStop, gotSetCode: string, fromSeniorId: string | null): Promise<boolean> {
    const homes = await this.homes.on(stop.day, fromSeniorId === null ? [stop.seniorId] : [stop.seniorId, fromSeniorId], tx);
    const diets = homes.get(stop.seniorId)?.diets ?? [];
    if (diets.length === 0) return true;
    const prepared = new Set(fromSeniorId === null ? [] : homes.get(fromSeniorId)?.diets);
    if (!diets.every((diet) => prepared.has(diet))) return false;
    const offers = await this.menu.offers(stop.pointId as PointId, stop.day, stop.period, tx);
    const setMealId = offers.find(({ code }) => code === gotSetCode)?.setMealId;
    if (setMealId === undefined) return false;
    return !(await this.suitability.unsuitable(tx, stop.seniorId, { day: stop.day, period: stop.period, door: 'box' }, [setMealId])).has(setMealId);
  }

  private async callBack(tx: EntityManager, stop: OwnStop, request: SwapBoxRequest, staff: StaffIdentity): Promise<void> {
    const { streetId } = await this.depots.depot('point', stop.pointId, tx);
    await this.alerts.raise(tx, {
      id: newId(), kind: 'wrong-box', routeStopId: stop.stopId, seniorId: stop.seniorId, pointId: stop.pointId, streetId, crewId: crewOf(staff), signs: [],
      latitude: null, longitude: null, deviceAt: new Date(request.deviceAt), staffId: staff.staffId,
    });
  }
}

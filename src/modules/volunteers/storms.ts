import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DecideStormRequest, StormAnswer, StormListAnswer, UndoStormAnswer } from '../../contract/volunteers.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { RequestPlan, type PlanKey } from '../dispatch/index.js';
import { Notices } from '../notices/index.js';
import { StormOrders } from '../ordering/index.js';
import { DepotDirectory, PointScope, type DepotSite } from '../sites/index.js';
import { VolunteerBook } from './volunteer-book.js';

interface StormSql { stormId: string; day: BusinessDay; period: MealPeriod; reason: string; pointNames: string; turned: string | number; decidedByName: string | null; decidedAt: Date; undoneAt: Date | null }
const VOLUNTEERS_PAGED = 20;

/**
 * One decision for a day of storm, heat or ice: what people would collect at the chosen points is brought to them. Orders
 * alone change how they are handed over; prices, subsidies, cut-offs, radius and freshness stay rules. It can be undone for
 * what no crew has left with.
 */
@Injectable()
export class Storms {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly points: PointScope,
    private readonly depots: DepotDirectory,
    private readonly orders: StormOrders,
    private readonly plans: RequestPlan,
    private readonly volunteers: VolunteerBook,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * The decision, the turned orders, the notices and the runs of the plans stand together or not at all: whoever is told that
   * the meal is brought stands in a plan that is made again. Points that serve no such meal are left out and named.
   *
   * @throws DomainError STORM.DAY_PAST, STORM.STANDS, DISPATCH.DAY_OUT_OF_REACH, DISPATCH.NOT_SERVED where no point serves the meal;
   * REQUEST.NOT_FOUND for a point outside the scope
   */
  async decide(request: DecideStormRequest, staff: StaffIdentity): Promise<StormAnswer> {
    const at = { day: request.day as BusinessDay, period: request.period };
    if (at.day < this.clock.today()) throw new DomainError('STORM.DAY_PAST', 'refused', { day: at.day });
    this.plans.requireReach(at.day);
    const pointIds = [...new Set(request.pointIds)].sort();
    for (const pointId of pointIds) await this.points.narrowed(staff, pointId);
    const stormId = newId();
    const { keys, ...told } = await this.unitOfWork.run(async (tx) => {
      const { served, notServed } = await this.servedBy(tx, pointIds, at.period);
      if (served.length === 0) throw new DomainError('DISPATCH.NOT_SERVED', 'refused');
      await tx.query('INSERT INTO storm_decision (id, street_id, business_day, period, reason, decided_by, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [stormId, served[0].streetId, at.day, at.period, request.reason, staff.staffId, this.clock.now()]);
      const [asked, crews] = [new Set<string>(), new Set<string>()];
      let turned = 0;
      for (const depot of served) {
        await this.stand(tx, stormId, depot.depotId, at);
        turned += (await this.orders.turn(tx, { pointId: depot.depotId, ...at })).length;
        for (const crewId of await this.tellDepot(tx, depot, at.day, stormId)) crews.add(crewId);
        for (const crewId of await this.pageVolunteers(tx, depot, stormId)) asked.add(crewId);
      }
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'storm.decided', objectKind: 'storm', objectId: stormId, outcome: 'done', detail: { day: at.day, points: served.length, turned },
      }, tx);
      return { keys: await this.replan(tx, served.map((one) => one.depotId), at, staff), turned, pagedVolunteers: asked.size, toldCrews: crews.size, notServed };
    });
    await this.plans.hand(keys);
    return { stormId, ...told };
  }

  private async servedBy(tx: EntityManager, pointIds: readonly string[], period: MealPeriod): Promise<{ served: DepotSite[]; notServed: string[] }> {
    const [served, notServed]: [DepotSite[], string[]] = [[], []];
    for (const pointId of pointIds) {
      const depot = await this.depots.depot('point', pointId, tx);
      if (await this.depots.service(tx, pointId, period) === null) notServed.push(depot.name);
      else served.push(depot);
    }
    return { served, notServed };
  }

  /** One decision stands for a point, a day and a meal; the database keeps it so when two people decide at once. */
  private async stand(tx: EntityManager, stormId: string, pointId: string, at: { day: BusinessDay; period: MealPeriod }): Promise<void> {
    try {
      await tx.query('INSERT INTO storm_point (storm_id, point_id, business_day, period, standing) VALUES (?, ?, ?, ?, 1)', [stormId, pointId, at.day, at.period]);
    } catch (error) {
      if (isDuplicateKey(error, 'uq_storm_standing')) throw new DomainError('STORM.STANDS', 'conflict', { pointId });
      throw error;
    }
  }

  private async pageVolunteers(tx: EntityManager, depot: DepotSite, stormId: string): Promise<string[]> {
    const near = (await this.volunteers.nearest(tx, depot.streetId, depot, [], VOLUNTEERS_PAGED)).map(({ crewId }) => crewId);
    for (const crewId of near) {
      await this.notices.request(tx, {
        kind: 'volunteers-wanted', recipientKind: 'crew', recipientId: crewId, facts: { code: codeOf(stormId) }, dedupKey: `storm-want-${stormId.slice(-12)}-${crewId}`,
      });
    }
    return near;
  }

  /** The point that packs and its crews that ride. @returns the crews */
  private async tellDepot(tx: EntityManager, depot: DepotSite, day: BusinessDay, stormId: string): Promise<string[]> {
    const facts = { day, point: depot.name };
    await this.notices.request(tx, { kind: 'storm-point', recipientKind: 'point', recipientId: depot.depotId, facts, dedupKey: `storm-point-${stormId.slice(-12)}-${depot.depotId}` });
    const crews = await this.crewsOf(tx, [depot.depotId]);
    for (const crewId of crews) {
      await this.notices.request(tx, { kind: 'storm-crew', recipientKind: 'crew', recipientId: crewId, facts, dedupKey: `storm-crew-${stormId.slice(-12)}-${crewId}` });
    }
    return crews;
  }

  /** Whoever was told of the storm hears that it is over: crews, points and the volunteers that were asked. */
  private async tellOver(tx: EntityManager, stormId: string, day: BusinessDay, pointIds: readonly string[]): Promise<void> {
    const about = { kind: 'storm-over' as const, facts: { day, code: codeOf(stormId) } };
    const asked = await tx.query<{ id: string }[]>("SELECT recipient_id AS id FROM notice WHERE kind = 'volunteers-wanted' AND dedup_key LIKE ? ORDER BY id", [`storm-want-${stormId.slice(-12)}-%`]);
    for (const crewId of new Set([...await this.crewsOf(tx, pointIds), ...asked.map((row) => row.id)])) {
      await this.notices.request(tx, { ...about, recipientKind: 'crew', recipientId: crewId, dedupKey: `storm-over-${stormId.slice(-12)}-${crewId}` });
    }
    for (const pointId of pointIds) await this.notices.request(tx, { ...about, recipientKind: 'point', recipientId: pointId, dedupKey: `storm-over-${stormId.slice(-12)}-${pointId}` });
  }

  private async crewsOf(tx: EntityManager, pointIds: readonly string[]): Promise<string[]> {
    return (await tx.query<{ id: string }[]>("SELECT id FROM crew WHERE depot_kind = 'point' AND depot_id IN (?) AND active = 1 ORDER BY id", [pointIds])).map((row) => row.id);
  }

  /** @throws DomainError STORM.UNDONE, STORM.DAY_PAST; REQUEST.NOT_FOUND outside the scope */
  async undo(stormId: string, staff: StaffIdentity): Promise<UndoStormAnswer> {
    const { turnedBack, keys } = await this.unitOfWork.run(async (tx) => {
      const [storm] = await tx.query<{ day: BusinessDay; period: MealPeriod; undoneAt: Date | null }[]>(
        'SELECT business_day AS day, period, undone_at AS undoneAt FROM storm_decision WHERE id = ? FOR UPDATE', [stormId],
      );
      const points = (await tx.query<{ id: string }[]>('SELECT point_id AS id FROM storm_point WHERE storm_id = ?', [stormId])).map((row) => row.id);
      const mine = await this.points.points(staff, tx);
      if (storm === undefined || !points.every((id) => mine.some((own) => own === id))) return this.points.refuse(staff, 'storm', stormId);
      if (storm.undoneAt !== null) throw new DomainError('STORM.UNDONE', 'conflict');
      if (storm.day < this.clock.today()) throw new DomainError('STORM.DAY_PAST', 'refused', { day: storm.day });
      const back = await this.orders.turnBack(tx, stormId);
      await this.tellOver(tx, stormId, storm.day, points);
      await tx.query('UPDATE storm_decision SET undone_at = ?, undone_by = ? WHERE id = ?', [this.clock.now(), staff.staffId, stormId]);
      await tx.query('UPDATE storm_point SET standing = NULL WHERE storm_id = ?', [stormId]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'storm.undone', objectKind: 'storm', objectId: stormId, outcome: 'done', detail: { turnedBack: back },
      }, tx);
      return { turnedBack: back, keys: await this.replan(tx, points, storm, staff) };
    });
    await this.plans.hand(keys);
    return { stormId, turnedBack };
  }

  async list(staff: StaffIdentity): Promise<StormListAnswer> {
    const points = await this.points.points(staff);
    if (points.length === 0) return { storms: [], points: [] };
    const reader = this.unitOfWork.reader;
    const rows = await reader.query<StormSql[]>(
      `SELECT d.id AS stormId, d.business_day AS day, d.period, d.reason, GROUP_CONCAT(p.name ORDER BY p.code SEPARATOR '、') AS pointNames,
         (SELECT COUNT(*) FROM storm_order o WHERE o.storm_id = d.id AND o.turned_back_at IS NULL) AS turned, f.display_name AS decidedByName, d.decided_at AS decidedAt, d.undone_at AS undoneAt
       FROM storm_decision d JOIN storm_point s ON s.storm_id = d.id JOIN point p ON p.id = s.point_id LEFT JOIN staff f ON f.id = d.decided_by
       WHERE s.point_id IN (?) GROUP BY d.id ORDER BY d.decided_at DESC LIMIT 50`, [points],
    );
    return {
      points: await reader.query<{ id: string; name: string }[]>('SELECT id, name FROM point WHERE id IN (?) ORDER BY code', [points]),
      storms: rows.map((row) => ({
        ...row, pointNames: row.pointNames.split('、'), turned: Number(row.turned), decidedByName: row.decidedByName ?? '', decidedAt: row.decidedAt.toISOString(), undoneAt: row.undoneAt?.toISOString() ?? null,
      })),
    };
  }

  /** Asks for the plans in the transaction that changes their orders; a meal that a point has given up since has no plan to make again. */
  private async replan(tx: EntityManager, pointIds: readonly string[], at: { day: BusinessDay; period: MealPeriod }, staff: StaffIdentity): Promise<PlanKey[]> {
    const keys: PlanKey[] = [];
    for (const depotId of pointIds) {
      if (await this.depots.service(tx, depotId, at.period) === null) continue;
      const key: PlanKey = { depotKind: 'point', depotId, day: at.day, period: at.period };
      await this.plans.ask(tx, key, staff);
      keys.push(key);
    }
    return keys;
  }
}

function codeOf(stormId: string): string {
  return stormId.slice(-6).toUpperCase();
}

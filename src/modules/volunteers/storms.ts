import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DecideStormRequest, StormAnswer, StormListAnswer, UndoStormAnswer } from '../../contract/volunteers.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { RequestPlan } from '../dispatch/index.js';
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

  /** @throws DomainError STORM.DAY_PAST; REQUEST.NOT_FOUND for a point outside the scope */
  async decide(request: DecideStormRequest, staff: StaffIdentity): Promise<StormAnswer> {
    const day = request.day as BusinessDay;
    if (day < this.clock.today()) throw new DomainError('STORM.DAY_PAST', 'refused', { day });
    for (const pointId of request.pointIds) await this.points.narrowed(staff, pointId);
    const stormId = newId();
    const told = await this.unitOfWork.run(async (tx) => {
      const depots: DepotSite[] = [];
      for (const pointId of [...new Set(request.pointIds)].sort()) depots.push(await this.depots.depot('point', pointId, tx));
      await tx.query('INSERT INTO storm_decision (id, street_id, business_day, period, reason, decided_by, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [stormId, depots[0].streetId, day, request.period, request.reason, staff.staffId, this.clock.now()]);
      const [asked, crews] = [new Set<string>(), new Set<string>()];
      let turned = 0;
      for (const depot of depots) {
        await tx.query('INSERT INTO storm_point (storm_id, point_id) VALUES (?, ?)', [stormId, depot.depotId]);
        turned += (await this.orders.turn(tx, { pointId: depot.depotId, day, period: request.period })).length;
        for (const crewId of await this.tellDepot(tx, depot, day, stormId)) crews.add(crewId);
        for (const { crewId } of await this.volunteers.nearest(tx, depot.streetId, depot, [], VOLUNTEERS_PAGED)) {
          asked.add(crewId);
          await this.notices.request(tx, {
            kind: 'volunteers-wanted', recipientKind: 'crew', recipientId: crewId, facts: { code: codeOf(stormId) }, dedupKey: `storm-want-${stormId.slice(-12)}-${crewId}`,
          });
        }
      }
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'storm.decided', objectKind: 'storm', objectId: stormId, outcome: 'done', detail: { day, points: depots.length, turned },
      }, tx);
      return { turned, pagedVolunteers: asked.size, toldCrews: crews.size };
    });
    await this.replan(request.pointIds, day, request.period, staff);
    return { stormId, ...told };
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

  /** @throws DomainError STORM.UNDONE; REQUEST.NOT_FOUND outside the scope */
  async undo(stormId: string, staff: StaffIdentity): Promise<UndoStormAnswer> {
    const { turnedBack, pointIds, day, period } = await this.unitOfWork.run(async (tx) => {
      const [storm] = await tx.query<{ day: BusinessDay; period: MealPeriod; undoneAt: Date | null }[]>(
        'SELECT business_day AS day, period, undone_at AS undoneAt FROM storm_decision WHERE id = ? FOR UPDATE', [stormId],
      );
      const points = (await tx.query<{ id: string }[]>('SELECT point_id AS id FROM storm_point WHERE storm_id = ?', [stormId])).map((row) => row.id);
      const mine = await this.points.points(staff, tx);
      if (storm === undefined || !points.every((id) => mine.some((own) => own === id))) return this.points.refuse(staff, 'storm', stormId);
      if (storm.undoneAt !== null) throw new DomainError('STORM.UNDONE', 'conflict');
      const back = await this.orders.turnBack(tx, stormId);
      await this.tellOver(tx, stormId, storm.day, points);
      await tx.query('UPDATE storm_decision SET undone_at = ?, undone_by = ? WHERE id = ?', [this.clock.now(), staff.staffId, stormId]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'storm.undone', objectKind: 'storm', objectId: stormId, outcome: 'done', detail: { turnedBack: back },
      }, tx);
      return { turnedBack: back, pointIds: points, day: storm.day, period: storm.period };
    });
    await this.replan(pointIds, day, period, staff);
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

  private async replan(pointIds: readonly string[], day: BusinessDay, period: MealPeriod, staff: StaffIdentity): Promise<void> {
    for (const depotId of new Set(pointIds)) await this.plans.execute({ depotKind: 'point', depotId, day, period }, staff);
  }
}

function codeOf(stormId: string): string {
  return stormId.slice(-6).toUpperCase();
}

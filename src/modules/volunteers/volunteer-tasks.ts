import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NoShowAnswer, TaskCard } from '../../contract/volunteers.js';
import { clockText, secondOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DepotScope, keepFormerStops, numberTrips, PlanRuns, type PlanKey } from '../dispatch/index.js';
import { Notices } from '../notices/index.js';
import { PointScope } from '../sites/index.js';
import { VolunteerBook } from './volunteer-book.js';

interface TripRow { planId: string; depotKind: 'point' | 'kitchen'; depotId: string; day: BusinessDay; period: MealPeriod; crewId: string; leftAt: Date | null; frozenAt: Date | null; status: string }
interface TaskRow { id: string; tripId: string; streetId: string; pointId: string; usualCrewId: string; leftAt: Date | null }
interface CardRow {
  taskId: string; day: BusinessDay; period: MealPeriod; areaName: string; pointName: string; departS: number; lastDoorS: number; boxes: number; doors: string | number; floors: string | number;
  leftAt: Date | null; closedAt: Date | null; claimedBy: string | null; claimedName: string | null;
}

const PAGED = 3;

/** Trips offered as cards without names. The first claim wins; a volunteer who does not come is replaced by whoever lives nearest. */
@Injectable()
export class VolunteerTasks {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: DepotScope,
    private readonly points: PointScope,
    private readonly book: VolunteerBook,
    private readonly runs: PlanRuns,
    private readonly notices: Notices,
    private readonly keyring: Keyring,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError VOLUNTEER.TRIP_FIXED, VOLUNTEER.FROM_KITCHEN; REQUEST.NOT_FOUND outside the scope */
  async offer(tripId: string, staff: StaffIdentity): Promise<string> {
    return this.unitOfWork.run(async (tx) => {
      const [trip] = await tx.query<TripRow[]>(
        `SELECT r.id AS planId, r.depot_kind AS depotKind, r.depot_id AS depotId, r.business_day AS day, r.period, t.crew_id AS crewId, t.left_at AS leftAt, t.frozen_at AS frozenAt, r.status
         FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE t.id = ? FOR UPDATE`, [tripId],
      );
      if (trip === undefined) return this.points.refuse(staff, 'trip', tripId);
      const depot = await this.scope.require(staff, trip.depotKind, trip.depotId);
      if (trip.leftAt !== null || trip.status !== 'final') throw new DomainError('VOLUNTEER.TRIP_FIXED', 'refused');
      // A card belongs to a point: what leaves from the kitchen is for its car and its crews.
      if (trip.depotKind === 'kitchen') throw new DomainError('VOLUNTEER.FROM_KITCHEN', 'refused');
      const taskId = newId();
      await tx.query(
        `INSERT IGNORE INTO volunteer_task (id, route_trip_id, street_id, point_id, business_day, offered_by, offered_at, usual_crew_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [taskId, tripId, depot.streetId, depot.depotId, trip.day, staff.staffId, this.clock.now(), trip.crewId],
      );
      const [task] = await tx.query<{ id: string }[]>('SELECT id FROM volunteer_task WHERE route_trip_id = ?', [tripId]);
      // What is on a card is not planned away under whoever claims it.
      await tx.query('UPDATE route_trip SET frozen_at = COALESCE(frozen_at, ?) WHERE id = ?', [this.clock.now(), tripId]);
      await tx.query('UPDATE route_plan SET revision = revision + 1 WHERE id = ?', [trip.planId]);
      for (const { crewId } of await this.book.nearest(tx, depot.streetId, depot, [], PAGED)) await this.page(tx, task.id, crewId, 'offer');
      await this.say(tx, 'volunteer-task.offered', task.id, staff);
      return task.id;
    });
  }

  /** The first claim stands: one row, kept unique by the database. @throws DomainError VOLUNTEER.TAKEN, VOLUNTEER.BUSY, VOLUNTEER.TRIP_FIXED; REQUEST.NOT_FOUND outside the street */
  async claim(taskId: string, staff: StaffIdentity): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const [volunteer] = await tx.query<{ streetId: string }[]>('SELECT street_id AS streetId FROM volunteer WHERE crew_id = ? AND left_at IS NULL', [staff.scopeId]);
      const task = await this.task(tx, taskId);
      if (volunteer === undefined || task === null || task.streetId !== volunteer.streetId) return this.points.refuse(staff, 'volunteer-task', taskId);
      if (task.leftAt !== null) throw new DomainError('VOLUNTEER.TRIP_FIXED', 'refused');
      await this.requireFree(tx, task.tripId, staff.scopeId);
      const claimed: unknown = await tx.query(
        'INSERT IGNORE INTO volunteer_claim (id, task_id, crew_id, claimed_at, standing) VALUES (?, ?, ?, ?, 1)', [newId(), taskId, staff.scopeId, this.clock.now()],
      );
      if (affectedRows(claimed) !== 1) {
        const [mine] = await tx.query<{ id: string }[]>('SELECT id FROM volunteer_claim WHERE task_id = ? AND standing = 1 AND crew_id = ?', [taskId, staff.scopeId]);
        if (mine === undefined) throw new DomainError('VOLUNTEER.TAKEN', 'conflict');
        return;
      }
      await keepFormerStops(tx, [task.tripId], this.clock.now());
      await tx.query('UPDATE route_trip SET crew_id = ?, revision = revision + 1 WHERE id = ?', [staff.scopeId, task.tripId]);
      await this.changed(tx, task.tripId);
      await this.say(tx, 'volunteer-task.claimed', taskId, staff);
    });
  }

  /** Nobody came: the trip goes back to its usual crew and the card is open again; those who live nearest are asked. @throws DomainError VOLUNTEER.NOT_CLAIMED */
  async noShow(taskId: string, staff: StaffIdentity): Promise<NoShowAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const task = await this.task(tx, taskId);
      if (task === null || !(await this.points.points(staff, tx)).some((id) => id === task.pointId)) return this.points.refuse(staff, 'volunteer-task', taskId);
      const [claim] = await tx.query<{ id: string; crewId: string }[]>('SELECT id, crew_id AS crewId FROM volunteer_claim WHERE task_id = ? AND standing = 1 FOR UPDATE', [taskId]);
      if (claim === undefined || task.leftAt !== null) throw new DomainError('VOLUNTEER.NOT_CLAIMED', 'refused');
      const paged = await this.giveBack(tx, task, claim.id, 'no-show');
      await this.say(tx, 'volunteer-task.no-show', taskId, staff);
      return { taskId, paged };
    });
  }

  /** Who goes gives back what has not left; what is on the road is brought first. @throws DomainError VOLUNTEER.ON_THE_ROAD */
  async giveAllBack(tx: EntityManager, crewId: string): Promise<number> {
    const [riding] = await tx.query<{ n: string | number }[]>('SELECT COUNT(*) AS n FROM route_trip WHERE crew_id = ? AND left_at IS NOT NULL AND closed_at IS NULL', [crewId]);
    if (Number(riding.n) > 0) throw new DomainError('VOLUNTEER.ON_THE_ROAD', 'refused');
    const claims = await tx.query<{ id: string; taskId: string }[]>(
      `SELECT x.id, x.task_id AS taskId FROM volunteer_claim x JOIN volunteer_task k ON k.id = x.task_id JOIN route_trip t ON t.id = k.route_trip_id
       WHERE x.crew_id = ? AND x.standing = 1 AND t.left_at IS NULL ORDER BY x.id FOR UPDATE`, [crewId],
    );
    for (const claim of claims) {
      const task = await this.task(tx, claim.taskId);
      if (task !== null) await this.giveBack(tx, task, claim.id, 'left');
    }
    return claims.length;
  }

  /** The card is open again and the trip its usual crew's; those who live nearest are asked. @returns them */
  private async giveBack(tx: EntityManager, task: TaskRow, claimId: string, ended: 'no-show' | 'left'): Promise<NoShowAnswer['paged']> {
    await tx.query('UPDATE volunteer_claim SET standing = NULL, ended = ?, ended_at = ? WHERE id = ?', [ended, this.clock.now(), claimId]);
    // A volunteer whose phone was only without a signal may have been at doors already.
    await keepFormerStops(tx, [task.tripId], this.clock.now());
    await tx.query('UPDATE route_trip SET crew_id = ?, revision = revision + 1 WHERE id = ?', [task.usualCrewId, task.tripId]);
    await this.changed(tx, task.tripId);
    if (await this.canRide(tx, task)) await this.tellUsual(tx, task, claimId);
    else await this.release(tx, task, claimId);
    const gone = await tx.query<{ crewId: string }[]>("SELECT crew_id AS crewId FROM volunteer_claim WHERE task_id = ? AND ended IN ('no-show', 'left')", [task.id]);
    const [point] = await tx.query<{ latitude: number; longitude: number }[]>('SELECT latitude, longitude FROM point WHERE id = ?', [task.pointId]);
    // A card of the kitchen, offered before that was refused, has no neighbourhood to ask in; the volunteer may stop all the same.
    if (point === undefined) return [];
    const paged = await this.book.nearest(tx, task.streetId, point, gone.map((one) => one.crewId), PAGED);
    for (const { crewId } of paged) await this.page(tx, task.id, crewId, `again-${claimId}`);
    return paged;
  }

  /** Whether the usual crew is on duty at the trip's depot that day and rides nothing else at that time. */
  private async canRide(tx: EntityManager, task: TaskRow): Promise<boolean> {
    const [row] = await tx.query<{ away: string | number; busy: string | number }[]>(
      `SELECT (c.active = 0 OR EXISTS (SELECT 1 FROM crew_day d WHERE d.crew_id = c.id AND d.business_day = r.business_day AND d.period = r.period AND (d.state = 'absent' OR d.depot_id <> r.depot_id))) AS away,
         EXISTS (SELECT 1 FROM route_trip o JOIN route_plan x ON x.id = o.route_plan_id WHERE o.crew_id = c.id AND o.id <> t.id AND o.closed_at IS NULL AND x.business_day = r.business_day
           AND o.depart_s < t.back_s AND t.depart_s < o.back_s) AS busy
       FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = ? WHERE t.id = ?`, [task.usualCrewId, task.tripId],
    );
    return Number(row.away) === 0 && Number(row.busy) === 0;
  }

  /** Nobody is there to ride it: it is held no longer, its doors are placed anew, and the street is told. */
  private async release(tx: EntityManager, task: TaskRow, claimId: string): Promise<void> {
    await tx.query('UPDATE route_trip SET frozen_at = NULL WHERE id = ?', [task.tripId]);
    const [trip] = await tx.query<(PlanKey & { planId: string; depot: string; trip: number; boxes: number })[]>(
      `SELECT r.id AS planId, r.depot_kind AS depotKind, r.depot_id AS depotId, r.business_day AS day, r.period, COALESCE(p.name, '') AS depot, t.trip_no AS trip, t.boxes
       FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id LEFT JOIN point p ON p.id = ? WHERE t.id = ?`, [task.pointId, task.tripId],
    );
    await tx.query('UPDATE route_plan SET in_hand_at = COALESCE(in_hand_at, ?) WHERE id = ?', [this.clock.now(), trip.planId]);
    await this.runs.ask(tx, { depotKind: trip.depotKind, depotId: trip.depotId, day: trip.day, period: trip.period }, 'rerouted', null);
    await this.notices.request(tx, {
      kind: 'trip-unmanned', recipientKind: 'street', recipientId: task.streetId, facts: { depot: trip.depot, trip: trip.trip, boxes: trip.boxes }, dedupKey: `trip-unmanned-${claimId}`,
    });
  }

  /** Whoever read the plan before must look again; the trips of the crews that lost and got it are counted anew. */
  private async changed(tx: EntityManager, tripId: string): Promise<void> {
    const [{ planId }] = await tx.query<{ planId: string }[]>('SELECT route_plan_id AS planId FROM route_trip WHERE id = ?', [tripId]);
    await tx.query('UPDATE route_plan SET revision = revision + 1 WHERE id = ?', [planId]);
    await numberTrips(tx, planId);
  }

  /** Nobody rides two trips at once. @throws DomainError VOLUNTEER.BUSY */
  private async requireFree(tx: EntityManager, tripId: string, crewId: string): Promise<void> {
    const [other] = await tx.query<{ n: string | number }[]>(
      `SELECT COUNT(*) AS n FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN route_trip w ON w.id = ? JOIN route_plan x ON x.id = w.route_plan_id
       WHERE t.crew_id = ? AND t.id <> w.id AND t.closed_at IS NULL AND r.business_day = x.business_day AND t.depart_s < w.back_s AND w.depart_s < t.back_s`, [tripId, crewId],
    );
    if (Number(other.n) > 0) throw new DomainError('VOLUNTEER.BUSY', 'conflict');
  }

  /** The trip is the usual crew's again, perhaps minutes before it leaves. */
  private async tellUsual(tx: EntityManager, task: TaskRow, claimId: string): Promise<void> {
    const [trip] = await tx.query<{ depot: string; departS: number; boxes: number; trip: number }[]>(
      "SELECT COALESCE(p.name, '') AS depot, t.depart_s AS departS, t.boxes, t.trip_no AS trip FROM route_trip t LEFT JOIN point p ON p.id = ? WHERE t.id = ?", [task.pointId, task.tripId],
    );
    const time = clockText(secondOf(this.clock.today(), trip.departS));
    await this.notices.request(tx, {
      kind: 'trip-departs', recipientKind: 'crew', recipientId: task.usualCrewId, facts: { depot: trip.depot, trip: trip.trip, boxes: trip.boxes, time }, dedupKey: `trip-back-${claimId}`,
    });
  }

  /** Cards from today on: a volunteer's street, or the points in scope. */
  async cards(staff: StaffIdentity): Promise<TaskCard[]> {
    const reader = this.unitOfWork.reader;
    const [volunteer] = await reader.query<{ streetId: string }[]>('SELECT street_id AS streetId FROM volunteer WHERE crew_id = ? AND left_at IS NULL', [staff.scopeId]);
    const points = volunteer === undefined ? await this.points.points(staff) : [];
    if (volunteer === undefined && points.length === 0) return [];
    const rows = await reader.query<CardRow[]>(
      `SELECT k.id AS taskId, r.business_day AS day, r.period, c.name AS areaName, p.name AS pointName, t.depart_s AS departS, t.last_door_s AS lastDoorS, t.boxes,
         (SELECT COUNT(DISTINCT s.seq) FROM route_stop s WHERE s.route_trip_id = t.id) AS doors,
         (SELECT COALESCE(SUM(CASE WHEN n.has_lift = 1 OR n.floor <= 1 THEN 0 ELSE n.floor - 1 END), 0) FROM route_stop s JOIN senior n ON n.id = s.senior_id WHERE s.route_trip_id = t.id) AS floors,
         t.left_at AS leftAt, t.closed_at AS closedAt, x.crew_id AS claimedBy, v.name_cipher AS claimedName
       FROM volunteer_task k JOIN route_trip t ON t.id = k.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id JOIN point p ON p.id = k.point_id
       JOIN community c ON c.id = p.community_id LEFT JOIN volunteer_claim x ON x.task_id = k.id AND x.standing = 1 LEFT JOIN volunteer v ON v.crew_id = x.crew_id
       WHERE k.withdrawn_at IS NULL AND k.business_day >= ? AND ${volunteer === undefined ? 'k.point_id IN (?)' : 'k.street_id = ?'} ORDER BY k.business_day, t.depart_s, k.id LIMIT 200`,
      [this.clock.today(), volunteer === undefined ? points : volunteer.streetId],
    );
    return rows.map((row) => this.card(row, volunteer === undefined ? null : staff.scopeId));
  }

  private card({ lastDoorS, claimedBy, claimedName, leftAt, closedAt, ...row }: CardRow, self: string | null): TaskCard {
    const [doors, floorsOnFoot, minutes] = [Number(row.doors), Number(row.floors), Math.ceil((lastDoorS - row.departS) / 60) + 10];
    const at = clockText(secondOf(row.day, row.departS));
    const state = closedAt !== null ? 'closed' : leftAt !== null ? 'left' : claimedBy === null ? 'open' : claimedBy === self ? 'mine' : 'taken';
    return {
      taskId: row.taskId, day: row.day, period: row.period, areaName: row.areaName, pointName: row.pointName, departS: row.departS, boxes: row.boxes, minutes, doors, floorsOnFoot, state,
      claimedByName: self === null && claimedName !== null ? this.keyring.open('identity', claimedName) : null,
      text: {
        zh: `【送餐志愿】${row.day} ${at} ${row.pointName}出发，${row.areaName}，${doors}户${row.boxes}盒，约${minutes}分钟，步行上楼${floorsOnFoot}层。先领先得。`,
        en: `Meals to bring: ${row.day} ${at} from ${row.pointName}, ${row.areaName}, ${doors} doors, ${row.boxes} boxes, about ${minutes} min, ${floorsOnFoot} floors on foot.`,
      },
    };
  }

  private async task(tx: EntityManager, taskId: string): Promise<TaskRow | null> {
    const [task] = await tx.query<TaskRow[]>(
      `SELECT k.id, k.route_trip_id AS tripId, k.street_id AS streetId, k.point_id AS pointId, k.usual_crew_id AS usualCrewId, t.left_at AS leftAt
       FROM volunteer_task k JOIN route_trip t ON t.id = k.route_trip_id WHERE k.id = ? FOR UPDATE`, [taskId],
    );
    return task ?? null;
  }

  private async page(tx: EntityManager, taskId: string, crewId: string, round: string): Promise<void> {
    await this.notices.request(tx, { kind: 'volunteers-wanted', recipientKind: 'crew', recipientId: crewId, facts: { code: taskId.slice(-6).toUpperCase() }, dedupKey: `want-${taskId.slice(-12)}-${crewId.slice(-12)}-${round.slice(-12)}` });
  }

  private async say(tx: EntityManager, action: string, objectId: string, staff: StaffIdentity): Promise<void> {
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'volunteer-task', objectId, outcome: 'done' }, tx);
  }
}

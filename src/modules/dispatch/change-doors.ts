import { Injectable } from '@nestjs/common';
import type { ChangeCrewRequest, ChangeDoorRequest } from '../../contract/dispatch-doors.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';
import { DepotScope } from './depot-scope.js';

/** What plans made from now on know of crews, of doors and of the order they are ridden in. */
@Injectable()
export class ChangeDoors {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: DepotScope,
    private readonly points: PointScope,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Replaces skills and breaks of a crew. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async changeCrew(crewId: string, request: ChangeCrewRequest, staff: StaffIdentity): Promise<void> {
    await this.requireCrew(crewId, staff);
    await this.unitOfWork.run(async (tx) => {
      await tx.query('DELETE FROM crew_skill WHERE crew_id = ?', [crewId]);
      await tx.query('DELETE FROM crew_break WHERE crew_id = ?', [crewId]);
      for (const skill of new Set(request.skills)) await tx.query('INSERT INTO crew_skill (crew_id, skill) VALUES (?, ?)', [crewId, skill]);
      for (const rest of request.breaks) await tx.query('INSERT INTO crew_break (crew_id, from_min, to_min) VALUES (?, ?, ?)', [crewId, rest.fromMin, rest.toMin]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'crew.changed', objectKind: 'crew', objectId: crewId, outcome: 'done',
        detail: { skills: request.skills.join(' '), breaks: request.breaks.length },
      }, tx);
    });
  }

  /** Replaces what is known of a senior's door. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async changeDoor(seniorId: string, request: ChangeDoorRequest, staff: StaffIdentity): Promise<void> {
    const [senior] = await this.unitOfWork.reader.query<{ pointId: string }[]>('SELECT point_id AS pointId FROM senior WHERE id = ?', [seniorId]);
    if (senior === undefined || !(await this.points.points(staff)).some((id) => id === senior.pointId)) return this.points.refuse(staff, 'senior', seniorId);
    if (request.knownCrewId !== null) await this.requireCrew(request.knownCrewId, staff);
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO door_rule (senior_id, needs, wheelchair, extra_s, known_crew_id, changed_by, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE needs = VALUES(needs), wheelchair = VALUES(wheelchair), extra_s = VALUES(extra_s), known_crew_id = VALUES(known_crew_id),
           changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
        [seniorId, [...new Set(request.needs)].sort().join(','), request.wheelchair ? 1 : 0, request.extraS, request.knownCrewId, staff.staffId, this.clock.now()],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'door.changed', objectKind: 'senior', objectId: seniorId, outcome: 'done', detail: { needs: request.needs.length },
      }, tx);
    });
  }

  /** The order of a plan's doors becomes the remembered one of its depot and period; doors that are not in it keep theirs. @returns doors remembered */
  async remember(planId: string, staff: StaffIdentity): Promise<number> {
    const [plan] = await this.unitOfWork.reader.query<{ depotKind: string; depotId: string; period: string }[]>(
      'SELECT depot_kind AS depotKind, depot_id AS depotId, period FROM route_plan WHERE id = ?', [planId],
    );
    if (plan === undefined) return this.points.refuse(staff, 'route-plan', planId);
    await this.scope.require(staff, plan.depotKind, plan.depotId);
    return this.unitOfWork.run(async (tx) => {
      const doors = await tx.query<{ seniorId: string }[]>(
        `SELECT s.senior_id AS seniorId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id WHERE t.route_plan_id = ? ORDER BY t.depart_s, t.id, s.seq, s.id`, [planId],
      );
      for (const [index, { seniorId }] of doors.entries()) {
        await tx.query(
          'INSERT INTO remembered_door (depot_id, period, senior_id, rank_no) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE rank_no = VALUES(rank_no)',
          [plan.depotId, plan.period, seniorId, index + 1],
        );
      }
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'route-order.remembered', objectKind: 'route-plan', objectId: planId, outcome: 'done', detail: { doors: doors.length },
      }, tx);
      return doors.length;
    });
  }

  private async requireCrew(crewId: string, staff: StaffIdentity): Promise<void> {
    const [crew] = await this.unitOfWork.reader.query<{ depotKind: string; depotId: string }[]>(
      'SELECT depot_kind AS depotKind, depot_id AS depotId FROM crew WHERE id = ?', [crewId],
    );
    if (crew === undefined) return this.points.refuse(staff, 'crew', crewId);
    await this.scope.require(staff, crew.depotKind, crew.depotId);
  }
}

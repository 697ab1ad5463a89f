import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CREW_SKILLS, DOOR_NEEDS, type DispatchCrewRow, type DoorListAnswer, type DoorListQuery } from '../../contract/dispatch-doors.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { DepotScope } from './depot-scope.js';

interface CrewSqlRow { crewId: string; name: string; depotId: string; vehicle: string; capacityBoxes: number; shiftStartMin: number; shiftEndMin: number; active: number; skills: string | null }
interface DoorSqlRow {
  seniorId: string; seniorName: string; pointName: string; floor: number; hasLift: number; needs: string | null; wheelchair: number | null; extraS: number | null;
  knownCrewId: string | null; knownCrewName: string | null;
}

/** Crews with their skills and breaks, doors with their rules, inside the reader's scope. */
@Injectable()
export class DoorReads {
  constructor(private readonly dataSource: DataSource, private readonly scope: DepotScope, private readonly points: PointScope, private readonly clock: Clock) {}

  async crews(staff: StaffIdentity): Promise<DispatchCrewRow[]> {
    const depots = new Map((await this.scope.depotsOf(staff)).map((depot) => [depot.depotId, depot]));
    if (depots.size === 0) return [];
    const rows = await this.dataSource.query<CrewSqlRow[]>(
      `SELECT c.id AS crewId, c.name, c.depot_id AS depotId, c.vehicle, c.capacity_boxes AS capacityBoxes, c.shift_start_min AS shiftStartMin,
         c.shift_end_min AS shiftEndMin, c.active, (SELECT GROUP_CONCAT(k.skill ORDER BY k.skill) FROM crew_skill k WHERE k.crew_id = c.id) AS skills
       FROM crew c WHERE c.depot_id IN (?) AND c.kind <> 'by-hand' ORDER BY c.depot_id, c.name, c.id`, [[...depots.keys()]],
    );
    const breaks = rows.length === 0 ? [] : await this.dataSource.query<{ crewId: string; fromMin: number; toMin: number }[]>(
      'SELECT crew_id AS crewId, from_min AS fromMin, to_min AS toMin FROM crew_break WHERE crew_id IN (?) ORDER BY from_min', [rows.map((row) => row.crewId)],
    );
    const absent = rows.length === 0 ? [] : await this.dataSource.query<{ crewId: string; day: string; period: MealPeriod }[]>(
      "SELECT crew_id AS crewId, business_day AS day, period FROM crew_day WHERE crew_id IN (?) AND state = 'absent' AND business_day >= ? ORDER BY business_day, period",
      [rows.map((row) => row.crewId), this.clock.today()],
    );
    return rows.map((row) => ({
      ...row, absentOn: absent.filter((one) => one.crewId === row.crewId).map(({ day, period }) => ({ day, period })), depotName: depots.get(row.depotId)?.name ?? '', active: row.active === 1,
      skills: CREW_SKILLS.filter((skill) => row.skills?.split(',').includes(skill)),
      breaks: breaks.filter((rest) => rest.crewId === row.crewId).map(({ fromMin, toMin }) => ({ fromMin, toMin })),
    }));
  }

  async doors(query: DoorListQuery, staff: StaffIdentity): Promise<DoorListAnswer> {
    const points = await this.points.points(staff);
    if (points.length === 0) return { rows: [], total: 0 };
    const literal = query.search?.replace(/[\\%_]/g, (character) => `\\${character}`) ?? '';
    const found = literal === '' ? 'd.senior_id IS NOT NULL' : '(s.name LIKE ? OR s.name_initials LIKE ?)';
    const values = [points, ...(literal === '' ? [] : [`%${literal}%`, `${literal.toLowerCase()}%`])];
    const from = `FROM senior s JOIN point p ON p.id = s.point_id LEFT JOIN door_rule d ON d.senior_id = s.id LEFT JOIN crew c ON c.id = d.known_crew_id
      WHERE s.point_id IN (?) AND s.status = 'active' AND ${found}`;
    const rows = await this.dataSource.query<DoorSqlRow[]>(
      `SELECT s.id AS seniorId, s.name AS seniorName, p.name AS pointName, s.floor, s.has_lift AS hasLift, d.needs, d.wheelchair, d.extra_s AS extraS,
         d.known_crew_id AS knownCrewId, c.name AS knownCrewName ${from} ORDER BY s.name, s.id LIMIT ? OFFSET ?`, [...values, query.size, (query.page - 1) * query.size],
    );
    const [{ total }] = await this.dataSource.query<{ total: string | number }[]>(`SELECT COUNT(*) AS total ${from}`, values);
    return {
      total: Number(total),
      rows: rows.map((row) => ({
        ...row, hasLift: row.hasLift === 1, needs: DOOR_NEEDS.filter((need) => row.needs?.split(',').includes(need)), wheelchair: row.wheelchair === 1, extraS: row.extraS ?? 0,
      })),
    };
  }
}

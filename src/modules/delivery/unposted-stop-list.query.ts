import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UnpostedState, UnpostedStopAnswer, UnpostedStopQuery, UnpostedStopRow } from '../../contract/unposted.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';

type Row = Omit<UnpostedStopRow, 'dinerName' | 'state' | 'recordedAt' | 'askedAt' | 'settledAt' | 'mayPost' | 'mayAskFree' | 'mayAgreeFree' | 'mayReject' | 'deviceAt' | 'metresFromDoor'> & {
  deviceAt: Date | null; metresFromDoor: string | number | null;
  name: string; sex: Sex; state: UnpostedState | null; recordedAt: Date; askedAt: Date | null; settledAt: Date | null; askedById: string | null; askedRole: string | null;
};

const FROM = `FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN meal_order o ON o.id = s.meal_order_id JOIN point p ON p.id = o.point_id
  JOIN senior x ON x.id = s.senior_id JOIN crew c ON c.id = t.crew_id LEFT JOIN unposted_stop u ON u.route_stop_id = s.id
  LEFT JOIN staff r ON r.id = s.result_by LEFT JOIN staff a ON a.id = u.asked_by LEFT JOIN staff f ON f.id = u.settled_by`;

const STATE_SQL: Readonly<Record<UnpostedStopQuery['state'], string>> = {
  waiting: "s.meal_id IS NULL AND (u.state IS NULL OR u.state = 'free-asked')",
  'given-free': "u.state = 'given-free'",
  posted: "u.state = 'posted'",
  rejected: "u.state = 'rejected'",
  all: '(s.meal_id IS NULL OR u.route_stop_id IS NOT NULL)',
};
/** Roles that decide; everybody else reads. */
const DECIDING = ['street', 'finance'];

/** Delivered stops without a posted meal, newest day first: what was handed over and nobody has been charged or paid for. */
@Injectable()
export class UnpostedStops {
  constructor(private readonly dataSource: DataSource, private readonly points: PointScope, private readonly clock: Clock) {}

  async list(query: UnpostedStopQuery, staff: StaffIdentity): Promise<UnpostedStopAnswer> {
    const asOf = this.clock.now().toISOString();
    const points = await this.points.narrowed(staff, query.pointId);
    if (points.length === 0) return { rows: [], total: 0, byReason: [], asOf };
    const where = conditionsOf(query, points);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT s.id AS stopId, o.business_day AS day, o.period, p.name AS pointName, c.name AS crewName, t.trip_no AS tripNo, x.name, x.sex,
         o.set_code AS setCode, s.reason, s.received_by AS receivedBy, s.result_at AS recordedAt, COALESCE(r.display_name, '') AS recordedBy,
         u.state, u.free_reason AS freeReason, a.display_name AS askedBy, u.asked_by AS askedById, u.asked_role AS askedRole, u.asked_at AS askedAt,
         f.display_name AS settledBy, u.settled_at AS settledAt, s.meal_id AS mealId, s.proof, s.device_at AS deviceAt,
         ST_Distance_Sphere(POINT(s.place_longitude, s.place_latitude), POINT(x.longitude, x.latitude)) AS metresFromDoor
       ${FROM} WHERE ${where.sql} ORDER BY o.business_day DESC, p.code, s.result_at, s.id LIMIT ? OFFSET ?`,
      [...where.values, query.size, (query.page - 1) * query.size],
    );
    const sums = await this.dataSource.query<{ reason: string; stops: string | number }[]>(
      `SELECT s.reason, COUNT(*) AS stops ${FROM} WHERE ${where.sql} GROUP BY s.reason ORDER BY s.reason`, where.values,
    );
    const byReason = sums.map(({ reason, stops }) => ({ reason, stops: Number(stops) }));
    return { rows: rows.map((row) => rowOf(row, staff)), total: byReason.reduce((sum, { stops }) => sum + stops, 0), byReason, asOf };
  }
}

function conditionsOf(query: UnpostedStopQuery, points: readonly string[]): { sql: string; values: unknown[] } {
  const conditions = ["s.result = 'delivered'", STATE_SQL[query.state], 'o.point_id IN (?)'];
  const values: unknown[] = [points];
  const add = (condition: string, ...given: unknown[]): void => {
    if (given[0] === undefined || given[0] === '') return;
    conditions.push(condition);
    values.push(...given);
  };
  add('o.business_day >= ?', query.from);
  add('o.business_day <= ?', query.to);
  add('s.reason = ?', query.reason);
  const literal = query.search?.replace(/[\\%_]/g, (character) => `\\${character}`);
  if (literal !== undefined && literal !== '') add('(x.name LIKE ? OR x.name_initials LIKE ?)', `%${literal}%`, `${literal.toLowerCase()}%`);
  return { sql: conditions.join(' AND '), values };
}

function rowOf({ name, sex, askedById, askedRole, deviceAt, metresFromDoor, ...row }: Row, staff: StaffIdentity): UnpostedStopRow {
  const state = row.state ?? 'open';
  const mayDecide = DECIDING.includes(staff.role) && (state === 'open' || state === 'free-asked');
  return {
    ...row, state, dinerName: maskName(name, sex), recordedAt: row.recordedAt.toISOString(), askedAt: row.askedAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
    ...phoneOf(deviceAt, metresFromDoor),
    mayReject: mayDecide && row.reason === 'pattern-review', mayPost: mayDecide, mayAskFree: mayDecide && state === 'open',
    mayAgreeFree: mayDecide && state === 'free-asked' && askedById !== staff.staffId && askedRole !== staff.role,
  };
}

function phoneOf(deviceAt: Date | null, metresFromDoor: string | number | null): Pick<UnpostedStopRow, 'deviceAt' | 'metresFromDoor'> {
  return { deviceAt: deviceAt?.toISOString() ?? null, metresFromDoor: metresFromDoor === null ? null : Math.round(Number(metresFromDoor)) };
}

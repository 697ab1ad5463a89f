import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type {
  ExceptionChoicesAnswer, ExceptionFilters, ExceptionListAnswer, ExceptionListQuery, ExceptionRow, ExceptionSummaryAnswer, ExceptionSummaryQuery,
} from '../../contract/exceptions.js';
import { KIND_NAMES } from '../../domain/exceptions/index.js';
import { addDays, businessDayOf, instantOf, weekdayOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { FINDING_SQL, FINDING_TABLES, findingCondition, findingRow, kindLabel, type FindingSqlRow } from './finding-rows.js';
import { FindingScope, type Condition } from './finding-scope.js';

/** Roles that work on exceptions; the auditor reads. */
export const WORKING_ROLES = ['finance', 'street', 'supervisor'] as const;
const ORDER = "ORDER BY f.state NOT IN ('open', 'in-work'), f.score DESC, f.found_at DESC, f.id";

/** Lists, choices and weekly sums of findings in scope. */
@Injectable()
export class FindingLists {
  constructor(private readonly dataSource: DataSource, private readonly scope: FindingScope, private readonly clock: Clock) {}

  async list(query: ExceptionListQuery, staff: StaffIdentity): Promise<ExceptionListAnswer> {
    const where = await this.where(query, staff);
    const [counted] = await this.dataSource.query<{ total: string | number }[]>(`SELECT COUNT(*) AS total FROM exception_finding f WHERE ${where.text}`, [...where.params]);
    const rows = await this.rows(where, query.size, (query.page - 1) * query.size);
    return { rows, total: Number(counted?.total ?? 0) };
  }

  /** The first `most` of what a list shows, for a file. */
  async all(filters: ExceptionFilters, staff: StaffIdentity, most: number): Promise<ExceptionRow[]> {
    return this.rows(await this.where(filters, staff), most, 0);
  }

  async choices(staff: StaffIdentity): Promise<ExceptionChoicesAnswer> {
    const streetId = await this.scope.streetOf(staff);
    const ids = await this.scope.pointIds(staff);
    const points = ids.length === 0 ? [] : await this.dataSource.query<{ id: string; name: string }[]>('SELECT id, name FROM point WHERE id IN (?) ORDER BY code', [ids]);
    return {
      points, owners: await this.owners(streetId),
      kinds: KIND_NAMES.map((key) => ({ key, label: kindLabel(key) })),
    };
  }

  /** Staff of the street with a working role. */
  async owners(streetId: string): Promise<{ staffId: string; name: string }[]> {
    return this.dataSource.query(
      `SELECT s.id AS staffId, s.display_name AS name FROM staff s WHERE s.active = 1 AND s.role IN (?) AND (
         (s.scope_kind = 'street' AND s.scope_id = ?)
         OR (s.scope_kind = 'community' AND s.scope_id IN (SELECT id FROM community WHERE street_id = ?))
         OR (s.scope_kind = 'kitchen' AND s.scope_id IN (SELECT id FROM kitchen WHERE street_id = ?))
         OR (s.scope_kind = 'point' AND s.scope_id IN (SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = ?)))
       ORDER BY s.display_name, s.id`,
      [WORKING_ROLES, streetId, streetId, streetId, streetId],
    );
  }

  async summary(query: ExceptionSummaryQuery, staff: StaffIdentity): Promise<ExceptionSummaryAnswer> {
    await this.scope.requirePoint(staff, query.pointId);
    const today = this.clock.today();
    const monday = addDays(today, 1 - weekdayOf(today));
    const weeks = Array.from({ length: query.weeks }, (_, index) => addDays(monday, (index + 1 - query.weeks) * 7));
    const where = await this.where({ pointId: query.pointId }, staff);
    const [found, states] = [await this.foundPerDay(where, weeks[0] ?? monday), await this.states(where, today)];
    const kinds = KIND_NAMES.map((kind) => {
      const own = states.filter((row) => row.kind === kind);
      const inState = (...names: string[]): number => own.filter((row) => names.includes(row.state)).reduce((sum, row) => sum + row.n, 0);
      return {
        kind, label: kindLabel(kind), unsettled: inState('open', 'in-work'), confirmed: inState('confirmed', 'passed-on'), explained: inState('explained'),
        perWeek: weeks.map((week) => found.filter((row) => row.kind === kind && row.day >= week && row.day < addDays(week, 7)).reduce((sum, row) => sum + row.n, 0)),
      };
    }).filter((row) => row.unsettled + row.confirmed + row.explained > 0);
    const confirmed = kinds.reduce((sum, row) => sum + row.confirmed, 0);
    const settled = confirmed + kinds.reduce((sum, row) => sum + row.explained, 0);
    return {
      weeks, kinds, unsettled: kinds.reduce((sum, row) => sum + row.unsettled, 0), overdue: states.reduce((sum, row) => sum + row.overdue, 0),
      confirmedShare: settled === 0 ? null : confirmed / settled,
    };
  }

  private async foundPerDay(where: Condition, from: BusinessDay): Promise<{ kind: string; day: BusinessDay; n: number }[]> {
    const rows = await this.dataSource.query<{ kind: string; foundAt: Date }[]>(
      `SELECT f.kind, f.found_at AS foundAt FROM exception_finding f WHERE ${where.text} AND f.found_at >= ?`, [...where.params, instantOf(from, 0)],
    );
    return rows.map(({ kind, foundAt }) => ({ kind, day: businessDayOf(foundAt), n: 1 }));
  }

  private async states(where: Condition, today: BusinessDay): Promise<{ kind: string; state: string; n: number; overdue: number }[]> {
    const rows = await this.dataSource.query<{ kind: string; state: string; n: string; overdue: string }[]>(
      `SELECT f.kind, f.state, COUNT(*) AS n, SUM(f.state IN ('open', 'in-work') AND f.due_day < ?) AS overdue FROM exception_finding f WHERE ${where.text} GROUP BY f.kind, f.state`,
      [today, ...where.params],
    );
    return rows.map((row) => ({ ...row, n: Number(row.n), overdue: Number(row.overdue) }));
  }

  private async where(filters: ExceptionFilters, staff: StaffIdentity): Promise<Condition> {
    await this.scope.requirePoint(staff, filters.pointId);
    return findingCondition(await this.scope.conditionOf(staff), filters, staff, this.clock.now());
  }

  private async rows(where: Condition, size: number, offset: number): Promise<ExceptionRow[]> {
    const rows = await this.dataSource.query<FindingSqlRow[]>(`${FINDING_SQL} ${FINDING_TABLES} WHERE ${where.text} ${ORDER} LIMIT ? OFFSET ?`, [...where.params, size, offset]);
    return rows.map((row) => findingRow(row, this.clock.today()));
  }
}

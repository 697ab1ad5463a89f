import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SpecialSeniorListAnswer, SpecialSeniorQuery, SpecialSeniorRow } from '../../contract/seniors.js';
import { addDays, ageOn, daysBetween, type BusinessDay } from '../../domain/kernel/business-day.js';
import { SPECIAL_SENIOR } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { SENIOR_SCOPE } from './senior-records.js';

type Row = Omit<SpecialSeniorRow, 'ageYears' | 'createdAt' | 'mayCheck' | 'mayDecide' | 'followed' | 'endsInDays'> & {
  birthDate: BusinessDay; createdAt: Date; followed: number; appliedBy: string | null; checkedBy: string | null;
};

/** Applications for special seniors inside a scope; the oldest open one first, because somebody waits for a meal. */
@Injectable()
export class SpecialSeniorListQuery {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async run(query: SpecialSeniorQuery, staff: StaffIdentity): Promise<SpecialSeniorListAnswer> {
    const scope = scopeFilter(staff, SENIOR_SCOPE);
    const ending = query.endingInDays === undefined ? [] : [this.clock.today(), addDays(this.clock.today(), query.endingInDays)];
    const where = `k.code = ? AND ${scope.sql}${query.status === undefined ? '' : ' AND k.status = ?'}${ending.length === 0 ? ''
      : " AND k.status = 'approved' AND s.status = 'active' AND k.valid_to > ? AND k.valid_to <= ?"}`;
    const params = [SPECIAL_SENIOR, ...scope.params, ...(query.status === undefined ? [] : [query.status]), ...ending];
    const [count] = await this.dataSource.query<{ n: string | number }[]>(
      `SELECT COUNT(*) AS n FROM senior_category k JOIN senior s ON s.id = k.senior_id WHERE ${where}`, params,
    );
    const rows = await this.dataSource.query<Row[]>(
      `SELECT k.id, s.id AS seniorId, s.name AS seniorName, s.birth_date AS birthDate, p.name AS pointName, c.name AS communityName,
              k.status, k.source, k.evidence, k.valid_from AS validFrom, k.valid_to AS validTo, k.refusal_reason AS refusalReason,
              k.created_at AS createdAt, k.applied_by AS appliedBy, k.community_checked_by AS checkedBy,
              a.display_name AS appliedByName, b.display_name AS communityCheckedByName, d.display_name AS streetDecidedByName,
              (SELECT l.kind FROM special_senior_link l WHERE l.application_id = k.id) AS follows,
              EXISTS (SELECT 1 FROM special_senior_link l WHERE l.earlier_id = k.id) AS followed
       FROM senior_category k JOIN senior s ON s.id = k.senior_id JOIN point p ON p.id = s.point_id JOIN community c ON c.id = s.community_id
       LEFT JOIN staff a ON a.id = k.applied_by LEFT JOIN staff b ON b.id = k.community_checked_by LEFT JOIN staff d ON d.id = k.street_decided_by
       WHERE ${where} ORDER BY ${ending.length === 0 ? "(k.status IN ('approved', 'refused')), k.created_at" : 'k.valid_to'}, k.id LIMIT ? OFFSET ?`,
      [...params, query.size, (query.page - 1) * query.size],
    );
    return { total: Number(count?.n ?? 0), rows: rows.map((row) => this.rowFor(row, staff)) };
  }

  private rowFor({ birthDate, appliedBy, checkedBy, createdAt, followed, ...row }: Row, staff: StaffIdentity): SpecialSeniorRow {
    const another = staff.staffId !== appliedBy && staff.staffId !== checkedBy;
    const mayAct = staff.role === 'street' && another;
    return {
      ...row,
      createdAt: createdAt.toISOString(),
      followed: Number(followed) === 1,
      endsInDays: row.status === 'approved' && row.validTo !== null ? daysBetween(this.clock.today(), row.validTo as BusinessDay) : null,
      ageYears: ageOn(birthDate, this.clock.today()),
      mayCheck: mayAct && staff.scopeKind === 'community' && row.status === 'applied',
      mayDecide: mayAct && staff.scopeKind === 'street' && row.status === 'community',
    };
  }
}

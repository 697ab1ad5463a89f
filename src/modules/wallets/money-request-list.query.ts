import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MoneyRequestRow, MoneyRequestsAnswer, MoneyRequestsQuery } from '../../contract/wallets.js';
import { addDays, businessDayOf } from '../../domain/kernel/business-day.js';
import { maskName } from '../../domain/persons/index.js';
import { parseJson } from '../../infra/database/columns.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';

/** Prepaid money goes back within five days of the request (Zhejiang measures, art. 11). */
const REFUND_DAYS = 5;

interface Row extends Omit<MoneyRequestRow, 'maskedName' | 'dueOn' | 'askedAt' | 'decidedAt' | 'mayDecide' | 'detail'> {
  name: string; sex: 'M' | 'F'; askedBy: string; askedAt: Date; decidedAt: Date | null; detail: unknown;
}

/** What one person has asked and another has still to decide, and what became of the rest. */
@Injectable()
export class MoneyRequestListQuery {
  constructor(private readonly dataSource: DataSource) {}

  async list(staff: StaffIdentity, query: MoneyRequestsQuery): Promise<MoneyRequestsAnswer> {
    const scope = scopeFilter(staff, { streetId: 's.street_id', communityId: 's.community_id', pointId: 's.point_id' });
    const where = `${scope.sql} AND (? IS NULL OR r.state = ?) AND (? IS NULL OR r.kind = ?) AND (? IS NULL OR r.senior_id = ?)`;
    const [state, kind, seniorId] = [query.state ?? null, query.kind ?? null, query.seniorId ?? null];
    const params = [...scope.params, state, state, kind, kind, seniorId, seniorId];
    const [count] = await this.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM money_request r JOIN senior s ON s.id = r.senior_id WHERE ${where}`, params);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT r.id, r.kind, r.state, r.senior_id AS seniorId, s.name, s.sex, p.name AS pointName, r.amount_fen AS amountFen, r.cause, r.pay_to_kind AS payToKind,
              r.pay_to_label AS payToLabel, r.detail, r.reason, r.asked_by AS askedBy, a.display_name AS askedByName, r.asked_at AS askedAt,
              d.display_name AS decidedByName, r.decided_at AS decidedAt, r.decision_note AS decisionNote
       FROM money_request r JOIN senior s ON s.id = r.senior_id JOIN point p ON p.id = r.point_id
       LEFT JOIN staff a ON a.id = r.asked_by LEFT JOIN staff d ON d.id = r.decided_by
       WHERE ${where} ORDER BY r.state = 'asked' DESC, r.asked_at DESC, r.id LIMIT ? OFFSET ?`, [...params, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map((row) => toRow(row, staff)), total: Number(count?.n ?? 0) };
  }
}

function toRow({ name, sex, askedBy, ...row }: Row, staff: StaffIdentity): MoneyRequestRow {
  const decides = ['finance', 'street'].includes(staff.role) || (staff.role === 'attendant' && row.kind === 'top-up-undo');
  return {
    ...row, maskedName: maskName(name, sex), amountFen: Number(row.amountFen), detail: parseJson(row.detail), askedByName: row.askedByName ?? '',
    askedAt: row.askedAt.toISOString(), dueOn: addDays(businessDayOf(row.askedAt), REFUND_DAYS), decidedAt: row.decidedAt?.toISOString() ?? null,
    mayDecide: row.state === 'asked' && askedBy !== staff.staffId && decides,
  };
}

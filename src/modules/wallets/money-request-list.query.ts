import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MoneyRequestRow, MoneyRequestsAnswer, MoneyRequestsQuery } from '../../contract/wallets.js';
import { addDays, businessDayOf } from '../../domain/kernel/business-day.js';
import { maskName } from '../../domain/persons/index.js';
import { parseJson } from '../../infra/database/columns.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';

/** Requests whose money leaves our hands after they are approved. */
export const PAID_OUT: readonly string[] = ['refund', 'release', 'channel-refund'];
/** Prepaid money goes back within five days of the request (Zhejiang measures, art. 11). */
const REFUND_DAYS = 5;

interface Row extends Omit<MoneyRequestRow, 'maskedName' | 'dueOn' | 'askedAt' | 'decidedAt' | 'mayDecide' | 'detail' | 'payout' | 'mayPayOut' | 'mayUndo'> {
  name: string; sex: 'M' | 'F'; askedBy: string; askedAt: Date; decidedAt: Date | null; detail: unknown;
  paidOn: string | null; reference: string | null; payerName: string | null; sentAt: Date | null; undone: number;
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
              d.display_name AS decidedByName, r.decided_at AS decidedAt, r.decision_note AS decisionNote,
              r.paid_out_on AS paidOn, r.paid_out_reference AS reference, o.display_name AS payerName,
              EXISTS (SELECT 1 FROM money_request u WHERE u.kind = 'write-off-undo' AND u.subject_id = r.id AND u.state <> 'refused') AS undone,
              (SELECT MAX(c.sent_at) FROM channel_refund c WHERE r.pay_to_kind = 'channel' AND c.order_id = r.subject_id AND c.state = 'sent' AND c.created_at >= r.decided_at) AS sentAt
       FROM money_request r JOIN senior s ON s.id = r.senior_id JOIN point p ON p.id = r.point_id
       LEFT JOIN staff a ON a.id = r.asked_by LEFT JOIN staff d ON d.id = r.decided_by LEFT JOIN staff o ON o.id = r.paid_out_by
       WHERE ${where} ORDER BY r.state = 'asked' DESC, r.asked_at DESC, r.id LIMIT ? OFFSET ?`, [...params, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map((row) => toRow(row, staff)), total: Number(count?.n ?? 0) };
  }
}

const isOffice = (staff: StaffIdentity): boolean => staff.role === 'finance' || staff.role === 'street';

function toRow({ name, sex, askedBy, undone, ...row }: Row, staff: StaffIdentity): MoneyRequestRow {
  const decides = (isOffice(staff) && (row.kind !== 'release' || staff.role === 'finance')) || (staff.role === 'attendant' && row.kind === 'top-up-undo');
  const { paidOn: _paidOn, reference: _reference, payerName: _payerName, sentAt: _sentAt, ...shown } = row;
  const payout = payoutOf(row);
  return {
    ...shown, maskedName: maskName(name, sex), amountFen: Number(row.amountFen), detail: parseJson(row.detail), askedByName: row.askedByName ?? '',
    askedAt: row.askedAt.toISOString(), dueOn: addDays(businessDayOf(row.askedAt), REFUND_DAYS), decidedAt: row.decidedAt?.toISOString() ?? null,
    mayDecide: row.state === 'asked' && askedBy !== staff.staffId && decides,
    mayUndo: row.kind === 'write-off' && row.state === 'done' && Number(undone) === 0 && isOffice(staff),
    payout, mayPayOut: payout?.state === 'due' && mayPayOut(row.payToKind, staff),
  };
}

/** Null for what gives nothing out of hand: other requests, and a refund that only settled debts. */
function payoutOf(row: Pick<Row, 'kind' | 'state' | 'detail' | 'paidOn' | 'reference' | 'payerName' | 'sentAt'>): MoneyRequestRow['payout'] {
  const { payoutFen = 0 } = parseJson<{ payoutFen?: number }>(row.detail);
  if (!PAID_OUT.includes(row.kind) || row.state !== 'done' || payoutFen === 0) return null;
  const on = row.paidOn ?? (row.sentAt === null ? null : businessDayOf(row.sentAt));
  return { state: on === null ? 'due' : 'paid', on, reference: row.reference ?? '', byName: row.payerName ?? '' };
}

/** Finance pays by bank, who hands out cash says so; a channel says it by itself. */
function mayPayOut(payToKind: string | null, staff: StaffIdentity): boolean {
  return staff.role === 'finance' ? payToKind !== 'channel' : staff.role === 'attendant' && payToKind === 'cash';
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeskSalesAnswer, DeskSalesAsked } from '../../contract/desk.js';
import { maskName } from '../../domain/persons/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { likeLiteral, type SqlCondition } from '../../infra/http/scope-filter.js';
import { RECEIPT_LENGTH, receiptNoOf } from './receipt-no.js';

interface SaleRow {
  mealId: string; pickupNo: string; name: string | null; sex: 'M' | 'F' | null; mealName: string; grossFen: number; dueFen: number;
  identifiedBy: string; soldAt: Date; refundedAt: Date | null; period: string; channel: string;
  askedBy: string | null; askedByName: string | null; askReason: string | null; askNote: string | null;
}

/** Which sales are wanted: `staffId` reads them, and only meals of the `servingPeriod` that lasts now can still be refunded. */
interface Wanted extends DeskSalesAsked { readonly pointId: PointId; readonly staffId: string; readonly day: BusinessDay; readonly servingPeriod: string | null }

const TABLES = `FROM meal m JOIN set_meal sm ON sm.id = m.set_meal_id LEFT JOIN senior s ON s.id = m.senior_id
  LEFT JOIN meal_reversal r ON r.meal_id = m.id
  LEFT JOIN refund_ask k ON k.meal_id = m.id AND k.open_mark = 1 LEFT JOIN staff a ON a.id = k.asked_by
  WHERE m.point_id = ? AND m.business_day = ? AND m.channel <> 'delivery'`;

/** The sales of one point and day, a page of them, newest first. */
@Injectable()
export class DeskSalesQuery {
  constructor(private readonly dataSource: DataSource) {}

  /** Sales whose refund waits for a second person come first, however old: nobody has to look for them. */
  async ofDay({ pointId, staffId, day, servingPeriod, limit, page, search }: Wanted): Promise<Pick<DeskSalesAnswer, 'total' | 'sales'>> {
    const fits = search === '' ? { sql: '1 = 1', params: [] } : searchCondition(search);
    const params = [pointId, day, ...fits.params];
    const [count] = await this.dataSource.query<{ n: string | number }[]>(`SELECT COUNT(*) AS n ${TABLES} AND (${fits.sql})`, params);
    const rows = await this.dataSource.query<SaleRow[]>(
      `SELECT m.id AS mealId, m.pickup_no AS pickupNo, s.name, s.sex, sm.name AS mealName, m.gross_fen AS grossFen, m.due_fen AS dueFen,
              m.identified_by AS identifiedBy, m.sold_at AS soldAt, r.at AS refundedAt, m.period, m.channel,
              k.asked_by AS askedBy, a.display_name AS askedByName, k.reason AS askReason, k.note AS askNote
       ${TABLES} AND (${fits.sql}) ORDER BY k.id IS NULL, m.sold_at DESC, m.id DESC LIMIT ? OFFSET ?`,
      [...params, limit, (page - 1) * limit],
    );
    return { total: Number(count?.n ?? 0), sales: rows.map((row) => saleOf(row, staffId, servingPeriod)) };
  }
}

/**
 * What people read from a slip or say: numbers are compared in full, so that A12 finds neither A120 nor a stranger's
 * receipt; a machine without network has given the sale numbers of its own.
 */
function searchCondition(search: string): SqlCondition {
  const number = search.toUpperCase();
  const shown = /^(.+)(先生|女士)$/.exec(search);
  return {
    sql: `m.pickup_no = ? OR RIGHT(UPPER(m.id), ${String(RECEIPT_LENGTH)}) = ? OR s.name LIKE ? ${shown === null ? '' : 'OR (s.name LIKE ? AND s.sex = ?)'}
      OR EXISTS (SELECT 1 FROM offline_sale o JOIN device d ON d.id = o.device_id
        WHERE o.meal_id = m.id AND (CONCAT(d.name, ' ', o.seq) = ? OR CONCAT(sm.code, '-', o.seq) = ?))`,
    params: [
      number, number, `%${likeLiteral(search)}%`, ...(shown === null ? [] : [`${likeLiteral(shown[1] ?? '')}%`, shown[2] === '先生' ? 'M' : 'F']), search, number,
    ],
  };
}

function saleOf(row: SaleRow, staffId: string, servingPeriod: string | null): DeskSalesAnswer['sales'][number] {
  return {
    mealId: row.mealId, receiptNo: receiptNoOf(row.mealId), pickupNo: row.pickupNo, maskedName: row.name !== null && row.sex !== null ? maskName(row.name, row.sex) : '',
    mealName: row.mealName, grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), identifiedBy: row.identifiedBy,
    soldAt: row.soldAt.toISOString(), refundedAt: row.refundedAt?.toISOString() ?? null,
    refundable: row.refundedAt === null && row.period === servingPeriod,
    refundAsk: row.askedBy === null ? null : { askedByName: row.askedByName ?? '', own: row.askedBy === staffId, reason: row.askReason ?? '', note: row.askNote ?? '' },
  };
}

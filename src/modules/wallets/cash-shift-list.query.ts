import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { CashShiftAnswer, CashShiftSlipAnswer, CashShiftsAnswer, CashShiftsQuery, DeskShiftAnswer } from '../../contract/cash-shifts.js';

interface ShiftRow {
  id: string; pointId: string; pointName: string; staffName: string; businessDay: string; state: CashShiftAnswer['state']; openedAt: Date;
  openingFen: number; handoverDifferenceFen: number; handoverReason: string; movedFen: number | null; expectedFen: number | null; countedFen: number | null;
  keptFen: number | null; differenceFen: number | null; reason: string; unsentKiosks: number; unsentSales: number; unsentReason: string; countedAt: Date | null; closedAt: Date | null; confirmedByName: string | null;
}

const SHIFT_SQL = `SELECT s.id, s.point_id AS pointId, p.name AS pointName, a.display_name AS staffName, s.business_day AS businessDay, s.state,
    s.opened_at AS openedAt, s.opening_fen AS openingFen, s.handover_difference_fen AS handoverDifferenceFen, s.handover_reason AS handoverReason,
    s.moved_fen AS movedFen, s.expected_fen AS expectedFen, s.counted_fen AS countedFen, s.kept_fen AS keptFen, s.difference_fen AS differenceFen,
    s.reason, s.unsent_kiosks AS unsentKiosks, s.unsent_sales AS unsentSales, s.unsent_reason AS unsentReason, s.counted_at AS countedAt, s.closed_at AS closedAt, b.display_name AS confirmedByName
  FROM cash_shift s JOIN point p ON p.id = s.point_id JOIN staff a ON a.id = s.staff_id LEFT JOIN staff b ON b.id = s.confirmed_by`;

/** Drawers as pages show and print them. */
@Injectable()
export class CashShiftListQuery {
  constructor(private readonly dataSource: DataSource) {}

  async openOf(staffId: string): Promise<CashShiftAnswer | null> {
    const [row] = await this.dataSource.query<ShiftRow[]>(`${SHIFT_SQL} WHERE s.staff_id = ? AND s.open_mark = 1`, [staffId]);
    return row === undefined ? null : toShift(row);
  }

  /** The newest closed drawer of a point whose float nobody has taken over yet. */
  async toTakeOver(pointId: string, tx: EntityManager = this.dataSource.manager): Promise<DeskShiftAnswer['takeOver']> {
    const [row] = await tx.query<{ shiftId: string; keptFen: number; staffName: string; closedAt: Date }[]>(
      `SELECT s.id AS shiftId, s.kept_fen AS keptFen, a.display_name AS staffName, s.closed_at AS closedAt
       FROM cash_shift s JOIN staff a ON a.id = s.staff_id
       WHERE s.point_id = ? AND s.state = 'closed' AND s.kept_fen > 0 AND NOT EXISTS (SELECT 1 FROM cash_shift n WHERE n.previous_shift_id = s.id)
       ORDER BY s.closed_at DESC, s.id DESC LIMIT 1`, [pointId],
    );
    return row === undefined ? null : { ...row, keptFen: Number(row.keptFen), closedAt: row.closedAt.toISOString() };
  }

  async list(query: CashShiftsQuery, pointIds: readonly string[]): Promise<CashShiftsAnswer> {
    if (pointIds.length === 0) return { rows: [], total: 0, differenceFen: 0, liftedFen: 0 };
    const where = `s.business_day BETWEEN ? AND ? AND s.point_id IN (?) AND (? IS NULL OR s.state = ?)`;
    const params = [query.from, query.to, pointIds, query.state ?? null, query.state ?? null];
    const [sums] = await this.dataSource.query<{ total: number; differenceFen: number | null; liftedFen: number | null }[]>(
      `SELECT COUNT(*) AS total, SUM(COALESCE(s.difference_fen, 0) + s.handover_difference_fen) AS differenceFen, SUM(s.counted_fen - s.kept_fen) AS liftedFen
       FROM cash_shift s WHERE ${where}`, params,
    );
    const rows = await this.dataSource.query<ShiftRow[]>(
      `${SHIFT_SQL} WHERE ${where} ORDER BY s.business_day DESC, p.code, s.opened_at DESC, s.id LIMIT ? OFFSET ?`,
      [...params, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map(toShift), total: Number(sums?.total ?? 0), differenceFen: Number(sums?.differenceFen ?? 0), liftedFen: Number(sums?.liftedFen ?? 0) };
  }

  /** @returns null for an unknown shift or one of another place */
  async slip(shiftId: string, pointIds: readonly string[]): Promise<CashShiftSlipAnswer | null> {
    if (pointIds.length === 0) return null;
    const [row] = await this.dataSource.query<ShiftRow[]>(`${SHIFT_SQL} WHERE s.id = ? AND s.point_id IN (?)`, [shiftId, pointIds]);
    if (row === undefined) return null;
    const movements = row.state === 'open' ? [] : await this.dataSource.query<{ at: Date; kind: string; cashFen: number; transferId: string }[]>(
      `SELECT t.created_at AS at, t.kind, e.cash_fen AS cashFen, t.id AS transferId FROM cash_shift_entry e JOIN transfer t ON t.id = e.transfer_id
       WHERE e.shift_id = ? ORDER BY t.position`, [shiftId],
    );
    return { shift: toShift(row), movements: movements.map((move) => ({ ...move, at: move.at.toISOString(), cashFen: Number(move.cashFen) })) };
  }
}

function toShift(row: ShiftRow): CashShiftAnswer {
  const amount = (value: number | null): number | null => (value === null ? null : Number(value));
  return {
    ...row, openedAt: row.openedAt.toISOString(), openingFen: Number(row.openingFen), handoverDifferenceFen: Number(row.handoverDifferenceFen),
    movedFen: amount(row.movedFen), expectedFen: amount(row.expectedFen), countedFen: amount(row.countedFen), keptFen: amount(row.keptFen),
    differenceFen: amount(row.differenceFen), liftedFen: row.countedFen === null || row.keptFen === null ? null : Number(row.countedFen) - Number(row.keptFen),
    countedAt: row.countedAt?.toISOString() ?? null, closedAt: row.closedAt?.toISOString() ?? null,
  };
}

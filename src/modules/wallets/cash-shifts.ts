import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, TransferId } from '../../domain/kernel/ids.js';
import { fen, type Fen } from '../../domain/kernel/money.js';

/** The drawers of a point on a day, as a day close needs them. */
export interface PointDrawers {
  /** Drawers still open or waiting for their second person; the day cannot be closed before. */
  readonly open: number;
  readonly closed: number;
  readonly openingFen: Fen;
  /** Cash taken less cash given, over all drawers of the day. */
  readonly movedFen: Fen;
  readonly countedFen: Fen;
  /** Counted less expected, hand-overs included; what the point's day has too much or too little. */
  readonly differenceFen: Fen;
}

/** The door to the drawers of points. */
@Injectable()
export class CashShifts {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The drawer that this cash goes into or comes from. Shared by the sales of one person, waited for by the count only;
   * kiosks never come here. A drawer holds the cash of one day, the day on which it is counted and closed with.
   *
   * @param day the day on which the cash is booked
   * @throws DomainError SHIFT.NOT_OPEN, SHIFT.OTHER_DAY
   */
  async requireOpen(tx: EntityManager, staffId: string, pointId: string, day: BusinessDay): Promise<string> {
    const [row] = await tx.query<{ id: string; day: BusinessDay }[]>(
      "SELECT id, business_day AS day FROM cash_shift WHERE staff_id = ? AND point_id = ? AND open_mark = 1 AND state = 'open' LOCK IN SHARE MODE", [staffId, pointId],
    );
    if (row === undefined) throw new DomainError('SHIFT.NOT_OPEN', 'refused');
    if (row.day !== day) throw new DomainError('SHIFT.OTHER_DAY', 'refused', { day: row.day });
    return row.id;
  }

  /** @param cashFen positive into the drawer */
  async enter(tx: EntityManager, shiftId: string, transferId: TransferId, cashFen: number): Promise<void> {
    await tx.query('INSERT INTO cash_shift_entry (transfer_id, shift_id, cash_fen) VALUES (?, ?, ?)', [transferId, shiftId, cashFen]);
  }

  /** What the drawers of a point's day hold and lack. */
  async ofDay(pointId: PointId, day: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<PointDrawers> {
    const [row] = await tx.query<Record<'open' | 'closed' | 'openingFen' | 'movedFen' | 'countedFen' | 'differenceFen', number | null>[]>(
      `SELECT SUM(s.state <> 'closed') AS open, SUM(s.state = 'closed') AS closed, SUM(s.opening_fen) AS openingFen,
              SUM((SELECT COALESCE(SUM(e.cash_fen), 0) FROM cash_shift_entry e WHERE e.shift_id = s.id)) AS movedFen,
              SUM(s.counted_fen) AS countedFen, SUM(COALESCE(s.difference_fen, 0) + s.handover_difference_fen) AS differenceFen
       FROM cash_shift s WHERE s.point_id = ? AND s.business_day = ?`, [pointId, day],
    );
    const amount = (name: 'openingFen' | 'movedFen' | 'countedFen' | 'differenceFen'): Fen => fen(Number(row?.[name] ?? 0));
    return {
      open: Number(row?.open ?? 0), closed: Number(row?.closed ?? 0), openingFen: amount('openingFen'), movedFen: amount('movedFen'),
      countedFen: amount('countedFen'), differenceFen: amount('differenceFen'),
    };
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { TransferRow, TransfersAnswer } from '../../contract/closing.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

type Row = Omit<TransferRow, 'sentAt'> & { sentAt: Date };

const SQL = `SELECT t.id, t.from_point_id AS fromPointId, a.name AS fromPointName, t.to_point_id AS toPointId, b.name AS toPointName, t.set_meal_id AS setMealId,
    m.code AS setCode, m.name AS setName, t.business_day AS day, t.period, t.portions, t.state, t.sent_at AS sentAt, t.accepted, t.note
  FROM portion_transfer t JOIN point a ON a.id = t.from_point_id JOIN point b ON b.id = t.to_point_id JOIN set_meal m ON m.id = t.set_meal_id`;

/** Portions between points, as both sides see them. */
@Injectable()
export class PortionTransfers {
  constructor(private readonly dataSource: DataSource) {}

  /** What goes from or to a point on a day, and the points of the same kitchen it could go to. */
  async ofDay(pointId: string, day: BusinessDay): Promise<Omit<TransfersAnswer, 'proposals'>> {
    const rows = await this.dataSource.query<Row[]>(
      `${SQL} WHERE t.business_day = ? AND (t.from_point_id = ? OR t.to_point_id = ?) ORDER BY t.state = 'sent' DESC, t.sent_at DESC`, [day, pointId, pointId],
    );
    const neighbours = await this.dataSource.query<TransfersAnswer['neighbours']>(
      'SELECT p.id, p.code, p.name FROM point p JOIN point me ON me.kitchen_id = p.kitchen_id WHERE me.id = ? AND p.id <> me.id ORDER BY p.code', [pointId],
    );
    return { day, rows: rows.map(rowOf), neighbours };
  }

  async byId(transferId: string, tx: EntityManager): Promise<TransferRow | null> {
    const [row] = await tx.query<Row[]>(`${SQL} WHERE t.id = ?`, [transferId]);
    return row === undefined ? null : rowOf(row);
  }
}

function rowOf(row: Row): TransferRow {
  return { ...row, sentAt: row.sentAt.toISOString() };
}

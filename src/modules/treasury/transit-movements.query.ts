import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TransitMovement, TransitMovementsAnswer, TransitMovementsQuery } from '../../contract/treasury.js';
import { Clock } from '../../infra/clock/clock.js';

/** A receipt counts on the day up to which it arrived, so that the rest up to a day is what was expected up to it. */
const DAY = 'COALESCE(r.through_day, t.business_day)';
const WHERE = `a.kind = ? AND a.owner_code = ? AND ${DAY} >= COALESCE(?, '2000-01-01') AND ${DAY} <= COALESCE(?, '9999-12-31')`;
const FROM = `FROM account a JOIN entry e ON e.account_id = a.id JOIN transfer t ON t.id = e.transfer_id
  LEFT JOIN transit_receipt r ON r.transfer_id = IF(t.kind = 'receipt-reversal', t.reverses_id, t.id)`;

/** What the sums of money in transit are made of: each sale, top-up, refund and receipt, down to the meal. */
@Injectable()
export class TransitMovements {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async list(query: TransitMovementsQuery): Promise<TransitMovementsAnswer> {
    const account = query.source === 'qr' ? ['qr', query.pointId] : ['channel', `${query.source}:${query.pointId}`];
    const params = [...account, query.from ?? null, query.to ?? null];
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const [point] = await tx.query<{ name: string }[]>('SELECT name FROM point WHERE id = ?', [query.pointId]);
      const [sums] = await tx.query<{ total: string; inFen: string | null; outFen: string | null }[]>(
        `SELECT COUNT(*) AS total, -SUM(LEAST(e.amount_fen, 0)) AS inFen, SUM(GREATEST(e.amount_fen, 0)) AS outFen ${FROM} WHERE ${WHERE}`, params);
      const rows = await tx.query<(Omit<TransitMovement, 'at' | 'amountFen'> & { at: Date; amountFen: string })[]>(
        `SELECT t.id AS transferId, t.created_at AS at, ${DAY} AS day, t.kind, -e.amount_fen AS amountFen, COALESCE(m.id, v.meal_id) AS mealId,
           (SELECT w.owner_code FROM entry o JOIN account w ON w.id = o.account_id AND w.kind = 'wallet' WHERE o.transfer_id = t.id LIMIT 1) AS seniorId, r.id AS receiptId
         ${FROM} LEFT JOIN meal m ON m.transfer_id = t.id LEFT JOIN meal_reversal v ON v.transfer_id = t.id
         WHERE ${WHERE} ORDER BY ${DAY} DESC, t.position DESC, e.id LIMIT ? OFFSET ?`, [...params, query.size, (query.page - 1) * query.size],
      );
      const [inFen, outFen] = [Number(sums?.inFen ?? 0), Number(sums?.outFen ?? 0)];
      return {
        pointName: point?.name ?? '', asOf: this.clock.now().toISOString(), total: Number(sums?.total ?? 0), inFen, outFen, restFen: inFen - outFen,
        rows: rows.map(({ at, amountFen, ...row }) => ({ ...row, at: at.toISOString(), amountFen: Number(amountFen) })),
      };
    });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { GiftMovement, GiftMovementsAnswer, GiftMovementsQuery } from '../../contract/wallets.js';
import { maskName } from '../../domain/persons/index.js';

interface Row extends Omit<GiftMovement, 'at' | 'maskedName'> { at: Date; name: string | null; sex: 'M' | 'F' | null }

/** Every movement of one purse of gifts: what people hold of it, and (for charity) what came into the street's fund. */
@Injectable()
export class GiftMovements {
  constructor(private readonly dataSource: DataSource) {}

  /** @param streetId whose fund is shown beside the people; null leaves the fund out */
  async list(query: GiftMovementsQuery, pointIds: readonly string[], streetId: string | null): Promise<GiftMovementsAnswer> {
    const fund = query.what === 'donation' && query.seniorId === undefined ? streetId : null;
    const from = `FROM account a JOIN entry e ON e.account_id = a.id JOIN transfer t ON t.id = e.transfer_id
      LEFT JOIN senior s ON s.id = a.owner_code LEFT JOIN point p ON p.id = s.point_id
      WHERE t.business_day BETWEEN ? AND ? AND (? IS NULL OR a.owner_code = ?)
        AND ((a.kind = ? AND s.point_id IN (?)) OR (a.kind = 'fund' AND a.owner_code = ? AND t.kind = 'donation-gift'))`;
    const params = [query.from, query.to, query.seniorId ?? null, query.seniorId ?? null, query.what, pointIds.length === 0 ? [''] : pointIds, fund ?? ''];
    const [sums] = await this.dataSource.query<{ n: number; given: number | null; used: number | null }[]>(
      `SELECT COUNT(*) AS n, SUM(IF(a.kind <> 'fund' AND e.amount_fen > 0, e.amount_fen, 0)) AS given, SUM(IF(a.kind <> 'fund' AND e.amount_fen < 0, -e.amount_fen, 0)) AS used ${from}`, params,
    );
    const rows = await this.dataSource.query<Row[]>(
      `SELECT t.id AS transferId, t.created_at AS at, t.business_day AS day, t.kind, s.id AS seniorId, s.name, s.sex, p.name AS pointName, e.amount_fen AS amount,
              COALESCE(n.reason, IF(t.kind = 'donation-gift', SUBSTRING(t.memo, 6), '')) AS reason,
              COALESCE((SELECT f.display_name FROM staff f WHERE f.id = t.actor_id), '') AS staffName
       ${from.replace('WHERE', 'LEFT JOIN gift_note n ON n.transfer_id = t.id WHERE')} ORDER BY t.position DESC, e.id LIMIT ? OFFSET ?`, [...params, query.size, (query.page - 1) * query.size],
    );
    return {
      rows: rows.map(({ name, sex, ...row }) => ({ ...row, at: row.at.toISOString(), amount: Number(row.amount), maskedName: name === null || sex === null ? null : maskName(name, sex) })),
      total: Number(sums?.n ?? 0), given: Number(sums?.given ?? 0), used: Number(sums?.used ?? 0),
    };
  }
}

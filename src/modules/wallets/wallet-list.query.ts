import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WalletListAnswer, WalletListQuery } from '../../contract/wallets.js';
import { maskName } from '../../domain/persons/index.js';
import { likeLiteral } from '../../infra/http/scope-filter.js';

type Row = Omit<WalletListAnswer['rows'][number], 'maskedName'> & { name: string; sex: 'M' | 'F' };
/** From here on a wallet is near the smaller of the two limits. */
const NEARLY_FULL_FEN = 180_000;
const ONLY: Readonly<Record<NonNullable<WalletListQuery['only']>, string>> = {
  owing: "EXISTS (SELECT 1 FROM account x WHERE x.kind = 'debt' AND x.owner_code = s.id AND (SELECT SUM(e.amount_fen) FROM entry e WHERE e.account_id = x.id) < 0)",
  donation: 'd.balance_fen > 0', points: 'o.balance_fen > 0', full: `w.balance_fen >= ${NEARLY_FULL_FEN}`,
};
const FROM = `FROM senior s JOIN point p ON p.id = s.point_id
  LEFT JOIN account w ON w.kind = 'wallet' AND w.owner_code = s.id LEFT JOIN account d ON d.kind = 'donation' AND d.owner_code = s.id
  LEFT JOIN account o ON o.kind = 'points' AND o.owner_code = s.id`;

/** The purses of everybody in the scope, never added up: own money, debts, charity and points are not one thing. */
@Injectable()
export class WalletListQueries {
  constructor(private readonly dataSource: DataSource) {}

  async list(query: WalletListQuery, pointIds: readonly string[]): Promise<WalletListAnswer> {
    if (pointIds.length === 0) return { rows: [], total: 0 };
    const search = query.search ?? '';
    const last4 = /^\d{4}$/.test(search) ? search : null;
    const where = `s.point_id IN (?) AND s.status <> 'merged' AND (? = '' OR s.name LIKE ? OR (? IS NOT NULL AND EXISTS (SELECT 1 FROM senior_card c WHERE c.senior_id = s.id AND c.last4 = ?)))
      AND ${query.only === undefined ? '1 = 1' : ONLY[query.only]}`;
    const params = [pointIds, search, `%${likeLiteral(search)}%`, last4, last4];
    const [count] = await this.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n ${FROM} WHERE ${where}`, params);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT s.id AS seniorId, s.name, s.sex, s.status, p.name AS pointName, COALESCE(w.balance_fen, 0) AS balanceFen, COALESCE(d.balance_fen, 0) AS donationFen, COALESCE(o.balance_fen, 0) AS points,
              COALESCE((SELECT -SUM(e.amount_fen) FROM entry e JOIN account x ON x.id = e.account_id WHERE x.kind = 'debt' AND x.owner_code = s.id), 0) AS debtFen,
              (SELECT COUNT(*) FROM senior_card c WHERE c.senior_id = s.id AND c.active = 1 AND c.kind = 'street') AS cards,
              (SELECT COUNT(*) FROM senior_card c WHERE c.senior_id = s.id AND c.active = 1 AND c.kind = 'bank') AS bankCards
       ${FROM} WHERE ${where} ORDER BY s.name, s.id LIMIT ? OFFSET ?`, [...params, query.size, (query.page - 1) * query.size],
    );
    return {
      rows: rows.map(({ name, sex, ...row }) => ({
        ...row, maskedName: maskName(name, sex), balanceFen: Number(row.balanceFen), debtFen: Number(row.debtFen), donationFen: Number(row.donationFen), points: Number(row.points),
        cards: Number(row.cards), bankCards: Number(row.bankCards),
      })),
      total: Number(count?.n ?? 0),
    };
  }
}

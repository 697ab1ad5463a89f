import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DebtsAnswer, DebtsQuery } from '../../contract/wallets.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { maskName } from '../../domain/persons/index.js';
import { ageDebts, type DebtMove } from '../../domain/stored-value/index.js';
import { Clock } from '../../infra/clock/clock.js';

interface DebtorRow { seniorId: string; name: string; sex: 'M' | 'F'; status: string; pointName: string; accountId: string }
const AMOUNTS = ['totalFen', 'upTo30Fen', 'upTo60Fen', 'upTo90Fen', 'olderFen'] as const;

/** Who owes what for delivered meals, and for how long. */
@Injectable()
export class DebtListQuery {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** @param pointIds the points whose seniors are listed */
  async list(query: DebtsQuery, pointIds: readonly string[]): Promise<DebtsAnswer> {
    const debtors = pointIds.length === 0 ? [] : await this.dataSource.query<DebtorRow[]>(
      `SELECT s.id AS seniorId, s.name, s.sex, s.status, p.name AS pointName, a.id AS accountId
       FROM account a JOIN senior s ON s.id = a.owner_code JOIN point p ON p.id = s.point_id
       WHERE a.kind = 'debt' AND s.point_id IN (?) AND (SELECT SUM(e.amount_fen) FROM entry e WHERE e.account_id = a.id) < 0`, [pointIds],
    );
    const moves = await this.movesOf(debtors.map((debtor) => debtor.accountId));
    const rows = debtors.map(({ accountId, name, sex, ...debtor }) => ({
      ...debtor, maskedName: maskName(name, sex), ...ageDebts(moves.get(accountId) ?? [], this.clock.today()),
    })).sort((a, b) => ((a.oldestDay ?? '') === (b.oldestDay ?? '') ? (a.seniorId < b.seniorId ? -1 : 1) : (a.oldestDay ?? '') < (b.oldestDay ?? '') ? -1 : 1));
    const sums = Object.fromEntries(AMOUNTS.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)])) as Record<(typeof AMOUNTS)[number], number>;
    const first = (query.page - 1) * query.size;
    return { rows: rows.slice(first, first + query.size), total: rows.length, sums, asOf: this.clock.now().toISOString() };
  }

  private async movesOf(accountIds: readonly string[]): Promise<Map<string, DebtMove[]>> {
    const moves = new Map<string, DebtMove[]>();
    if (accountIds.length === 0) return moves;
    const rows = await this.dataSource.query<{ accountId: string; day: BusinessDay; amountFen: number }[]>(
      `SELECT e.account_id AS accountId, t.business_day AS day, e.amount_fen AS amountFen FROM entry e JOIN transfer t ON t.id = e.transfer_id
       WHERE e.account_id IN (?) ORDER BY t.position`, [accountIds],
    );
    for (const { accountId, day, amountFen } of rows) {
      const list = moves.get(accountId) ?? [];
      list.push({ day, amountFen: Number(amountFen) });
      moves.set(accountId, list);
    }
    return moves;
  }
}

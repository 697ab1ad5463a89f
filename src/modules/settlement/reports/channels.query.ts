import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ChannelsAnswer, MonthQuery } from '../../../contract/finance-reports.js';
import { TENDER_WORDS } from '../../../contract/finance.words.js';
import { firstDayOf, lastDayOf, parseMonth } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import type { FinanceScope } from '../meal-lines.js';

/** A page of what does not match; the rest is counted. */
const UNMATCHED_SHOWN = 200;
/** Accounts through which diners' money comes and goes; payers and operators are on the other side, points are no money. */
const CHANNELS = "a.kind IN ('wallet', 'debt', 'donation', 'cash', 'qr', 'bank', 'channel')";

interface SumRow { pointId: string; channel: string; amountFen: string }
interface LedgerRow extends SumRow { isMeal: number; transfers: string }
type UnmatchedRow = Omit<ChannelsAnswer['unmatched'][number], 'amountFen'> & { pointId: string; amountFen: string };

/** Wallet, cash and QR code: what meals say diners gave, beside what the ledger holds, transfer by transfer. */
@Injectable()
export class ChannelReports {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async report(query: MonthQuery, scope: FinanceScope): Promise<ChannelsAnswer> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const points = await this.points(tx, query, scope);
      const ids = points.map((point) => point.id);
      const days = [firstDayOf(parseMonth(query.month)), lastDayOf(parseMonth(query.month))];
      const [state] = await tx.query<{ through: string; newest: string | null }[]>(
        "SELECT through_seq AS through, (SELECT MAX(seq) FROM journal_seal) AS newest FROM meal_rollup_state WHERE name = 'meals'");
      const throughSeq = Number(state?.through ?? 0);
      const sums = ids.length === 0 ? [] : await tx.query<SumRow[]>(
        `SELECT point_id AS pointId, party_code AS channel, SUM(sign * amount_fen) AS amountFen FROM meal_rollup_month
         WHERE line = 'tender' AND month = ? AND point_id IN (?) GROUP BY point_id, party_code`, [query.month, ids],
      );
      const ledger = ids.length === 0 ? [] : await this.ledger(tx, ids, days, throughSeq);
      const unmatched = ids.length === 0 ? [] : await this.unmatched(tx, ids, days);
      const nameOf = new Map(points.map((point) => [point.id, point.name]));
      return {
        month: query.month, rows: channelRows(sums, ledger, unmatched, nameOf),
        unmatched: unmatched.slice(0, UNMATCHED_SHOWN).map(({ pointId: _pointId, ...row }) => ({ ...row, amountFen: Number(row.amountFen) })),
        snapshot: { throughSeq, waiting: Number(state?.newest ?? 0) - throughSeq }, generatedAt: this.clock.now().toISOString(),
      };
    });
  }

  private points(tx: EntityManager, query: MonthQuery, scope: FinanceScope): Promise<{ id: string; name: string }[]> {
    const narrowed = query.pointId === undefined ? '' : 'AND id = ?';
    const params = query.pointId === undefined ? [] : [query.pointId];
    if (scope.kind === 'operator') return tx.query(`SELECT id, name FROM point WHERE operator_id = ? ${narrowed} ORDER BY code`, [scope.operatorId, ...params]);
    return scope.pointIds.length === 0 ? Promise.resolve([]) : tx.query(`SELECT id, name FROM point WHERE id IN (?) ${narrowed} ORDER BY code`, [scope.pointIds, ...params]);
  }

  /** A reversal stands on the day it was booked, wherever its transfer says the meal was. Money that came in counts positive. */
  private ledger(tx: EntityManager, ids: readonly string[], days: readonly string[], throughSeq: number): Promise<LedgerRow[]> {
    return tx.query<LedgerRow[]>(
      `SELECT pointId, channel, isMeal, SUM(amountFen) AS amountFen, COUNT(DISTINCT transferId) AS transfers FROM (
         SELECT t.point_id AS pointId, a.kind AS channel, 1 AS isMeal, -n.amount_fen AS amountFen, t.id AS transferId
         FROM meal m JOIN transfer t ON t.id = m.transfer_id JOIN journal_seal s ON s.transfer_id = t.id AND s.seq <= ?
         JOIN entry n ON n.transfer_id = t.id JOIN account a ON a.id = n.account_id AND ${CHANNELS}
         WHERE m.business_day BETWEEN ? AND ? AND m.point_id IN (?)
         UNION ALL
         SELECT t.point_id, a.kind, 1, -n.amount_fen, t.id
         FROM meal_reversal r JOIN transfer t ON t.id = r.transfer_id JOIN journal_seal s ON s.transfer_id = t.id AND s.seq <= ?
         JOIN entry n ON n.transfer_id = t.id JOIN account a ON a.id = n.account_id AND ${CHANNELS}
         WHERE r.business_day BETWEEN ? AND ? AND t.point_id IN (?)
         UNION ALL
         SELECT t.point_id, a.kind, 0, -n.amount_fen, t.id
         FROM transfer t JOIN entry n ON n.transfer_id = t.id JOIN account a ON a.id = n.account_id AND ${CHANNELS}
         WHERE t.business_day BETWEEN ? AND ? AND t.point_id IN (?) AND t.kind NOT IN ('meal-sale', 'meal-reversal')
       ) x GROUP BY pointId, channel, isMeal`,
      [throughSeq, ...days, ids, throughSeq, ...days, ids, ...days, ids],
    );
  }

  /** Sales and reversals without their meal, and meals of which the diner's part is not what the ledger took. */
  private unmatched(tx: EntityManager, ids: readonly string[], days: readonly string[]): Promise<UnmatchedRow[]> {
    return tx.query<UnmatchedRow[]>(
      `SELECT t.id AS transferId, t.point_id AS pointId, p.name AS pointName, COALESCE(MIN(a.kind), '') AS channel, COALESCE(-SUM(n.amount_fen), 0) AS amountFen,
              t.kind, t.business_day AS day, m.id AS mealId
       FROM transfer t JOIN point p ON p.id = t.point_id LEFT JOIN meal m ON m.transfer_id = t.id LEFT JOIN meal_reversal r ON r.transfer_id = t.id
       LEFT JOIN (entry n JOIN account a ON a.id = n.account_id AND ${CHANNELS}) ON n.transfer_id = t.id
       WHERE t.business_day BETWEEN ? AND ? AND t.point_id IN (?) AND t.kind IN ('meal-sale', 'meal-reversal')
       GROUP BY t.id, t.point_id, p.name, t.kind, t.business_day, m.id, m.due_fen, r.meal_id
       HAVING (m.id IS NULL AND r.meal_id IS NULL) OR (m.id IS NOT NULL AND amountFen <> m.due_fen) ORDER BY t.business_day, t.id LIMIT 1000`,
      [...days, ids],
    );
  }
}

function channelRows(
  sums: readonly SumRow[], ledger: readonly LedgerRow[], unmatched: readonly UnmatchedRow[], nameOf: ReadonlyMap<string, string>,
): ChannelsAnswer['rows'] {
  const keys = [...new Set([...sums, ...ledger].map((row) => `${row.pointId} ${row.channel}`))];
  const find = (rows: readonly SumRow[], key: string): number => Number(rows.find((row) => `${row.pointId} ${row.channel}` === key)?.amountFen ?? 0);
  const ofMeals = ledger.filter((row) => Number(row.isMeal) === 1);
  const ofOthers = ledger.filter((row) => Number(row.isMeal) === 0);
  return keys.map((key) => {
    const [pointId = '', channel = ''] = key.split(' ');
    const [mealsFen, ledgerFen] = [find(sums, key), find(ofMeals, key)];
    const wrong = unmatched.filter((row) => row.pointId === pointId && row.channel === channel).length;
    const transfers = Number(ofMeals.find((row) => `${row.pointId} ${row.channel}` === key)?.transfers ?? 0);
    return {
      pointId, pointName: nameOf.get(pointId) ?? pointId, channel, label: TENDER_WORDS[channel] ?? { zh: channel, en: channel },
      mealsFen, ledgerFen, differenceFen: mealsFen - ledgerFen, otherFen: find(ofOthers, key), matched: transfers - wrong, unmatched: wrong,
    };
  }).sort((a, b) => `${a.pointName} ${a.channel}`.localeCompare(`${b.pointName} ${b.channel}`, 'zh-Hans-CN', { numeric: true }));
}

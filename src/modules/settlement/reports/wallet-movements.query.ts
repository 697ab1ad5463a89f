import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { WalletMovementsAnswer, WalletMovementsQuery } from '../../../contract/finance-reports.js';
import { addMonths, firstDayOf, parseMonth } from '../../../domain/settlement/index.js';
import { maskName, type Sex } from '../../../domain/persons/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import type { FinanceScope } from '../meal-lines.js';

interface WalletRow {
  seniorId: string; name: string; sex: Sex; openingFen: string; toppedUpFen: string; returnedFen: string; paidFen: string; otherFen: string;
  closingFen: string; nowFen: string; balanceFen: string;
}

/** What wallets held, took in and gave out in a month; the sums of entries prove the cached balances. */
@Injectable()
export class WalletMovements {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async report(query: WalletMovementsQuery, scope: FinanceScope): Promise<WalletMovementsAnswer> {
    const rows = await this.dataSource.transaction('REPEATABLE READ', (tx) => this.wallets(tx, query.month, scope));
    const wallets = rows.map(walletOf);
    const shown = query.onlyWrong === '1' ? wallets.filter((wallet) => !wallet.agrees || wallet.balanceFen < 0) : wallets;
    const sum = (pick: (wallet: (typeof wallets)[number]) => number): number => wallets.reduce((total, wallet) => total + pick(wallet), 0);
    const [openingFen, toppedUpFen, returnedFen] = [sum((one) => one.openingFen), sum((one) => one.toppedUpFen), sum((one) => one.returnedFen)];
    const [paidFen, otherFen, closingFen] = [sum((one) => one.paidFen), sum((one) => one.otherFen), sum((one) => one.closingFen)];
    const disagreeing = wallets.filter((wallet) => !wallet.agrees).length;
    return {
      month: query.month, rows: shown.slice((query.page - 1) * query.size, query.page * query.size), total: shown.length,
      totals: {
        openingFen, toppedUpFen, returnedFen, paidFen, otherFen, closingFen, wallets: wallets.length, disagreeing,
        negative: wallets.filter((wallet) => wallet.balanceFen < 0).length, balanceFen: sum((one) => one.balanceFen),
        isProven: disagreeing === 0 && openingFen + toppedUpFen + returnedFen - paidFen + otherFen === closingFen,
      },
      generatedAt: this.clock.now().toISOString(),
    };
  }

  /** Wallets of seniors whose own point is in scope, every entry by the day of its transfer; a reversal's by the day it was booked. */
  private wallets(tx: EntityManager, month: string, scope: FinanceScope): Promise<WalletRow[]> {
    const [from, next] = [firstDayOf(parseMonth(month)), firstDayOf(addMonths(parseMonth(month), 1))];
    const [condition, params] = scope.kind === 'operator' ? ['p.operator_id = ?', [scope.operatorId]] as const
      : ['s.point_id IN (?)', [scope.pointIds.length === 0 ? ['-'] : scope.pointIds]] as const;
    const during = 'day >= ? AND day < ?';
    return tx.query<WalletRow[]>(
      `SELECT seniorId, name, sex, balanceFen, SUM(IF(day < ?, amount_fen, 0)) AS openingFen,
              SUM(IF(${during} AND kind = 'top-up', amount_fen, 0)) AS toppedUpFen, SUM(IF(${during} AND kind = 'meal-reversal', amount_fen, 0)) AS returnedFen,
              SUM(IF(${during} AND kind = 'meal-sale', -amount_fen, 0)) AS paidFen,
              SUM(IF(${during} AND kind NOT IN ('top-up', 'meal-sale', 'meal-reversal'), amount_fen, 0)) AS otherFen,
              SUM(IF(day < ?, amount_fen, 0)) AS closingFen, SUM(amount_fen) AS nowFen
       FROM (SELECT s.id AS seniorId, s.name, s.sex, a.balance_fen AS balanceFen, COALESCE(r.business_day, t.business_day) AS day, t.kind, n.amount_fen
             FROM senior s JOIN point p ON p.id = s.point_id JOIN account a ON a.kind = 'wallet' AND a.owner_code = s.id
             JOIN entry n ON n.account_id = a.id JOIN transfer t ON t.id = n.transfer_id LEFT JOIN meal_reversal r ON r.transfer_id = t.id
             WHERE ${condition}) x
       GROUP BY seniorId, name, sex, balanceFen ORDER BY seniorId`,
      [from, from, next, from, next, from, next, from, next, next, ...params],
    );
  }
}

function walletOf(row: WalletRow): WalletMovementsAnswer['rows'][number] {
  return {
    seniorId: row.seniorId, name: maskName(row.name, row.sex), openingFen: Number(row.openingFen), toppedUpFen: Number(row.toppedUpFen),
    returnedFen: Number(row.returnedFen), paidFen: Number(row.paidFen), otherFen: Number(row.otherFen), closingFen: Number(row.closingFen),
    balanceFen: Number(row.balanceFen), agrees: Number(row.nowFen) === Number(row.balanceFen),
  };
}

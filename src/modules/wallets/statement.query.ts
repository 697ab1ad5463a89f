import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { StatementAnswer, StatementLine, StatementQuery } from '../../contract/wallets.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { PayerWords } from '../subsidy/index.js';
import { StoredValueSettings } from './stored-value-settings.js';
import { ValueWallet } from './value-wallet.js';
import type { WalletOwner } from './wallet-people.js';

interface PurseRow { kind: 'wallet' | 'donation' | 'debt' | 'points'; sum: number }
interface LineRow {
  transferId: string; at: Date; day: string; kind: string; pointName: string | null; mealId: string | null; mealName: string | null;
  grossFen: number | null; dueFen: number | null; sign: number; walletFen: number; donationFen: number; debtFen: number; points: number;
}
interface PayerRow { mealId: string; payerCode: string; amountFen: number }
type Purse = StatementAnswer['opening'];

const DAYS_BACK = 30;

/** Everything that moved for one senior: own money, charity, debts and points side by side, each meal with who paid what. */
@Injectable()
export class StatementReport {
  constructor(
    private readonly dataSource: DataSource, private readonly settings: StoredValueSettings, private readonly values: ValueWallet, private readonly payerWords: PayerWords,
    private readonly clock: Clock,
  ) {}

  async of(owner: WalletOwner, asked: StatementQuery): Promise<StatementAnswer> {
    const to = (asked.to ?? this.clock.today()) as BusinessDay;
    const from = asked.from ?? addDays(to, -DAYS_BACK);
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const opening = await this.purseBefore(tx, owner.seniorId, from);
      const rows = await this.rows(tx, owner.seniorId, from, to);
      const { merchantPayers } = await this.settings.of(owner.streetId, tx);
      const payers = await this.payers(tx, rows.flatMap((row) => (row.mealId === null ? [] : [row.mealId])));
      const wordsOf = await this.payerWords.read(tx);
      let balanceFen = opening.walletFen;
      const lines = rows.map((row) => {
        balanceFen += Number(row.walletFen);
        return toLine(row, payers.get(row.mealId ?? '') ?? [], (code) => ({ label: wordsOf(code), isMerchant: merchantPayers.includes(code) }), balanceFen);
      });
      return {
        seniorId: owner.seniorId, name: owner.name, pointName: owner.pointName, from, to, opening, lines, closing: closingOf(opening, lines),
        totals: totalsOf(lines), refund: await this.values.of(tx, owner), generatedAt: this.clock.now().toISOString(),
      };
    });
  }

  private async purseBefore(tx: EntityManager, seniorId: string, day: string): Promise<Purse> {
    const rows = await tx.query<PurseRow[]>(
      `SELECT a.kind, SUM(e.amount_fen) AS sum FROM account a JOIN entry e ON e.account_id = a.id JOIN transfer t ON t.id = e.transfer_id
       WHERE a.kind IN ('wallet', 'donation', 'debt', 'points') AND a.owner_code = ? AND t.business_day < ? GROUP BY a.kind`, [seniorId, day],
    );
    const of = (kind: PurseRow['kind']): number => Number(rows.find((row) => row.kind === kind)?.sum ?? 0);
    return { walletFen: of('wallet'), donationFen: of('donation'), debtFen: -of('debt') === 0 ? 0 : -of('debt'), points: of('points') };
  }

  /** Also the meals that were paid in cash, which touch no account of the senior. */
  private rows(tx: EntityManager, seniorId: string, from: string, to: string): Promise<LineRow[]> {
    const sumOf = (kind: string): string =>
      `COALESCE((SELECT SUM(e.amount_fen) FROM entry e JOIN account a ON a.id = e.account_id WHERE e.transfer_id = t.id AND a.kind = '${kind}' AND a.owner_code = ?), 0)`;
    return tx.query<LineRow[]>(
      `SELECT t.id AS transferId, t.created_at AS at, t.business_day AS day, t.kind, p.name AS pointName, m.id AS mealId, sm.name AS mealName,
              m.gross_fen AS grossFen, m.due_fen AS dueFen, IF(r.meal_id IS NULL, 1, -1) AS sign,
              ${sumOf('wallet')} AS walletFen, ${sumOf('donation')} AS donationFen, ${sumOf('debt')} AS debtFen, ${sumOf('points')} AS points
       FROM (SELECT e.transfer_id AS id FROM account a JOIN entry e ON e.account_id = a.id
               WHERE a.kind IN ('wallet', 'donation', 'debt', 'points') AND a.owner_code = ?
             UNION SELECT transfer_id FROM meal WHERE senior_id = ? AND business_day BETWEEN ? AND ?
             UNION SELECT x.transfer_id FROM meal_reversal x JOIN meal y ON y.id = x.meal_id WHERE y.senior_id = ?) own
       JOIN transfer t ON t.id = own.id LEFT JOIN point p ON p.id = t.point_id
       LEFT JOIN meal_reversal r ON r.transfer_id = t.id
       LEFT JOIN meal m ON m.id = COALESCE(r.meal_id, (SELECT n.id FROM meal n WHERE n.transfer_id = t.id))
       LEFT JOIN set_meal sm ON sm.id = m.set_meal_id
       WHERE t.business_day BETWEEN ? AND ? ORDER BY t.business_day, t.position`,
      [seniorId, seniorId, seniorId, seniorId, seniorId, seniorId, from, to, seniorId, from, to],
    );
  }

  private async payers(tx: EntityManager, mealIds: readonly string[]): Promise<Map<string, PayerRow[]>> {
    const found = new Map<string, PayerRow[]>();
    if (mealIds.length === 0) return found;
    const rows = await tx.query<PayerRow[]>(
      'SELECT meal_id AS mealId, payer_code AS payerCode, SUM(amount_fen) AS amountFen FROM meal_payer WHERE meal_id IN (?) GROUP BY meal_id, payer_code ORDER BY payer_code', [mealIds],
    );
    for (const row of rows) found.set(row.mealId, [...(found.get(row.mealId) ?? []), row]);
    return found;
  }
}

function toLine(row: LineRow, payers: readonly PayerRow[], about: (payerCode: string) => Pick<StatementLine['discounts'][number], 'label' | 'isMerchant'>, balanceFen: number): StatementLine {
  const sign = Number(row.sign);
  const signed = (amount: number | null): number | null => (amount === null ? null : sign * Number(amount));
  return {
    transferId: row.transferId, at: row.at.toISOString(), day: row.day, kind: row.kind, pointName: row.pointName ?? '', mealName: row.mealName,
    grossFen: signed(row.grossFen), paidFen: signed(row.dueFen),
    discounts: payers.map(({ payerCode, amountFen }) => ({ payerCode, ...about(payerCode), amountFen: sign * Number(amountFen) })),
    walletFen: Number(row.walletFen), donationFen: Number(row.donationFen), debtFen: Number(row.debtFen) === 0 ? 0 : -Number(row.debtFen), points: Number(row.points), balanceFen,
  };
}

function closingOf(opening: Purse, lines: readonly StatementLine[]): Purse {
  const sum = (name: keyof Purse): number => lines.reduce((total, line) => total + line[name], opening[name]);
  return { walletFen: sum('walletFen'), donationFen: sum('donationFen'), debtFen: sum('debtFen'), points: sum('points') };
}

function totalsOf(lines: readonly StatementLine[]): StatementAnswer['totals'] {
  const of = (pick: (line: StatementLine) => number): number => lines.reduce((total, line) => total + pick(line), 0);
  const paidIn = (line: StatementLine): boolean => line.kind === 'top-up' || line.kind === 'top-up-reversal';
  const given = (line: StatementLine, merchant: boolean): number => line.discounts.filter((part) => part.isMerchant === merchant).reduce((sum, part) => sum + part.amountFen, 0);
  return {
    paidInFen: of((line) => (paidIn(line) ? line.walletFen - line.debtFen : 0)),
    mealCount: of((line) => (line.grossFen === null ? 0 : line.kind === 'meal-reversal' ? -1 : 1)),
    grossFen: of((line) => line.grossFen ?? 0), paidFen: of((line) => line.paidFen ?? 0),
    publicFen: of((line) => given(line, false)), merchantFen: of((line) => given(line, true)),
    refundedFen: of((line) => (line.kind === 'wallet-refund' || line.kind === 'wallet-release' ? -line.walletFen : 0)),
  };
}

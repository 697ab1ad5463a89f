import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RefundPreviewAnswer } from '../../contract/wallets.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { fen } from '../../domain/kernel/money.js';
import { CASH_REFUND_MAX_FEN, valueRefund, type WalletMove } from '../../domain/stored-value/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { standing } from '../ledger/index.js';
import { StoredValueSettings } from './stored-value-settings.js';
import { WalletPeople, type WalletOwner } from './wallet-people.js';

interface MoveRow { kind: string; day: BusinessDay; amountFen: number; grossFen: number | null; merchantFen: number | null }

/** What a wallet is worth to who ends it, for each cause; read from the ledger and the meals it paid. */
@Injectable()
export class ValueWallet {
  constructor(private readonly people: WalletPeople, private readonly settings: StoredValueSettings, private readonly clock: Clock) {}

  async of(tx: EntityManager, owner: Pick<WalletOwner, 'seniorId' | 'streetId'>): Promise<RefundPreviewAnswer> {
    const { refundBasis, merchantPayers } = await this.settings.of(owner.streetId, tx);
    const moves = await this.moves(tx, owner.seniorId, merchantPayers);
    return {
      ...valueRefund(moves, this.clock.today(), refundBasis), basis: refundBasis, debtFen: await this.people.debtFen(tx, owner.seniorId), cashMaxFen: CASH_REFUND_MAX_FEN,
    };
  }

  /** A transfer that was taken back, and what took it back, are left out: they never happened to the wallet. */
  private async moves(tx: EntityManager, seniorId: string, merchantPayers: readonly string[]): Promise<WalletMove[]> {
    const rows = await tx.query<MoveRow[]>(
      `SELECT t.kind, t.business_day AS day, e.amount_fen AS amountFen, m.gross_fen AS grossFen,
              (SELECT SUM(p.amount_fen) FROM meal_payer p WHERE p.meal_id = m.id AND p.payer_code IN (?)) AS merchantFen
       FROM account a JOIN entry e ON e.account_id = a.id JOIN transfer t ON t.id = e.transfer_id LEFT JOIN meal m ON m.transfer_id = t.id
       WHERE a.kind = 'wallet' AND a.owner_code = ? AND t.reverses_id IS NULL AND ${standing('t.id')}
       ORDER BY t.position`, [merchantPayers.length === 0 ? [''] : merchantPayers, seniorId],
    );
    return rows.map((row) => {
      const amountFen = Number(row.amountFen);
      if (row.kind === 'meal-sale') {
        return { kind: 'meal', day: row.day, grossFen: fen(Number(row.grossFen)), paidFen: fen(-amountFen), merchantDiscountFen: fen(Number(row.merchantFen ?? 0)) };
      }
      return amountFen > 0 ? { kind: 'top-up', day: row.day, amountFen: fen(amountFen) } : { kind: 'refund', day: row.day, amountFen: fen(-amountFen) };
    });
  }
}

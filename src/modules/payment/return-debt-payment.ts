import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { debtOf, debtReturn, debtReturnPostings, settlementOf, type ChargeSettlement, type DebtMove } from '../../domain/ledger/index.js';
import { Ledger, standing } from '../ledger/index.js';
import { WalletPeople } from '../wallets/index.js';

interface Row { transferId: string; kind: string; pointId: string | null; amountFen: string; givenUpFen: string | null; ownBackFen: string | null }
interface Act { readonly businessDay: BusinessDay; readonly pointId: string; readonly idempotencyScope: string; readonly actorKind: 'staff'; readonly actorId: string }

/**
 * A meal that was eaten on debt may be paid when it is taken back. Then its debt was never owed: own money goes into the
 * wallet unless other debts wait for it, and what two people had given up returns to where it was given up.
 */
@Injectable()
export class ReturnDebtPayment {
  constructor(private readonly ledger: Ledger, private readonly people: WalletPeople) {}

  /** Before the meal is reversed; holds the senior's row. @returns null for a meal that made no debt */
  async settlementOf(tx: EntityManager, seniorId: string | null, mealTransferId: TransferId): Promise<ChargeSettlement | null> {
    if (seniorId === null) return null;
    await this.people.lock(tx, seniorId);
    const moves = await this.moves(tx, seniorId);
    return moves.some((move) => move.kind === 'charge' && move.transferId === mealTransferId) ? settlementOf(moves, mealTransferId) : null;
  }

  /** After the meal was reversed, in the same transaction. @returns what went into the wallet */
  async give(tx: EntityManager, settled: ChargeSettlement | null, of: { seniorId: string | null; mealId: string }, act: Act): Promise<Fen> {
    if (settled === null || of.seniorId === null) return fen(0);
    const { ownFen, givenUp } = debtReturn(settled, await this.ledger.sumOf(debtOf(of.seniorId), tx));
    const postings = debtReturnPostings({ seniorId: of.seniorId, ownFen, givenUp });
    if (postings.length > 0) await this.ledger.post(tx, { ...act, kind: 'debt-return', idempotencyKey: `debt-${of.mealId}`, memo: `debt of ${of.mealId}`, postings });
    return ownFen;
  }

  private async moves(tx: EntityManager, seniorId: string): Promise<DebtMove[]> {
    const part = (kind: string): string =>
      `(SELECT SUM(x.amount_fen) FROM entry x JOIN account y ON y.id = x.account_id WHERE x.transfer_id = t.id AND y.kind = '${kind}' AND t.kind = 'debt-return')`;
    const rows = await tx.query<Row[]>(
      `SELECT t.id AS transferId, t.kind, t.point_id AS pointId, e.amount_fen AS amountFen, ${part('write-off')} AS givenUpFen, ${part('wallet')} AS ownBackFen
       FROM account a JOIN entry e ON e.account_id = a.id JOIN transfer t ON t.id = e.transfer_id
       WHERE a.kind = 'debt' AND a.owner_code = ? AND t.reverses_id IS NULL AND ${standing('t.id')}
       ORDER BY t.position`, [seniorId],
    );
    return rows.flatMap(movesOf);
  }
}

function movesOf({ transferId, kind, pointId, amountFen, givenUpFen, ownBackFen }: Row): DebtMove[] {
  const move = (name: DebtMove['kind'], amount: number): DebtMove[] => (amount === 0 ? [] : [{ kind: name, transferId, pointId: pointId ?? '', amountFen: fen(amount) }]);
  if (kind === 'debt-return') return [...move('given-up-back', Number(givenUpFen ?? 0)), ...move('own-back', Number(ownBackFen ?? 0))];
  if (Number(amountFen) < 0) return move('charge', -Number(amountFen));
  return move(kind === 'debt-write-off' ? 'given-up' : 'own', Number(amountFen));
}

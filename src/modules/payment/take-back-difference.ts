import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { Ledger } from '../ledger/index.js';

interface Act { readonly businessDay: BusinessDay; readonly pointId: string; readonly idempotencyScope: string; readonly actorKind: 'staff'; readonly actorId: string }

/**
 * What an operator gave the diner of a sale without network goes back with the meal: otherwise the diner would get the
 * whole price of a meal of which the operator had paid a part.
 */
@Injectable()
export class TakeBackDifference {
  constructor(private readonly ledger: Ledger) {}

  /**
   * Posts nothing for a meal without such a difference.
   *
   * @param from the account the difference was given to: out of a debt before the meal's settlement is counted, so that it
   *   counts as nobody's payment; out of a wallet after the meal has given it back, so that the wallet holds it
   */
  async execute(tx: EntityManager, mealId: string, from: 'debt' | 'wallet', act: Act): Promise<void> {
    const [given] = await tx.query<{ transferId: TransferId }[]>(
      `SELECT o.difference_transfer_id AS transferId FROM offline_sale o JOIN entry e ON e.transfer_id = o.difference_transfer_id JOIN account a ON a.id = e.account_id AND a.kind = ?
       WHERE o.meal_id = ? LIMIT 1`, [from, mealId],
    );
    if (given === undefined) return;
    await this.ledger.reverse(tx, given.transferId, { ...act, kind: 'offline-reversal', idempotencyKey: `diff-${mealId}`, memo: `difference of ${mealId}` });
  }
}

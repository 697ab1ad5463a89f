import { fen, type Fen } from '../kernel/money.js';

/**
 * One movement of a senior's debt, in the order of the ledger. charge: a meal that was eaten on debt; own: paid by the
 * senior; given-up: written off at a point; own-back and given-up-back: such a payment returned with a meal that was taken
 * back. Amounts are positive; movements that were reversed, and their reversals, are left out.
 */
export interface DebtMove {
  readonly kind: 'charge' | 'own' | 'given-up' | 'own-back' | 'given-up-back';
  readonly transferId: string;
  readonly pointId: string;
  readonly amountFen: Fen;
}

/** What had settled one charge. */
export interface ChargeSettlement {
  readonly ownFen: Fen;
  readonly givenUp: readonly { readonly pointId: string; readonly amountFen: Fen }[];
}

interface Payment { readonly kind: 'own' | 'given-up'; readonly pointId: string; leftFen: number }

/** Which payments settled a charge: the oldest payment settles the oldest charge (Civil Code of the PRC, art. 560: equal debts in the order in which they fell due). */
export function settlementOf(moves: readonly DebtMove[], chargeTransferId: string): ChargeSettlement {
  const payments = paymentsOf(moves);
  let ownFen = 0;
  const givenUp = new Map<string, number>();
  for (const charge of moves) {
    if (charge.kind !== 'charge') continue;
    let openFen: number = charge.amountFen;
    for (const payment of payments) {
      const usedFen = Math.min(openFen, payment.leftFen);
      if (usedFen === 0) continue;
      payment.leftFen -= usedFen;
      openFen -= usedFen;
      if (charge.transferId !== chargeTransferId) continue;
      if (payment.kind === 'own') ownFen += usedFen;
      else givenUp.set(payment.pointId, (givenUp.get(payment.pointId) ?? 0) + usedFen);
    }
    if (charge.transferId === chargeTransferId) break;
  }
  return { ownFen: fen(ownFen), givenUp: [...givenUp].map(([pointId, amountFen]) => ({ pointId, amountFen: fen(amountFen) })) };
}

/** A payment that was returned settles nothing any more; of one kind the oldest is returned first. */
function paymentsOf(moves: readonly DebtMove[]): Payment[] {
  const payments: Payment[] = moves.flatMap(({ kind, pointId, amountFen }) => (kind === 'own' || kind === 'given-up' ? [{ kind, pointId, leftFen: amountFen }] : []));
  for (const { kind, amountFen } of moves) {
    if (kind !== 'own-back' && kind !== 'given-up-back') continue;
    let backFen: number = amountFen;
    for (const payment of payments) {
      if (`${payment.kind}-back` !== kind) continue;
      const usedFen = Math.min(backFen, payment.leftFen);
      payment.leftFen -= usedFen;
      backFen -= usedFen;
    }
  }
  return payments;
}

/**
 * What goes out of a debt that a meal, now taken back, had made: what was written off returns there; own money settles
 * what is still owed and the rest is the senior's.
 *
 * @param balanceFen the debt's account after the reversal: negative for what is owed, positive for what is paid too much
 */
export function debtReturn(settled: ChargeSettlement, balanceFen: Fen): { readonly ownFen: Fen; readonly givenUp: ChargeSettlement['givenUp'] } {
  const givenUpFen = settled.givenUp.reduce((sum, part) => sum + part.amountFen, 0);
  return { ownFen: fen(Math.max(0, balanceFen - givenUpFen)), givenUp: settled.givenUp };
}

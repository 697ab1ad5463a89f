import { allocateFen, fen, type Fen } from '../kernel/money.js';
import type { PayerShare } from '../subsidy/policy.js';
import type { PayerAmount } from './meal-quote.js';

/**
 * Splits a relief among its payers so that the parts sum to it exactly: fixed shares first, in order, each up to
 * what is left; the rest by weight with the remainder rule of allocateFen. Payers with nothing to bear are left out.
 *
 * @param bears whether a payer bears its share; what it does not bear is left out, so the parts then sum to less
 */
export function splitRelief(amountFen: Fen, shares: readonly PayerShare[], bears: (share: PayerShare) => boolean = () => true): PayerAmount[] {
  let leftFen = amountFen;
  const fixed = new Map<PayerShare, Fen>();
  for (const share of shares) {
    if ('weight' in share) continue;
    const part = fen(Math.min(leftFen, share.fixedFen));
    fixed.set(share, part);
    leftFen = fen(leftFen - part);
  }
  const weighted = shares.filter((share) => 'weight' in share);
  const parts = allocateFen(leftFen, weighted.map((share) => share.weight));
  const byWeight = new Map(weighted.map((share, index) => [share as PayerShare, parts[index] ?? fen(0)]));
  return shares
    .filter(bears)
    .map((share) => ({ payerCode: share.payer, amountFen: fixed.get(share) ?? byWeight.get(share) ?? fen(0) }))
    .filter((part) => part.amountFen > 0);
}

import { fen, type Fen } from '../kernel/money.js';
import { balanced, operatorAt, payerAt, type AccountRef, type Posting } from './posting.js';
import { bankOf } from './wallet-postings.js';

/** What an operator was given before its claim; negative until the claim takes it off. */
export const advanceOf = (operatorId: string): AccountRef => ({ kind: 'advance', ownerCode: operatorId, pointId: null });
/** Deliveries bought from a contractor for a point: a cost of the street, negative. */
export const serviceAt = (operatorId: string, pointId: string): AccountRef => ({ kind: 'service', ownerCode: `${operatorId}:${pointId}`, pointId });

/** The counted part of a claim's line. kind: meals and adjustments, a delivery, or an advance taken off (negative). */
export interface ClaimPart { readonly kind: 'meals' | 'delivery' | 'advance'; readonly pointId: string; readonly amountFen: Fen }

/**
 * An operator's claim leaves the bank: what it was owed by point, deliveries, less the advance it already has. A claim
 * that is a credit comes into the bank.
 *
 * @returns no posting where nothing moves
 */
export function operatorClaimPostings(claim: { readonly streetId: string; readonly operatorId: string; readonly parts: readonly ClaimPart[] }): Posting[] {
  const accountOf = ({ kind, pointId }: ClaimPart): AccountRef => {
    if (kind === 'advance') return advanceOf(claim.operatorId);
    return kind === 'delivery' ? serviceAt(claim.operatorId, pointId) : operatorAt(claim.operatorId, pointId);
  };
  return againstBank(claim.streetId, claim.parts.map((part) => ({ account: accountOf(part), amountFen: fen(-part.amountFen) })));
}

/** A payer's claim comes into the bank and settles what the payer has to bear, by point. */
export function payerClaimPostings(claim: { readonly streetId: string; readonly payerCode: string; readonly parts: readonly ClaimPart[] }): Posting[] {
  return againstBank(claim.streetId, claim.parts.map(({ pointId, amountFen }) => ({ account: payerAt(claim.payerCode, pointId), amountFen })));
}

/** Money ahead of a claim. */
export function advancePostings(advance: { readonly streetId: string; readonly operatorId: string; readonly amountFen: Fen }): Posting[] {
  return againstBank(advance.streetId, [{ account: advanceOf(advance.operatorId), amountFen: fen(-advance.amountFen) }]);
}

/** Sums by account, and the bank as the other side. */
function againstBank(streetId: string, parts: readonly Posting[]): Posting[] {
  const sums = new Map<string, Posting>();
  for (const { account, amountFen } of parts) {
    const name = `${account.kind}/${account.ownerCode}`;
    sums.set(name, { account, amountFen: fen((sums.get(name)?.amountFen ?? 0) + amountFen) });
  }
  const moved = [...sums.values()].filter((posting) => posting.amountFen !== 0);
  const bankFen = -moved.reduce((sum, posting) => sum + posting.amountFen, 0);
  if (bankFen !== 0) moved.push({ account: bankOf(streetId), amountFen: fen(bankFen) });
  return moved.length === 0 ? [] : balanced(moved);
}

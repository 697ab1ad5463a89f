import { fen, type Fen } from '../kernel/money.js';
import { balanced, cashAt, debtOf, donationOf, operatorAt, walletOf, type AccountRef, type Posting } from './posting.js';

/** Money at the street's bank: bank files, drawers emptied, refunds by bank transfer, gifts. */
export const bankOf = (streetId: string): AccountRef => ({ kind: 'bank', ownerCode: streetId, pointId: null });
/** Money that a payment channel has taken for a point and not yet paid out. */
export const channelAt = (channel: string, pointId: string): AccountRef => ({ kind: 'channel', ownerCode: `${channel}:${pointId}`, pointId });
/** What counting a drawer found too much (positive) or too little. */
export const cashDifferenceAt = (pointId: string): AccountRef => ({ kind: 'cash-diff', ownerCode: pointId, pointId });
/** Debts given up by two people. */
export const writeOffAt = (pointId: string): AccountRef => ({ kind: 'write-off', ownerCode: pointId, pointId });
/** Discount taken back when a consumer ends a prepaid account. */
export const withheldAt = (pointId: string): AccountRef => ({ kind: 'withheld', ownerCode: pointId, pointId });
/** A street's charity, before it is granted to anybody. */
export const fundOf = (streetId: string): AccountRef => ({ kind: 'fund', ownerCode: streetId, pointId: null });
/** Points, not fen: what a senior has earned, and what the street has issued. */
export const pointsOf = (seniorId: string): AccountRef => ({ kind: 'points', ownerCode: seniorId, pointId: null });
export const pointsIssuedBy = (streetId: string): AccountRef => ({ kind: 'points-out', ownerCode: streetId, pointId: null });

/**
 * Money received for a senior: an open debt is settled first, the rest becomes stored value.
 *
 * @param paid.debtFen what is owed now, not negative
 */
export function paidInPostings(paid: { readonly seniorId: string; readonly source: AccountRef; readonly amountFen: Fen; readonly debtFen: Fen }): Posting[] {
  const settledFen = Math.min(paid.amountFen, paid.debtFen);
  return moving(paid.source, [
    { account: walletOf(paid.seniorId), amountFen: fen(paid.amountFen - settledFen) },
    { account: debtOf(paid.seniorId), amountFen: fen(settledFen) },
  ]);
}

/** A debt paid without touching the wallet. */
export function debtPaymentPostings(paid: { readonly seniorId: string; readonly source: AccountRef; readonly amountFen: Fen }): Posting[] {
  return moving(paid.source, [{ account: debtOf(paid.seniorId), amountFen: paid.amountFen }]);
}

/**
 * Out of a debt that was paid and turned out not to be owed: own money to the wallet, what was given up to where it was given up.
 *
 * @returns no posting where nothing was paid
 */
export function debtReturnPostings(returned: {
  readonly seniorId: string; readonly ownFen: Fen; readonly givenUp: readonly { readonly pointId: string; readonly amountFen: Fen }[];
}): Posting[] {
  if (returned.ownFen === 0 && returned.givenUp.every(({ amountFen }) => amountFen === 0)) return [];
  return moving(debtOf(returned.seniorId), [
    { account: walletOf(returned.seniorId), amountFen: returned.ownFen },
    ...returned.givenUp.map(({ pointId, amountFen }) => ({ account: writeOffAt(pointId), amountFen })),
  ]);
}

/**
 * Own money going back: the debt first, then what is withheld, then the payout.
 * The parts make up what leaves the wallet.
 */
export function refundPostings(refund: {
  readonly seniorId: string; readonly pointId: string; readonly payoutTo: AccountRef; readonly payoutFen: Fen; readonly withheldFen: Fen; readonly debtFen: Fen;
}): Posting[] {
  return moving(walletOf(refund.seniorId), [
    { account: refund.payoutTo, amountFen: refund.payoutFen },
    { account: withheldAt(refund.pointId), amountFen: refund.withheldFen },
    { account: debtOf(refund.seniorId), amountFen: refund.debtFen },
  ]);
}

/** What a diner was shown too little without network, given by the operator: to the wallet that paid, or off the debt. */
export function offlineDifferencePostings(given: {
  readonly operatorId: string; readonly pointId: string; readonly seniorId: string; readonly amountFen: Fen; readonly toDebt: boolean;
}): Posting[] {
  const to = given.toDebt ? debtOf(given.seniorId) : walletOf(given.seniorId);
  return moving(operatorAt(given.operatorId, given.pointId), [{ account: to, amountFen: given.amountFen }]);
}

/** From one account to one or several others; parts of zero are left out. */
export function moving(source: AccountRef, to: readonly Posting[]): Posting[] {
  const given = to.filter((posting) => posting.amountFen !== 0);
  const total = given.reduce((sum, posting) => sum + posting.amountFen, 0);
  return balanced([...given, { account: source, amountFen: fen(-total) }]);
}

/**
 * A drawer that begins: what the shift before left is counted again, and the difference shows; the very first float comes
 * from the bank.
 *
 * @param open.takenOverFen what the shift before left in the drawer; null when there was none
 */
export function shiftOpenPostings(open: { readonly pointId: string; readonly streetId: string; readonly openingFen: Fen; readonly takenOverFen: Fen | null }): Posting[] {
  const movedFen = fen(open.openingFen - (open.takenOverFen ?? 0));
  if (movedFen === 0) return [];
  const other = open.takenOverFen === null ? bankOf(open.streetId) : cashDifferenceAt(open.pointId);
  return balanced([{ account: cashAt(open.pointId), amountFen: fen(-movedFen) }, { account: other, amountFen: movedFen }]);
}

/** A drawer that ends: the difference is booked, what is not left for the next shift goes to the bank. */
export function shiftClosePostings(close: {
  readonly pointId: string; readonly streetId: string; readonly expectedFen: Fen; readonly countedFen: Fen; readonly keptFen: Fen;
}): Posting[] {
  const differenceFen = close.countedFen - close.expectedFen;
  const liftedFen = close.countedFen - close.keptFen;
  const postings = [
    { account: cashAt(close.pointId), amountFen: fen(liftedFen - differenceFen) },
    { account: bankOf(close.streetId), amountFen: fen(-liftedFen) },
    { account: cashDifferenceAt(close.pointId), amountFen: fen(differenceFen) },
  ].filter((posting) => posting.amountFen !== 0);
  return balanced(postings);
}

export const donationGrantPostings = (streetId: string, seniorId: string, amountFen: Fen): Posting[] =>
  moving(fundOf(streetId), [{ account: donationOf(seniorId), amountFen }]);

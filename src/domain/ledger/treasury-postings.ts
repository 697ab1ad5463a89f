import { InvariantError } from '../kernel/domain-error.js';
import { fen, sumFen, type Fen } from '../kernel/money.js';
import { balanced, operatorAt, type AccountRef, type Posting } from './posting.js';
import { bankOf } from './wallet-postings.js';

/** What payment channels kept of a street's money. */
export const channelFeeOf = (streetId: string): AccountRef => ({ kind: 'channel-fee', ownerCode: streetId, pointId: null });
/** What arrived at the bank beyond (positive) or short of what was on its way. */
export const receiptDifferenceOf = (streetId: string): AccountRef => ({ kind: 'receipt-diff', ownerCode: streetId, pointId: null });

/** What a receipt at the bank consists of; `parts` name each account that held the money meanwhile and what it held. */
export interface TransitReceipt {
  readonly streetId: string;
  readonly receivedFen: Fen;
  readonly feeFen: Fen;
  readonly parts: readonly { readonly account: AccountRef; readonly amountFen: Fen }[];
}

/** What was on its way less what arrived and what the channel kept; positive: something is missing. */
export function receiptDifferenceFen({ expectedFen, receivedFen, feeFen }: { readonly expectedFen: Fen; readonly receivedFen: Fen; readonly feeFen: Fen }): Fen {
  return fen(expectedFen - receivedFen - feeFen);
}

/** Channels keep six per mille (WeChat Pay and Alipay, published rates of 2026); what is beyond ten is looked at by a second person. */
const USUAL_FEE_PER_MILLE = 10;

/** Whether a receipt is booked by one person alone: it agrees, and the fee is what channels keep. */
export function isPlainReceipt(receipt: { readonly expectedFen: Fen; readonly receivedFen: Fen; readonly feeFen: Fen }): boolean {
  return receiptDifferenceFen(receipt) === 0 && receipt.feeFen * 1_000 <= receipt.expectedFen * USUAL_FEE_PER_MILLE;
}

/**
 * Money that was paid by code leaves the accounts that held it: into the bank, the fee into what channels cost, the rest
 * into the difference.
 */
export function transitReceiptPostings({ streetId, receivedFen, feeFen, parts }: TransitReceipt): Posting[] {
  const expectedFen = sumFen(parts.map(({ amountFen }) => amountFen));
  return balanced([
    ...parts.map(({ account, amountFen }) => ({ account, amountFen })),
    { account: bankOf(streetId), amountFen: fen(-receivedFen) }, { account: channelFeeOf(streetId), amountFen: fen(-feeFen) },
    { account: receiptDifferenceOf(streetId), amountFen: fen(-receiptDifferenceFen({ expectedFen, receivedFen, feeFen })) },
  ].filter((posting) => posting.amountFen !== 0));
}

/** Money at the bank that was given to a street's charity, apart from its own. */
export const giftsBankOf = (streetId: string): AccountRef => bankOf(`gifts:${streetId}`);

/**
 * What diners paid themselves goes to the operator that served them, by point; what charity paid for them leaves
 * charity's money. Below zero it comes back.
 *
 * @throws InvariantError where nothing moves
 */
export function ownPartPostings({ streetId, operatorId, parts }: {
  readonly streetId: string; readonly operatorId: string; readonly parts: readonly { readonly pointId: string; readonly tender: string; readonly amountFen: Fen }[];
}): Posting[] {
  const points = new Map<string, number>();
  for (const { pointId, amountFen } of parts) points.set(pointId, (points.get(pointId) ?? 0) + amountFen);
  const sumWhere = (isGift: boolean): Fen => sumFen(parts.filter(({ tender }) => (tender === 'donation') === isGift).map(({ amountFen }) => amountFen));
  const postings = [
    ...[...points].map(([pointId, amountFen]) => ({ account: operatorAt(operatorId, pointId), amountFen: fen(-amountFen) })),
    { account: bankOf(streetId), amountFen: sumWhere(false) }, { account: giftsBankOf(streetId), amountFen: sumWhere(true) },
  ].filter(({ amountFen }) => amountFen !== 0);
  if (postings.length === 0) throw new InvariantError('no own parts to pay');
  return balanced(postings);
}

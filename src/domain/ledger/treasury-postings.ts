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

/**
 * What diners paid themselves goes to the operator that served them, by point.
 *
 * @throws InvariantError unless there is something to pay
 */
export function ownPartPostings({ streetId, operatorId, parts }: {
  readonly streetId: string; readonly operatorId: string; readonly parts: readonly { readonly pointId: string; readonly amountFen: Fen }[];
}): Posting[] {
  const sums = new Map<string, number>();
  for (const { pointId, amountFen } of parts) sums.set(pointId, (sums.get(pointId) ?? 0) + amountFen);
  const totalFen = [...sums.values()].reduce((sum, amountFen) => sum + amountFen, 0);
  if (totalFen <= 0) throw new InvariantError('no own parts to pay');
  return balanced([
    ...[...sums].filter(([, amountFen]) => amountFen !== 0).map(([pointId, amountFen]) => ({ account: operatorAt(operatorId, pointId), amountFen: fen(-amountFen) })),
    { account: bankOf(streetId), amountFen: fen(totalFen) },
  ]);
}

import { InvariantError } from '../kernel/domain-error.js';
import type { BusinessDay } from '../kernel/business-day.js';
import { fen, sumFen, type Fen } from '../kernel/money.js';
import type { AccountKind } from './account-kinds.js';

/** Names an account by what it is for; the ledger finds or opens it. */
export interface AccountRef {
  readonly kind: AccountKind;
  /** senior id, `<payer>:<point>`, `<operator>:<point>` or point id; at most 80 characters */
  readonly ownerCode: string;
  /** The point whose business it is; null for wallets and debts. */
  readonly pointId: string | null;
}

export interface Posting {
  readonly account: AccountRef;
  readonly amountFen: Fen;
}

export const walletOf = (seniorId: string): AccountRef => ({ kind: 'wallet', ownerCode: seniorId, pointId: null });
export const debtOf = (seniorId: string): AccountRef => ({ kind: 'debt', ownerCode: seniorId, pointId: null });
/** A payer's account per point: no payment updates or waits for anything that the whole street shares. */
export const payerAt = (payerCode: string, pointId: string): AccountRef => ({ kind: 'payer', ownerCode: `${payerCode}:${pointId}`, pointId });
export const operatorAt = (operatorId: string, pointId: string): AccountRef => ({ kind: 'operator', ownerCode: `${operatorId}:${pointId}`, pointId });
export const cashAt = (pointId: string): AccountRef => ({ kind: 'cash', ownerCode: pointId, pointId });
export const qrAt = (pointId: string): AccountRef => ({ kind: 'qr', ownerCode: pointId, pointId });

/** What charity has granted a senior: pays meals, never money out. */
export const donationOf = (seniorId: string): AccountRef => ({ kind: 'donation', ownerCode: seniorId, pointId: null });

/** Where the diner's own part comes from. */
export type Tender = 'wallet' | 'debt' | 'donation' | 'cash' | 'qr';

/**
 * The postings of one meal: the operator is owed the gross price; the diner and each payer bear their part of it. What
 * payers owe the operator besides (operatorPayments) is added on both sides.
 *
 * @param sale grossFen = dueFen + Σ payers; several amounts of one payer are joined
 * @returns postings that sum to zero, none of them zero
 * @throws InvariantError when the parts do not make up the gross price
 */
export function mealSalePostings(sale: {
  readonly grossFen: Fen;
  readonly dueFen: Fen;
  readonly payers: readonly { readonly payerCode: string; readonly amountFen: Fen }[];
  readonly operatorId: string;
  readonly pointId: string;
  readonly seniorId: string | null;
  readonly tender: Tender;
  readonly operatorPayments?: readonly { readonly payerCode: string; readonly amountFen: Fen }[];
}): Posting[] {
  const besides = sale.operatorPayments ?? [];
  const byPayer = new Map<string, number>();
  for (const { payerCode, amountFen } of [...sale.payers, ...besides]) byPayer.set(payerCode, (byPayer.get(payerCode) ?? 0) + amountFen);
  const owedFen = sumFen([sale.grossFen, ...besides.map(({ amountFen }) => amountFen)]);
  const postings: Posting[] = [{ account: operatorAt(sale.operatorId, sale.pointId), amountFen: owedFen }];
  if (sale.dueFen > 0) postings.push({ account: tenderAccount(sale.tender, sale.seniorId, sale.pointId), amountFen: fen(-sale.dueFen) });
  for (const [payerCode, amountFen] of byPayer) {
    if (amountFen > 0) postings.push({ account: payerAt(payerCode, sale.pointId), amountFen: fen(-amountFen) });
  }
  return balanced(postings.filter((posting) => posting.amountFen !== 0));
}

function tenderAccount(tender: Tender, seniorId: string | null, pointId: string): AccountRef {
  if (tender === 'cash') return cashAt(pointId);
  if (tender === 'qr') return qrAt(pointId);
  if (seniorId === null) throw new InvariantError(`${tender} needs a senior`);
  if (tender === 'donation') return donationOf(seniorId);
  return tender === 'wallet' ? walletOf(seniorId) : debtOf(seniorId);
}

/** Money handed over at a point becomes the senior's own stored value. */
export function topUpPostings(topUp: { readonly seniorId: string; readonly pointId: string; readonly amountFen: Fen; readonly tender: 'cash' | 'qr' }): Posting[] {
  const from = topUp.tender === 'cash' ? cashAt(topUp.pointId) : qrAt(topUp.pointId);
  return balanced([
    { account: walletOf(topUp.seniorId), amountFen: topUp.amountFen },
    { account: from, amountFen: fen(-topUp.amountFen) },
  ]);
}

/** The same postings with opposite signs: the only way to take a transfer back. */
export function reversalPostings(postings: readonly Posting[]): Posting[] {
  return postings.map(({ account, amountFen }) => ({ account, amountFen: fen(-amountFen) }));
}

/** @throws InvariantError unless there are at least two postings that sum to zero. */
export function balanced(postings: Posting[]): Posting[] {
  if (sumFen(postings.map((posting) => posting.amountFen)) !== 0) throw new InvariantError('postings do not balance');
  if (postings.length === 1) throw new InvariantError('a transfer has two sides');
  return postings;
}

/** Everything of a transfer that its hash vouches for, in one fixed order. */
export interface TransferContent {
  readonly id: string;
  readonly kind: string;
  readonly businessDay: BusinessDay;
  readonly pointId: string | null;
  readonly reversesId: string | null;
  readonly idempotencyScope: string;
  readonly idempotencyKey: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly memo: string;
  readonly entries: readonly { readonly accountId: string; readonly amountFen: number }[];
}

/** The text that is hashed (docs/SEAL.md, 1); entries sorted by account, so that row order does not matter. */
export function transferText(content: TransferContent): string {
  const entries = [...content.entries]
    .sort((a, b) => (a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : a.amountFen - b.amountFen))
    .map((entry) => `${entry.accountId}=${entry.amountFen}`);
  return JSON.stringify([
    content.id, content.kind, content.businessDay, content.pointId, content.reversesId, content.idempotencyScope,
    content.idempotencyKey, content.actorKind, content.actorId, content.memo, entries,
  ]);
}

/** The text that is hashed for one link of the chain (docs/SEAL.md, 2). */
export function sealText(seq: number, transferId: string, contentHash: string, previousHash: string): string {
  return `${previousHash}|${seq}|${transferId}|${contentHash}`;
}

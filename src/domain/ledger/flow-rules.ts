import { InvariantError } from '../kernel/domain-error.js';
import type { AccountKind } from './account-kinds.js';
import type { Posting } from './posting.js';

/** Which kinds of account a kind of transfer may take from (negative postings) and give to (positive ones). */
export interface FlowRule {
  readonly from: readonly AccountKind[];
  readonly to: readonly AccountKind[];
}

const PAID_IN: readonly AccountKind[] = ['cash', 'qr', 'bank', 'channel'];
const DRAWER: readonly AccountKind[] = ['cash', 'bank', 'cash-diff'];

/**
 * Every kind of transfer and the only ways in which it may move money. Public money (`payer`), charity (`fund`,
 * `donation`) and points appear in no rule that gives to cash, bank, channel or wallet: a subsidy cannot be cashed
 * (standards.md 2.2 and 7), whatever a capability asks the ledger to post. What an operator has earned leaves by the bank
 * when its frozen claim is paid; a payer's account is settled by money that comes into the bank.
 */
export const FLOW_RULES = {
  'meal-sale': { from: ['wallet', 'debt', 'donation', 'cash', 'qr', 'payer'], to: ['operator'] },
  'top-up': { from: PAID_IN, to: ['wallet', 'debt'] },
  'debt-payment': { from: ['cash', 'qr'], to: ['debt'] },
  'debt-write-off': { from: ['write-off'], to: ['debt'] },
  'wallet-refund': { from: ['wallet'], to: ['cash', 'bank', 'channel', 'withheld', 'debt'] },
  // A channel gave up a refund: it keeps the payer's money for us, and the payer is paid from the bank.
  'refund-by-bank': { from: ['channel'], to: ['bank'] },
  // What was paid by code arrives at the bank, less the channel's fee; a point may be below zero after refunds.
  'transit-receipt': { from: ['bank', 'channel-fee', 'receipt-diff', 'qr', 'channel'], to: ['qr', 'channel', 'receipt-diff'] },
  // What diners paid themselves is the operator's, and leaves the street's bank; a point may be below zero after reversals.
  'own-part-payment': { from: ['operator', 'bank'], to: ['bank', 'operator'] },
  'advance-payment': { from: ['advance'], to: ['bank'] },
  'claim-payment': { from: ['operator', 'service', 'bank'], to: ['bank', 'operator', 'advance'] },
  'payer-payment': { from: ['bank', 'payer'], to: ['payer'] },
  'wallet-release': { from: ['wallet'], to: ['bank', 'debt'] },
  // A paid debt of a meal that was taken back: own money to the wallet, what was given up to where it was given up.
  'debt-return': { from: ['debt'], to: ['wallet', 'write-off'] },
  'meal-repayment': { from: ['cash', 'qr'], to: ['wallet', 'debt'] },
  'shift-open': { from: DRAWER, to: DRAWER },
  'shift-close': { from: DRAWER, to: DRAWER },
  // What a kiosk without network showed too little, given to the diner by the operator: no public money in it.
  'offline-difference': { from: ['operator'], to: ['wallet', 'debt'] },
  'donation-gift': { from: ['bank'], to: ['fund'] },
  'donation-grant': { from: ['fund'], to: ['donation'] },
  'donation-return': { from: ['donation'], to: ['fund'] },
  'points-grant': { from: ['points-out'], to: ['points'] },
  'points-use': { from: ['points'], to: ['points-out'] },
} as const satisfies Readonly<Record<string, FlowRule>>;
type FlowKind = keyof typeof FLOW_RULES;

/** Transfers that are the exact opposite of another; they follow the rule of what they take back, the other way round. */
export const REVERSALS = {
  'meal-reversal': 'meal-sale', 'top-up-reversal': 'top-up', 'write-off-reversal': 'debt-write-off', 'offline-reversal': 'offline-difference',
  'receipt-reversal': 'transit-receipt', 'own-part-reversal': 'own-part-payment', 'claim-reversal': 'claim-payment', 'payer-reversal': 'payer-payment', 'advance-reversal': 'advance-payment',
} as const satisfies Readonly<Record<string, FlowKind>>;
type ReversalKind = keyof typeof REVERSALS;

export type TransferKind = FlowKind | ReversalKind;

/**
 * The kind by which a transfer is taken back.
 *
 * @throws InvariantError for a kind that no reversal takes back
 */
export function reversalKindOf(kind: string): TransferKind {
  const found = (Object.keys(REVERSALS) as ReversalKind[]).find((reversal) => REVERSALS[reversal] === kind);
  if (found === undefined) throw new InvariantError(`${kind} has no reversal`);
  return found;
}

/** @throws InvariantError for a posting that the rule of this kind does not allow, and for a reversal that reverses nothing */
export function requireFlow(kind: TransferKind, postings: readonly Posting[]): void {
  if (kind in REVERSALS) throw new InvariantError(`${kind} is posted by reversing only`);
  requireRule(kind, FLOW_RULES[kind as FlowKind], postings);
}

/** @throws InvariantError unless these postings are the opposite of what the reversed kind allows */
export function requireReversal(kind: TransferKind, postings: readonly Posting[]): void {
  if (!(kind in REVERSALS)) throw new InvariantError(`${kind} reverses nothing`);
  const { from, to }: FlowRule = FLOW_RULES[REVERSALS[kind as ReversalKind]];
  requireRule(kind, { from: to, to: from }, postings);
}

/** The kinds that a transfer moves against its rules; empty for a lawful one. For the checker, which trusts rows only. */
export function flowViolations(kind: string, moves: readonly { readonly kind: string; readonly amountFen: number }[]): string[] {
  const reversed = (REVERSALS as Readonly<Record<string, FlowKind | undefined>>)[kind];
  const rule = (FLOW_RULES as Readonly<Record<string, FlowRule | undefined>>)[reversed ?? kind];
  if (rule === undefined) return [kind];
  const { from, to } = reversed === undefined ? rule : { from: rule.to, to: rule.from };
  return moves.filter((move) => !allows(move.amountFen < 0 ? from : to, move.kind)).map((move) => `${move.amountFen < 0 ? 'from' : 'to'} ${move.kind}`);
}

function requireRule(kind: TransferKind, rule: FlowRule, postings: readonly Posting[]): void {
  for (const { account, amountFen } of postings) {
    const allowed = amountFen < 0 ? rule.from : rule.to;
    if (!allows(allowed, account.kind)) throw new InvariantError(`${kind} may not ${amountFen < 0 ? 'take from' : 'give to'} ${account.kind}`);
  }
}

const allows = (kinds: readonly AccountKind[], kind: string): boolean => kinds.some((one) => one === kind);

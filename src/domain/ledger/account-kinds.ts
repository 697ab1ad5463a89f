/**
 * Account kinds. Positive balances are what we owe (a senior's wallet, an operator's claim), negative ones what we hold
 * or are owed (cash in the drawer, money in the bank or at a payment channel, a payer's share not yet paid, a debt).
 * Own money (`wallet`), public money (`payer`), charity (`fund`, `donation`) and points (`points-out`, `points`, counted
 * in points instead of fen) are kinds of their own and never mix; which may follow which is written in the flow rules.
 * `advance` is what an operator got before its claim, `service` what deliveries have cost the street, `channel-fee` what
 * payment channels kept, `receipt-diff` what arrived at the bank beyond or short of what was on its way.
 */
export const ACCOUNT_KINDS = [
  'wallet', 'debt', 'payer', 'operator', 'cash', 'qr', 'bank', 'channel', 'cash-diff', 'write-off', 'withheld', 'fund', 'donation', 'points', 'points-out',
  'advance', 'service', 'channel-fee', 'receipt-diff',
] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

const GUARDED: ReadonlySet<AccountKind> = new Set<AccountKind>(['wallet', 'fund', 'donation', 'points']);

/** Guarded accounts keep a cached balance that never falls below their floor; all others are sums of entries. */
export function isGuarded(kind: AccountKind): boolean {
  return GUARDED.has(kind);
}

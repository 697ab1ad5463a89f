import fc from 'fast-check';
import { fen, sumFen } from '../../../src/domain/kernel/money.js';
import {
  ACCOUNT_KINDS, FLOW_RULES, REVERSALS, flowViolations, requireFlow, requireReversal, shiftClosePostings, type AccountKind, type FlowRule, type TransferKind,
} from '../../../src/domain/ledger/index.js';

const RESTRICTED: readonly AccountKind[] = ['payer', 'fund', 'donation', 'points', 'points-out'];
const MONEY: readonly AccountKind[] = ['cash', 'qr', 'bank', 'channel', 'wallet'];
const kinds = Object.keys(FLOW_RULES) as TransferKind[];
const account = (kind: AccountKind) => ({ kind, ownerCode: 'x', pointId: null });

/** What can be reached from a kind by any chain of transfers; what an operator earns is the operator's own. */
function reachable(start: AccountKind, rules: readonly FlowRule[]): Set<AccountKind> {
  const found = new Set<AccountKind>([start]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { from, to } of rules) {
      if (!from.some((kind) => kind !== 'operator' && found.has(kind))) continue;
      for (const kind of to) if (!found.has(kind)) { found.add(kind); grew = true; }
    }
  }
  return found;
}

describe('the flow rules', () => {
  const rules = Object.values(FLOW_RULES) as FlowRule[];

  it.each(RESTRICTED)('lead from %s to no money, by whatever chain', (start) => {
    const found = reachable(start, rules);
    expect(MONEY.filter((kind) => found.has(kind))).toEqual([]);
  });

  it('would be seen to leak with one wrong rule (negative control)', () => {
    expect(reachable('payer', [...rules, { from: ['payer'], to: ['wallet'] }]).has('cash')).toBe(true);
  });

  it('refuse every posting outside of them, and every reversal that is posted directly (property)', () => {
    fc.assert(fc.property(fc.constantFrom(...kinds), fc.constantFrom(...ACCOUNT_KINDS), fc.constantFrom(...ACCOUNT_KINDS), fc.integer({ min: 1, max: 9_999 }), (kind, from, to, amount) => {
      const postings = [{ account: account(from), amountFen: fen(-amount) }, { account: account(to), amountFen: fen(amount) }];
      const rule: FlowRule = FLOW_RULES[kind as keyof typeof FLOW_RULES];
      const lawful = rule.from.includes(from) && rule.to.includes(to);
      if (lawful) expect(() => requireFlow(kind, postings)).not.toThrow();
      else expect(() => requireFlow(kind, postings)).toThrow();
      expect(flowViolations(kind, [{ kind: from, amountFen: -amount }, { kind: to, amountFen: amount }]).length === 0).toBe(lawful);
      for (const reversal of Object.keys(REVERSALS) as TransferKind[]) expect(() => requireFlow(reversal, postings)).toThrow('reversing');
      expect(() => requireReversal(kind, postings)).toThrow();
    }));
  });

  it('have names that the ledger can write down', () => {
    expect([...kinds, ...Object.keys(REVERSALS)].filter((kind) => kind.length > 20)).toEqual([]);
  });

  it('know no kind of transfer that is not written down', () => {
    expect(flowViolations('gift-to-myself', [])).toEqual(['gift-to-myself']);
  });
});

describe('the end of a shift', () => {
  it('always balances and leaves in the drawer what was kept (property)', () => {
    fc.assert(fc.property(fc.nat(50_000), fc.nat(50_000), fc.nat(50_000), (expected, counted, part) => {
      const kept = Math.min(part, counted);
      const postings = shiftClosePostings({ pointId: 'p', streetId: 's', expectedFen: fen(expected), countedFen: fen(counted), keptFen: fen(kept) });
      expect(sumFen(postings.map((posting) => posting.amountFen))).toBe(0);
      const cash = postings.find((posting) => posting.account.kind === 'cash')?.amountFen ?? 0;
      expect(-expected + cash).toBe(-kept || 0);
    }));
  });
});

import fc from 'fast-check';
import { fen, sumFen } from '../../../src/domain/kernel/money.js';
import { advancePostings, operatorClaimPostings, payerClaimPostings, requireFlow, type Posting } from '../../../src/domain/ledger/index.js';

const of = (postings: readonly Posting[], kind: string, ownerCode: string): number => sumFen(postings.filter(({ account }) => account.kind === kind && account.ownerCode === ownerCode).map(({ amountFen }) => amountFen));

describe('the payment of a claim', () => {
  it('empties what the operator was owed, books deliveries and takes advances off', () => {
    const postings = operatorClaimPostings({ streetId: 'st', operatorId: 'o', parts: [
      { kind: 'meals', pointId: 'p1', amountFen: fen(900) }, { kind: 'meals', pointId: 'p2', amountFen: fen(-100) }, { kind: 'delivery', pointId: 'p1', amountFen: fen(500) },
      { kind: 'advance', pointId: '', amountFen: fen(-300) },
    ] });
    expect(['operator o:p1', 'operator o:p2', 'service o:p1', 'advance o', 'bank st'].map((name) => of(postings, ...(name.split(' ') as [string, string])))).toEqual([-900, 100, -500, 300, 1_000]);
    expect(() => requireFlow('claim-payment', postings)).not.toThrow();
  });

  it('settles a payer by point, and lets no public money out: a credit is not posted', () => {
    const parts = (second: number) => [{ kind: 'meals' as const, pointId: 'p1', amountFen: fen(400) }, { kind: 'meals' as const, pointId: 'p2', amountFen: fen(second) }];
    const postings = payerClaimPostings({ streetId: 'st', payerCode: 'street', parts: parts(-100) });
    expect([of(postings, 'payer', 'street:p1'), of(postings, 'payer', 'street:p2'), of(postings, 'bank', 'st')]).toEqual([400, -100, -300]);
    expect(() => requireFlow('payer-payment', postings)).not.toThrow();
    expect(() => requireFlow('payer-payment', payerClaimPostings({ streetId: 'st', payerCode: 'street', parts: parts(-500) }))).toThrow('may not give to bank');
  });

  it('takes off what was paid ahead, so that nothing is left after the claim', () => {
    const ahead = advancePostings({ streetId: 'st', operatorId: 'o', amountFen: fen(300) });
    expect(() => requireFlow('advance-payment', ahead)).not.toThrow();
    const claim = operatorClaimPostings({ streetId: 'st', operatorId: 'o', parts: [{ kind: 'meals', pointId: 'p', amountFen: fen(300) }, { kind: 'advance', pointId: '', amountFen: fen(-300) }] });
    expect(of([...ahead, ...claim], 'advance', 'o')).toBe(0);
    expect(of(claim, 'bank', 'st')).toBe(0);
    expect(operatorClaimPostings({ streetId: 'st', operatorId: 'o', parts: [] })).toEqual([]);
  });

  it('balances and joins parts of one account, whatever the parts (property)', () => {
    const part = fc.record({ kind: fc.constantFrom('meals' as const, 'delivery' as const, 'advance' as const), pointId: fc.constantFrom('p1', 'p2'), amountFen: fc.integer({ min: -9_999, max: 9_999 }).map(fen) });
    fc.assert(fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const postings = operatorClaimPostings({ streetId: 'st', operatorId: 'o', parts });
      expect(sumFen(postings.map(({ amountFen }) => amountFen))).toBe(0);
      expect(new Set(postings.map(({ account }) => `${account.kind}/${account.ownerCode}`)).size).toBe(postings.length);
      expect(of(postings, 'bank', 'st')).toBe(sumFen(parts.map(({ amountFen }) => amountFen)));
    }));
  });
});

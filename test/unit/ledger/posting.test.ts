import fc from 'fast-check';
import { parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import { fen, sumFen } from '../../../src/domain/kernel/money.js';
import { mealSalePostings, reversalPostings, storedValueLimitFen, topUpPostings, transferText } from '../../../src/domain/ledger/index.js';

const amount = fc.integer({ min: 0, max: 10_000_000 }).map(fen);
const payer = fc.record({ payerCode: fc.constantFrom('street', 'district', 'operator'), amountFen: amount });
const sale = fc.record({ dueFen: amount, payers: fc.array(payer, { maxLength: 6 }), tender: fc.constantFrom('wallet', 'debt', 'cash', 'qr') })
  .map((part) => ({
    ...part, grossFen: fen(part.dueFen + part.payers.reduce((sum, one) => sum + one.amountFen, 0)),
    operatorId: 'operator', pointId: 'point', seniorId: 'senior',
  })) as fc.Arbitrary<Parameters<typeof mealSalePostings>[0]>;

const content = {
  id: 't', kind: 'meal-sale', businessDay: parseBusinessDay('2026-11-24'), pointId: 'p', reversesId: null, idempotencyScope: 's',
  idempotencyKey: 'k', actorKind: 'device', actorId: 'd', memo: 'm',
};

describe('postings of a meal', () => {
  it('always balance, and never contain a zero', () => fc.assert(fc.property(sale, (one) => {
    const postings = mealSalePostings(one);
    expect(sumFen(postings.map((posting) => posting.amountFen))).toBe(0);
    expect(postings.every((posting) => posting.amountFen !== 0)).toBe(true);
  })));

  it('owe the operator the gross price, charge the diner the due price', () => {
    const postings = mealSalePostings({
      grossFen: fen(2_000), dueFen: fen(1_400), payers: [{ payerCode: 'street', amountFen: fen(360) }, { payerCode: 'district', amountFen: fen(180) }, { payerCode: 'street', amountFen: fen(60) }],
      operatorId: 'o', pointId: 'p', seniorId: 's', tender: 'wallet',
    });
    expect(postings.map(({ account, amountFen }) => [account.kind, account.ownerCode, amountFen])).toEqual([
      ['operator', 'o:p', 2_000], ['wallet', 's', -1_400], ['payer', 'street:p', -420], ['payer', 'district:p', -180],
    ]);
  });

  it('refuse parts that do not make up the price', () => {
    expect(() => mealSalePostings({ grossFen: fen(2_000), dueFen: fen(1_400), payers: [], operatorId: 'o', pointId: 'p', seniorId: 's', tender: 'wallet' })).toThrow('balance');
  });

  it('charge no wallet where there is no senior', () => {
    expect(() => mealSalePostings({ grossFen: fen(10), dueFen: fen(10), payers: [], operatorId: 'o', pointId: 'p', seniorId: null, tender: 'wallet' })).toThrow('senior');
  });

  it('are undone exactly by their reversal', () => fc.assert(fc.property(sale, (one) => {
    const postings = mealSalePostings(one);
    const together = [...postings, ...reversalPostings(postings)];
    for (const { account } of postings) {
      expect(sumFen(together.filter((posting) => posting.account.ownerCode === account.ownerCode && posting.account.kind === account.kind).map((posting) => posting.amountFen))).toBe(0);
    }
  })));

  it('of a top-up give the senior what the drawer received', () => {
    expect(topUpPostings({ seniorId: 's', pointId: 'p', amountFen: fen(5_000), tender: 'cash' }).map((posting) => [posting.account.kind, posting.amountFen]))
      .toEqual([['wallet', 5_000], ['cash', -5_000]]);
  });
});

describe('the text that a transfer’s hash vouches for', () => {
  const entries = [{ accountId: 'a', amountFen: 5 }, { accountId: 'b', amountFen: -5 }];

  it('does not depend on the order of rows', () => {
    expect(transferText({ ...content, entries })).toBe(transferText({ ...content, entries: [...entries].reverse() }));
  });

  it.each([
    ['amount', { entries: [{ accountId: 'a', amountFen: 6 }, { accountId: 'b', amountFen: -6 }] }],
    ['account', { entries: [{ accountId: 'c', amountFen: 5 }, { accountId: 'b', amountFen: -5 }] }],
    ['day', { businessDay: parseBusinessDay('2026-11-25'), entries }],
    ['actor', { actorId: 'e', entries }],
    ['reversed transfer', { reversesId: 'x', entries }],
  ])('changes with the %s', (_, change) => {
    expect(transferText({ ...content, ...{ entries }, ...change })).not.toBe(transferText({ ...content, entries }));
  });
});

describe('the limit of stored value', () => {
  it('is 5,000 yuan with a company and 2,000 yuan with any other operator', () => {
    expect([storedValueLimitFen('company'), storedValueLimitFen('individual'), storedValueLimitFen('unknown')]).toEqual([500_000, 200_000, 200_000]);
    const decided = { companyFen: fen(300_000), otherFen: fen(900_000) };
    expect([storedValueLimitFen('company', decided), storedValueLimitFen('individual', decided)]).toEqual([300_000, 200_000]);
  });
});

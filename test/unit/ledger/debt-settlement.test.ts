import fc from 'fast-check';
import { fen } from '../../../src/domain/kernel/money.js';
import { debtReturn, debtReturnPostings, settlementOf, type DebtMove } from '../../../src/domain/ledger/index.js';

const move = (kind: DebtMove['kind'], amountFen: number, transferId = 't', pointId = 'p'): DebtMove => ({ kind, transferId, pointId, amountFen: fen(amountFen) });

describe('what settled a debt', () => {
  it.each([
    ['nothing yet', [move('charge', 1_600, 'a')], 0, []],
    ['the senior', [move('charge', 1_600, 'a'), move('own', 1_600)], 1_600, []],
    ['the oldest payment first, and the older charge before it', [move('charge', 1_000, 'x'), move('charge', 1_600, 'a'), move('own', 1_200), move('given-up', 1_400)], 200, [{ pointId: 'p', amountFen: 1_400 }]],
    ['not what was returned with another meal', [move('charge', 1_600, 'a'), move('own', 700), move('given-up', 900, 't', 'q'), move('own-back', 700)], 0, [{ pointId: 'q', amountFen: 900 }]],
    ['two points that gave up a part each', [move('charge', 1_600, 'a'), move('given-up', 600, 't', 'p'), move('given-up', 1_000, 't', 'q')], 0, [{ pointId: 'p', amountFen: 600 }, { pointId: 'q', amountFen: 1_000 }]],
  ] as const)('%s', (_name, moves, ownFen, givenUp) => {
    expect(settlementOf(moves, 'a')).toEqual({ ownFen, givenUp });
  });
});

describe('a meal on debt that is taken back', () => {
  it('posts nothing where nobody had paid anything, and both kinds of payment where they did', () => {
    expect(debtReturnPostings({ seniorId: 's', ownFen: fen(0), givenUp: [] })).toEqual([]);
    expect(debtReturnPostings({ seniorId: 's', ownFen: fen(0), givenUp: [{ pointId: 'p', amountFen: fen(0) }] })).toEqual([]);
    expect(debtReturnPostings({ seniorId: 's', ownFen: fen(700), givenUp: [{ pointId: 'p', amountFen: fen(900) }] }).map(({ account, amountFen }) => [account.kind, amountFen]))
      .toEqual([['wallet', 700], ['write-off', 900], ['debt', -1_600]]);
  });

  const charges = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 5 });
  const payments = fc.array(fc.record({ kind: fc.constantFrom('own' as const, 'given-up' as const), amountFen: fc.integer({ min: 1, max: 3_000 }) }), { maxLength: 6 });

  it('leaves no debt overpaid, returns no more than was paid of each kind, and gives up nothing twice', () => {
    fc.assert(fc.property(charges, payments, fc.nat(4), (owed, paid, at) => {
      let leftFen = owed.reduce((sum, amount) => sum + amount, 0);
      const moves: DebtMove[] = owed.map((amount, index) => move('charge', amount, `c${index}`));
      // Nobody pays more than is owed: the rest of a top-up is stored.
      for (const { kind, amountFen } of paid) {
        const take = Math.min(leftFen, amountFen);
        if (take > 0) moves.push(move(kind, take));
        leftFen -= take;
      }
      const index = at % owed.length;
      const settled = settlementOf(moves, `c${index}`);
      const balanceFen = fen(-leftFen + (owed[index] ?? 0));
      const back = debtReturn(settled, balanceFen);
      const givenUpFen = back.givenUp.reduce((sum, part) => sum + part.amountFen, 0);
      const paidOf = (kind: DebtMove['kind']): number => moves.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.amountFen, 0);
      expect(balanceFen - back.ownFen - givenUpFen).toBeLessThanOrEqual(0);
      expect(back.ownFen).toBeLessThanOrEqual(paidOf('own'));
      expect(givenUpFen).toBeLessThanOrEqual(paidOf('given-up'));
      expect(settled.ownFen + givenUpFen).toBeLessThanOrEqual(owed[index] ?? 0);
    }));
  });
});

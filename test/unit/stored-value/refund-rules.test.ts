import fc from 'fast-check';
import { parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import { fen } from '../../../src/domain/kernel/money.js';
import { ageDebts, judgeCount, readBankFile, refundFor, settleDebtFirst, valueRefund, type WalletMove } from '../../../src/domain/stored-value/index.js';

const day = (text: string) => parseBusinessDay(text);
const topUp = (on: string, yuan: number): WalletMove => ({ kind: 'top-up', day: day(on), amountFen: fen(yuan * 100) });
const meal = (on: string, gross: number, paid: number, merchant: number): WalletMove => ({ kind: 'meal', day: day(on), grossFen: fen(gross * 100), paidFen: fen(paid * 100), merchantDiscountFen: fen(merchant * 100) });

describe('a refund (standards.md 7)', () => {
  const used = [topUp('2026-11-01', 200), meal('2026-11-02', 20, 14, 6), meal('2026-11-03', 20, 14, 6), meal('2026-11-04', 20, 14, 6)];

  it('of 200 after three meals, gross 60 and paid 42: 140 by the consumer’s wish, 158 by the operator’s fault', () => {
    for (const basis of ['merchant-discount', 'full-price'] as const) {
      const value = valueRefund(used, day('2026-11-24'), basis);
      expect(refundFor(value, 'consumer')).toEqual({ payoutFen: 14_000, withheldFen: 1_800 });
      expect(refundFor(value, 'operator')).toEqual({ payoutFen: 15_800, withheldFen: 0 });
    }
  });

  it('takes public money back only where the street says so', () => {
    const subsidised = used.map((move) => (move.kind === 'meal' ? { ...move, merchantDiscountFen: fen(0) } : move));
    expect(valueRefund(subsidised, day('2026-11-24'), 'merchant-discount').consumerFen).toBe(15_800);
    expect(valueRefund(subsidised, day('2026-11-24'), 'full-price').consumerFen).toBe(14_000);
  });

  it('is full on the seventh day while unused, and no longer on the eighth or after a meal', () => {
    expect(valueRefund([topUp('2026-11-17', 50)], day('2026-11-24'), 'full-price').sevenDayFen).toBe(5_000);
    expect(valueRefund([topUp('2026-11-17', 50)], day('2026-11-25'), 'full-price').sevenDayFen).toBe(0);
    expect(valueRefund([topUp('2026-11-17', 50), meal('2026-11-18', 20, 14, 6)], day('2026-11-24'), 'full-price').sevenDayFen).toBe(0);
  });

  it('never asks for more than was prepaid, and forgets what an empty wallet once held', () => {
    expect(valueRefund([topUp('2026-11-01', 10), meal('2026-11-02', 100, 5, 95)], day('2026-11-24'), 'full-price').consumerFen).toBe(0);
    const value = valueRefund([topUp('2026-11-01', 14), meal('2026-11-02', 20, 14, 6), topUp('2026-11-03', 50)], day('2026-11-24'), 'full-price');
    expect(value).toMatchObject({ prepaidFen: 5_000, mealCount: 0, consumerFen: 5_000 });
  });

  it('gives out no more than the balance, whatever happened (property)', () => {
    const move = fc.oneof(
      fc.integer({ min: 1, max: 50_000 }).map((amount): WalletMove => ({ kind: 'top-up', day: day('2026-11-20'), amountFen: fen(amount) })),
      fc.record({ paid: fc.integer({ min: 0, max: 3_000 }), merchant: fc.integer({ min: 0, max: 2_000 }), other: fc.integer({ min: 0, max: 2_000 }) })
        .map(({ paid, merchant, other }): WalletMove => ({ kind: 'meal', day: day('2026-11-21'), grossFen: fen(paid + merchant + other), paidFen: fen(paid), merchantDiscountFen: fen(merchant) })),
    );
    fc.assert(fc.property(fc.array(move, { maxLength: 20 }), fc.constantFrom('seven-day' as const, 'consumer' as const, 'operator' as const), (drawn, cause) => {
      let balance = 0;
      const moves = drawn.filter((one) => {
        const next = balance + (one.kind === 'top-up' ? one.amountFen : one.kind === 'meal' ? -one.paidFen : 0);
        if (next < 0) return false;
        balance = next;
        return true;
      });
      const value = valueRefund(moves, day('2026-11-24'), 'merchant-discount');
      const { payoutFen, withheldFen } = refundFor(value, cause);
      expect(value.balanceFen).toBe(balance);
      expect(payoutFen).toBeGreaterThanOrEqual(0);
      expect(payoutFen + withheldFen).toBeLessThanOrEqual(balance);
    }));
  });

  it('settles a debt first', () => {
    expect(settleDebtFirst(fen(1_000), fen(300))).toEqual({ payoutFen: 700, settledFen: 300 });
    expect(settleDebtFirst(fen(200), fen(300))).toEqual({ payoutFen: 0, settledFen: 200 });
  });
});

describe('debts by age', () => {
  it('are settled oldest first', () => {
    const moves = [{ day: day('2026-08-01'), amountFen: -1_000 }, { day: day('2026-10-10'), amountFen: -500 }, { day: day('2026-11-20'), amountFen: -200 }, { day: day('2026-11-21'), amountFen: 1_100 }];
    expect(ageDebts(moves, day('2026-11-24'))).toEqual({ totalFen: 600, oldestDay: '2026-10-10', upTo30Fen: 200, upTo60Fen: 400, upTo90Fen: 0, olderFen: 0 });
  });
});

describe('a drawer', () => {
  it('expects its float and its movements', () => {
    expect(judgeCount({ openingFen: fen(20_000), movedFen: fen(-500), countedFen: fen(19_000), keptFen: fen(10_000) })).toEqual({ expectedFen: 19_500, differenceFen: -500, liftedFen: 9_000 });
  });
});

describe('a bank’s list', () => {
  it('is read with quotes, thousands and any separator, and nothing in it is guessed', () => {
    const lines = readBankFile('\uFEFF流水号;卡号;姓名;金额(元)\r\nA-001;6210 9912 3456 7896;陈建国;"1,200.5"\r\nA-002;4.2E+17;陈建国;5\r\nA-003;62109912345678;x;-5\r\n');
    expect(lines?.map((line) => [line.reference, line.amountFen, line.problem])).toEqual([['A-001', 120_050, null], ['A-002', 500, 'person'], ['A-003', 0, 'amount']]);
    expect(readBankFile('a,b\n1,2')).toBeNull();
  });
});

import fc from 'fast-check';
import { allocateFen, fen, formatYuan, formatYuanShort, mulDivHalfUp, sumFen } from '../../../src/domain/kernel/money.js';

const amount = fc.integer({ min: 0, max: 1_000_000_000 }).map(fen);
const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 8 }).filter((list) => list.some((weight) => weight > 0));

describe('money', () => {
  it.each([0.5, Number.NaN, Infinity, 2 ** 53, 0.1 + 0.2])('is never %p fen', (value) => {
    expect(() => fen(value)).toThrow('not integer fen');
  });

  it('knows no negative zero', () => expect(Object.is(fen(-0), 0)).toBe(true));

  it('refuses a sum that leaves the safe range', () => expect(() => sumFen([Number.MAX_SAFE_INTEGER, 1])).toThrow());

  it('is never created or destroyed by a split', () => fc.assert(fc.property(amount, weights, (total, list) => {
    const parts = allocateFen(total, list);
    expect(sumFen(parts)).toBe(total);
    parts.forEach((part, index) => expect(Math.abs(part - (total * (list[index] ?? 0)) / list.reduce((a, b) => a + b, 0))).toBeLessThan(1));
  })));

  it('splits 8.01 yuan in three with the extra fen at the first of equals', () => {
    expect(allocateFen(fen(800), [1, 1, 1])).toEqual([267, 267, 266]);
    expect(allocateFen(fen(801), [1, 1, 1])).toEqual([267, 267, 267]);
  });

  it.each([[1_450, 1, 1, 1_450], [1_725, 7, 10, 1_208], [5, 1, 2, 3], [1, 1, 3, 0], [2, 1, 3, 1]])('rounds %i × %i / %i half up to %i', (value, numerator, denominator, expected) => {
    expect(mulDivHalfUp(fen(value), numerator, denominator)).toBe(expected);
  });

  it('is written in yuan only for people', () => {
    expect([formatYuan(fen(1_420)), formatYuan(fen(-5)), formatYuanShort(fen(600)), formatYuanShort(fen(605))]).toEqual(['14.20', '-0.05', '6', '6.05']);
  });
});

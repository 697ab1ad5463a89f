import fc from 'fast-check';
import { priceOfPlate } from '../../../src/domain/pricing/index.js';

const MIXED = [{ dishId: null, fenPer100g: 300 }];

describe('a plate by the gram', () => {
  it.each([[333, 999], [335, 1_005], [350, 1_050], [20, 60]])('costs for %i g of a mixed plate at 3 yuan per 100 g %i fen', (grams, grossFen) => {
    expect(priceOfPlate([{ dishId: null, grams }], MIXED)?.grossFen).toBe(grossFen);
  });

  it('rounds each dish by itself, half a fen up, and adds up what is shown', () => {
    const plate = priceOfPlate([{ dishId: 'fish', grams: 55 }, { dishId: 'rice', grams: 101 }], [{ dishId: 'fish', fenPer100g: 590 }, { dishId: 'rice', fenPer100g: 50 }]);
    expect(plate?.lines.map(({ amountFen }) => amountFen)).toEqual([325, 51]);
    expect(plate?.grossFen).toBe(376);
  });

  it.each([
    ['a dish without a price', [{ dishId: 'crab', grams: 100 }]], ['a mixed plate beside nothing', []], ['half a gram', [{ dishId: null, grams: 100.5 }]],
    ['less than nothing', [{ dishId: null, grams: 200 }, { dishId: null, grams: -50 }]], ['a drop of sauce', [{ dishId: null, grams: 19 }]],
    ['a hand on the scale', [{ dishId: null, grams: 3_001 }]], ['no number', [{ dishId: null, grams: NaN }]],
  ])('is not priced for %s', (_, lines) => {
    expect(priceOfPlate(lines, MIXED)).toBeNull();
  });

  it('is whole fen, never off by more than half a fen a line, and the sum of its lines', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 20, max: 250 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 20_000 }), (grams, fenPer100g) => {
      const plate = priceOfPlate(grams.map((one) => ({ dishId: null, grams: one })), [{ dishId: null, fenPer100g }]);
      if (plate === null) return false;
      const exact = grams.reduce((sum, one) => sum + one * fenPer100g, 0) / 100;
      return Number.isInteger(plate.grossFen) && Math.abs(plate.grossFen - exact) <= grams.length / 2 && plate.lines.reduce((sum, line) => sum + line.amountFen, 0) === plate.grossFen;
    }));
  });
});

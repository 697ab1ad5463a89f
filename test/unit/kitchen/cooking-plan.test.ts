import fc from 'fast-check';
import { DEFAULT_RHYTHM, feedLoad, planBatches } from '../../../src/domain/kitchen/index.js';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('the batches of a day', () => {
  it('puts orders and seven tenths of the walk-ins into the first wave, in pots of nearly equal size', () => {
    const batches = planBatches([{ dishId: 'pork', orderedPortions: 100, walkInPortions: 300 }]);
    expect(batches.map(({ wave, batchNo, portions, pot }) => [wave, batchNo, portions, pot])).toEqual([
      [1, 1, 104, '1'], [1, 2, 103, '2'], [1, 3, 103, '3'], [2, 4, 90, '1'],
    ]);
    expect(batches.every(({ readyMin, wave }) => readyMin === (wave === 1 ? DEFAULT_RHYTHM.firstReadyMin : DEFAULT_RHYTHM.secondReadyMin))).toBe(true);
  });

  it('cooks earlier rounds earlier where pots are few', () => {
    const batches = planBatches([{ dishId: 'pork', orderedPortions: 30, walkInPortions: 0 }], { ...DEFAULT_RHYTHM, pots: 1, potPortions: 10 });
    expect(batches.map(({ readyMin }) => readyMin)).toEqual([500, 535, 570]);
  });

  it('cooks every portion once, in no pot more than it holds', () => {
    const need = fc.record({ dishId: fc.constantFrom('a', 'b', 'c'), orderedPortions: fc.nat(600), walkInPortions: fc.nat(600) });
    fc.assert(fc.property(fc.uniqueArray(need, { selector: ({ dishId }) => dishId }), fc.integer({ min: 1, max: 200 }), (needs, potPortions) => {
      const batches = planBatches(needs, { ...DEFAULT_RHYTHM, potPortions });
      expect(sum(batches.map(({ portions }) => portions))).toBe(sum(needs.map((one) => one.orderedPortions + one.walkInPortions)));
      expect(batches.every(({ portions }) => portions >= 1 && portions <= potPortions)).toBe(true);
    }));
  });
});

describe('what a load takes from batches', () => {
  const batches = [{ batchId: '1', dishId: 'pork', leftPortions: 8 }, { batchId: '2', dishId: 'pork', leftPortions: 5 }, { batchId: '3', dishId: 'rice', leftPortions: 20 }];

  it('fills each dish of a line from the first batches', () => {
    expect(feedLoad([{ setMealId: 'A', dishIds: ['pork', 'rice'], portions: 10 }], batches)).toEqual({
      shares: [{ setMealId: 'A', batchId: '1', portions: 8 }, { setMealId: 'A', batchId: '2', portions: 2 }, { setMealId: 'A', batchId: '3', portions: 10 }], shortages: [],
    });
  });

  it('takes what single people get instead off the dish and from its substitute, never more than the line holds', () => {
    const swaps = [{ dishId: 'pork', substituteId: 'rice', portions: 3 }, { dishId: 'pork', substituteId: 'fish', portions: 9 }];
    expect(feedLoad([{ setMealId: 'A', dishIds: ['pork'], portions: 5, swaps }], batches)).toEqual({ shares: [{ setMealId: 'A', batchId: '3', portions: 3 }], shortages: [{ dishId: 'fish', missingPortions: 2 }] });
  });

  it('tells by how much each dish falls short over all lines', () => {
    const lines = [{ setMealId: 'A', dishIds: ['pork'], portions: 10 }, { setMealId: 'B', dishIds: ['pork', 'fish'], portions: 6 }];
    expect(feedLoad(lines, batches).shortages).toEqual([{ dishId: 'pork', missingPortions: 3 }, { dishId: 'fish', missingPortions: 6 }]);
  });
});

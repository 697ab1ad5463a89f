import fc from 'fast-check';
import { type OrderedPortions, planProduction, shareOut, type WalkInDemand } from '../../../src/domain/forecast/index.js';

const SETS = [{ code: 'A', dishIds: ['pork', 'greens', 'rice'] }, { code: 'B', dishIds: ['fish', 'greens', 'rice'] }];
const order = (change: Partial<OrderedPortions>): OrderedPortions =>
  ({ pointId: 'p1', setCode: 'A', fulfilment: 'collect', source: 'order', diet: '', portions: 1, ...change });
const walkIn = (portionsToCook: number, change: Partial<WalkInDemand> = {}): WalkInDemand =>
  ({ pointId: 'p1', setCode: 'A', dietHistory: {}, expectedPortions: portionsToCook * 0.9, portionsToCook, ...change });

describe("tomorrow's portions", () => {
  it('adds known orders to the walk-ins to cook, never one instead of the other', () => {
    const plan = planProduction(['p1', 'p2'], SETS, [
      order({ fulfilment: 'delivery', source: 'standing', diet: 'soft', portions: 7 }),
      order({ portions: 5 }),
      order({ pointId: 'p2', setCode: 'B', portions: 3 }),
    ], [walkIn(40, { dietHistory: { '': 90, 'low-salt': 10 } })]);
    expect(plan.cells.find((cell) => cell.pointId === 'p1' && cell.setCode === 'A')).toMatchObject({
      deliveries: 7, collections: 5, fromStandingPlans: 7, walkInsToCook: 40, portions: 52,
      diets: { soft: 7, '': 41, 'low-salt': 4 },
    });
    expect(plan.portions).toBe(55);
    expect(plan.dishPortions.find(({ dishId }) => dishId === 'greens')?.portions).toBe(55);
    expect(plan.dishPortions.find(({ dishId }) => dishId === 'fish')?.portions).toBe(3);
  });

  it('lists orders for a set that is not on the menu instead of dropping them', () => {
    const lost = order({ setCode: 'Z', portions: 2 });
    const plan = planProduction(['p1'], SETS, [lost], []);
    expect(plan.unmatched).toEqual([lost]);
    expect(plan.portions).toBe(0);
  });

  it('keeps every total equal to the sum of its parts', () => {
    const orders = fc.array(fc.record({
      pointId: fc.constantFrom('p1', 'p2', 'p3'), setCode: fc.constantFrom('A', 'B', 'Z'),
      fulfilment: fc.constantFrom('delivery' as const, 'collect' as const), source: fc.constantFrom('order' as const, 'standing' as const),
      diet: fc.constantFrom('', 'soft', 'low-salt+soft'), portions: fc.integer({ min: 1, max: 30 }),
    }));
    fc.assert(fc.property(orders, fc.integer({ min: 0, max: 300 }), (all, cook) => {
      const plan = planProduction(['p1', 'p2'], SETS, all, [walkIn(cook, { dietHistory: { '': 7, soft: 2 } })]);
      const total = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((sum, value) => sum + value, 0);
      expect(plan.portions).toBe(plan.cells.reduce((sum, cell) => sum + cell.portions, 0));
      expect(total(plan.dietPortions)).toBe(plan.portions);
      for (const cell of plan.cells) {
        expect(total(cell.diets)).toBe(cell.portions);
        expect(cell.deliveries + cell.collections + cell.walkInsToCook).toBe(cell.portions);
      }
      for (const dish of plan.dishPortions) expect(total(dish.diets)).toBe(dish.portions);
      const ordered = all.reduce((sum, { portions }) => sum + portions, 0);
      expect(plan.portions + plan.unmatched.reduce((sum, { portions }) => sum + portions, 0)).toBe(ordered + cook);
    }));
  });

  it('shares walk-ins out by past diets and gives a tie to the special diet', () => {
    expect(shareOut(3, { '': 1, soft: 1 })).toEqual([['soft', 2], ['', 1]]);
    expect(shareOut(0, { '': 1 })).toEqual([]);
    expect(shareOut(4, {})).toEqual([['', 4]]);
    expect(() => shareOut(1.5, {})).toThrow('whole portions');
  });
});

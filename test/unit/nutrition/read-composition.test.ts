import fc from 'fast-check';
import { COMPOSITION_COLUMNS, type CompositionColumn, previewComposition } from '../../../src/domain/nutrition/index.js';

/** An invented food that adds up: 70 + 20 + 5 + 4 + 1 = 100 g; 4·20 + 9·5 + 4·4 = 141 kcal = 590 kJ. */
const GOOD: Partial<Record<CompositionColumn, string>> = {
  foodCode: '081001', foodName: '试样肉', edible: '80', water: '70', energyKCal: '141', energyKJ: '590', protein: '20', fat: '5', CHO: '4',
  dietaryFiber: '—', cholesterol: '60', ash: '1', Na: '65.3', K: '300', Ca: 'Tr',
};
const row = (change: Partial<Record<CompositionColumn, string>> = {}): string[] => COMPOSITION_COLUMNS.map((column) => ({ ...GOOD, ...change })[column] ?? '');
const preview = (...rows: string[][]) => previewComposition(rows, 'a book of the operator');
const one = (change: Partial<Record<CompositionColumn, string>>) => {
  const { foods, problems } = preview(row(change));
  return { food: foods[0] ?? null, problems };
};

describe('the reader of the usual food composition format', () => {
  it('has 34 columns', () => expect(COMPOSITION_COLUMNS).toHaveLength(34));

  it('lets a wine be short of a hundred grams by its alcohol, and nothing else', () => {
    const wine = { water: '80', protein: '1.5', fat: '0', CHO: '3', ash: '0.5', energyKCal: '118', energyKJ: '494' };
    expect(one({ ...wine, foodName: '试样黄酒' })).toMatchObject({ food: { name: '试样黄酒' }, problems: [] });
    expect(one({ ...wine, foodName: '试样醋' }).food).toBeNull();
    expect(one({ ...wine, CHO: '30', foodName: '试样甜酒' }).food).toBeNull();
  });

  it('reads a row, keeps what is not measured apart from nothing, and marks it unverified', () => {
    const { foods, problems, traces } = preview(row());
    expect(problems).toEqual([]);
    expect(traces).toEqual([{ row: 1, column: 'Ca' }]);
    expect(foods[0]).toMatchObject({ code: '081001', edibleShare: 0.8, verified: false, source: 'a book of the operator' });
    expect(foods[0].per100g).toMatchObject({ energyKCal: 141, Na: 65.3, Ca: 0, dietaryFiber: null, Mg: null });
  });

  it.each([
    ['a star glued to a number', '65.3*', 'glued-mark'],
    ['a letter glued to a number', 'a65', 'glued-mark'],
    ['two numbers in one cell', '65.3 12', 'two-numbers'],
    ['two numbers run together', '65.3.12', 'two-numbers'],
    ['a negative value', '-3', 'negative'],
    ['more sodium than salt holds', '50000', 'impossible'],
    ['words', '见备注', 'not-a-number'],
    ['a full-width number', '６５', 'not-a-number'],
  ])('flags %s with its row and column and stores nothing of the cell', (_, text, problem) => {
    const { food, problems } = one({ Na: text });
    expect(problems).toEqual([{ row: 1, column: 'Na', problem, text, refused: 'cell' }]);
    expect(food?.per100g.Na).toBeNull();
    expect(food?.per100g.K).toBe(300);
  });

  it.each([
    ['text in the code', { foodCode: '肉类' }, 'foodCode', 'code'],
    ['a number for a name', { foodName: '12.5' }, 'foodName', 'name'],
    ['more than there is in 100 g while a part is not measured', { water: '—', protein: '60', fat: '70', CHO: '80' }, null, 'sum-not-100'],
    ['more than there is in 100 g', { protein: '60', energyKCal: '301', energyKJ: '1259' }, null, 'sum-not-100'],
  ])('leaves out a row with %s', (_, change, column, problem) => {
    const { food, problems } = one(change);
    expect(food).toBeNull();
    expect(problems[0]).toMatchObject({ row: 1, column, problem, refused: 'row' });
  });

  it('keeps no fibre that is more than the carbohydrate it is part of', () => {
    expect(one({ CHO: '5', dietaryFiber: '5' }).food?.per100g.dietaryFiber).toBe(5);
    const { food, problems } = one({ water: '—', energyKCal: '—', energyKJ: '—', CHO: '5', dietaryFiber: '5.1' });
    expect(problems).toEqual([{ row: 1, column: 'dietaryFiber', problem: 'impossible', text: '5.1', refused: 'cell' }]);
    expect(food?.per100g).toMatchObject({ CHO: 5, dietaryFiber: null });
  });

  it('recognises a row that slipped by a column', () => {
    const cells = row();
    const slipped = [...cells.slice(0, 3), '', ...cells.slice(3, -1)];
    const { foods, problems } = preview(slipped);
    // Slipped to the right, ash holds cholesterol, so the row cannot add up; its energies stand as water.
    expect(foods).toEqual([]);
    expect(problems.some(({ refused, problem }) => refused === 'row' && problem === 'shifted')).toBe(true);
  });

  it('takes no trace for an edible share', () => {
    expect(one({ edible: 'Tr' })).toMatchObject({ food: { edibleShare: null }, problems: [{ column: 'edible', problem: 'not-a-number' }] });
  });

  it('refuses a row of another width, and the second row of one code', () => {
    expect(preview(row().slice(1)).problems[0]).toMatchObject({ problem: 'columns', text: '33', refused: 'row' });
    const { foods, problems } = preview(row(), row({ foodName: '又一次' }));
    expect(foods).toHaveLength(1);
    expect(problems).toEqual([{ row: 2, column: 'foodCode', problem: 'repeated', text: '081001', refused: 'row' }]);
  });

  it('keeps of two energies the one that follows from the macronutrients', () => {
    expect(one({ energyKJ: '1590' }).food?.per100g.energyKCal).toBe(141);
    expect(one({ energyKCal: '411' }).food?.per100g.energyKCal).toBe(141);
    expect(one({ energyKCal: '411' }).problems[0]).toMatchObject({ column: 'energyKCal', problem: 'units-disagree' });
    expect(one({ energyKCal: '400', energyKJ: '2500' }).food?.per100g.energyKCal).toBeNull();
  });

  it('does not store an energy that does not follow, but for what holds alcohol', () => {
    expect(one({ energyKCal: '300', energyKJ: '1255' }).food?.per100g.energyKCal).toBeNull();
    expect(one({ energyKCal: '300', energyKJ: '1255' }).problems[0].problem).toBe('energy-disagrees');
    expect(one({ energyKCal: '300', energyKJ: '1255', foodName: '试样酒' }).food?.per100g.energyKCal).toBe(300);
  });

  it('never stores the impossible, whatever stands in the cells', () => {
    const cell = fc.oneof(fc.string({ maxLength: 8 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(String), fc.constantFrom('', 'Tr', '-', '1e9', 'Infinity', 'NaN', '0x10', '１２'));
    fc.assert(fc.property(fc.array(cell, { minLength: 32, maxLength: 32 }), (cells) => {
      const { foods } = preview(['081001', '随机', ...cells]);
      for (const { per100g, edibleShare } of foods) {
        expect(edibleShare === null || (edibleShare > 0 && edibleShare <= 1)).toBe(true);
        for (const value of Object.values(per100g)) expect(value === null || (Number.isFinite(value) && value >= 0 && value <= 200_000)).toBe(true);
        for (const gram of [per100g.protein, per100g.fat, per100g.CHO, per100g.water, per100g.ash]) expect((gram ?? 0) <= 100).toBe(true);
      }
    }));
  });
});

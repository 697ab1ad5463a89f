import fc from 'fast-check';
import { dishesOfPlan, gramsPerPlate, learnDishChoice, type MenuDay, planProduction, planWalkIns, shareByDishes, type WalkInPlan } from '../../../src/domain/forecast/index.js';
import { addDays, parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';

const MONDAY = parseBusinessDay('2026-06-01');
const DAYS = 150;
const TARGET = addDays(MONDAY, DAYS);
const KINDS = { pork: 'meat', tofu: 'half-meat', chicken: 'meat', cabbage: 'vegetable', rice: 'staple' };
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Two set meals whose main dish turns every five days; pork draws people from the other set meal. */
function street(pull: number): { menus: MenuDay[]; sums: { setCode: string; days: { day: ReturnType<typeof addDays>; portions: number }[] }[] } {
  const random = new SeededRandom('dishes');
  const mains = ['pork', 'tofu', 'chicken', 'tofu', 'chicken'];
  const menus: MenuDay[] = [];
  const sums = ['A', 'B'].map((setCode) => ({ setCode, days: [] as { day: ReturnType<typeof addDays>; portions: number }[] }));
  for (let index = 0; index < DAYS; index += 1) {
    const day = addDays(MONDAY, index);
    const held = [mains[index % 5], mains[(index + 2) % 5]];
    const attraction = held.map((dish) => (dish === 'pork' ? pull : 1));
    const people = Math.max(0, 200 + random.normal(0, 20));
    held.forEach((dish, set) => {
      menus.push({ day, setCode: sums[set].setCode, dishIds: [dish, 'rice'] });
      sums[set].days.push({ day, portions: Math.max(0, Math.round((people * attraction[set]) / (attraction[0] + attraction[1]) + random.normal(0, 5))) });
    });
  }
  return { menus, sums };
}

describe('how people choose by dish', () => {
  it('learns that a dish draws people, measures that it helps, and shares the next day by it', () => {
    const { menus, sums } = street(2);
    const choice = learnDishChoice(sums, { menus, kinds: KINDS }, TARGET);
    expect(choice.method).toBe('dish');
    expect(choice.dishError).toBeLessThan((choice.setError ?? 0) * 0.75);
    const effect = (dishId: string): number => choice.dishes.find((dish) => dish.dishId === dishId)?.effect ?? 0;
    expect(effect('pork')).toBeGreaterThan(0.2);
    expect(effect('pork')).toBeGreaterThan(effect('tofu') + 0.3);
    expect(choice.dishes.find(({ dishId }) => dishId === 'pork')).toMatchObject({ error: expect.any(Number) as number });
    const series = sums.map(({ setCode, days }) => ({ pointId: 'p1', setCode, days, dietHistory: {} }));
    const plan = planWalkIns(series, TARGET, 0.9, { holidays: new Set() }, { menus, kinds: KINDS });
    const shared = shareByDishes(plan, [{ code: 'A', dishes: [{ id: 'pork', kind: 'meat' }] }, { code: 'B', dishes: [{ id: 'tofu', kind: 'half-meat' }] }]);
    const share = (of: WalkInPlan): number => of.sets[0].forecast.expectedPortions / sum(of.sets.map(({ forecast }) => forecast.expectedPortions));
    // Two of three come for pork; the letters alone know nothing of it.
    expect(share(shared)).toBeGreaterThan(share(plan) + 0.05);
    expect(share(shared)).toBeLessThan(0.75);
    expect(sum(shared.sets.map(({ forecast }) => forecast.cookPortions))).toBe(sum(plan.sets.map(({ forecast }) => forecast.cookPortions)));
  }, 60_000);

  it('keeps to the letters where dishes teach nothing, and never looks at the day itself or later', () => {
    const { menus, sums } = street(1);
    const choice = learnDishChoice(sums, { menus, kinds: KINDS }, TARGET);
    expect(Math.max(...choice.dishes.map(({ effect }) => Math.abs(effect)))).toBeLessThan(0.1);
    const later = [{ day: TARGET, setCode: 'A', dishIds: ['pork'] }, { day: TARGET, setCode: 'B', dishIds: ['tofu'] }];
    const told = sums.map(({ setCode, days }, index) => ({ setCode, days: [...days, { day: TARGET, portions: index === 0 ? 500 : 1 }] }));
    expect(learnDishChoice(told, { menus: [...menus, ...later], kinds: KINDS }, TARGET)).toEqual(choice);
    const plan = planWalkIns(sums.map(({ setCode, days }) => ({ pointId: 'p1', setCode, days: days.slice(-60), dietHistory: {} })), TARGET, 0.9);
    expect(shareByDishes(plan, [])).toBe(plan);
    expect(learnDishChoice([], { menus: [], kinds: {} }, TARGET)).toEqual({ method: 'set', setError: null, dishError: null, dishes: [], kinds: [] });
  }, 60_000);

  it('shares out exactly what is cooked and what each point expects, whatever the dishes are worth', () => {
    const whole = fc.integer({ min: 0, max: 80 });
    fc.assert(fc.property(fc.array(fc.tuple(whole, whole, whole), { minLength: 1, maxLength: 6 }), fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (points, pork, tofu) => {
      const forecast = (cookPortions: number) => ({ expectedPortions: cookPortions * 0.9, cookPortions, quantile: 0.9, method: 'weekday' as const, daysUsed: 9, sameWeekdayMean: null, smoothedPortions: 0, weekdayIndex: 1, holidayIndex: 1, recentError: null });
      const codes = ['A', 'B', 'C'];
      const cells = codes.flatMap((setCode, index) => points.map((counts, point) => ({ pointId: `p${point}`, setCode, dietHistory: {}, expectedPortions: counts[index] * 0.9, portionsToCook: counts[index] })));
      const plan: WalkInPlan = {
        all: forecast(1), cells, sets: codes.map((setCode, index) => ({ setCode, forecast: forecast(sum(points.map((counts) => counts[index]))) })),
        choice: { method: 'dish', setError: 1, dishError: 0.5, dishes: [{ dishId: 'pork', effect: pork, days: 9, error: null }, { dishId: 'tofu', effect: tofu, days: 9, error: null }], kinds: [] },
      };
      const shared = shareByDishes(plan, [{ code: 'A', dishes: [{ id: 'pork', kind: 'meat' }] }, { code: 'B', dishes: [{ id: 'tofu', kind: 'meat' }] }, { code: 'C', dishes: [{ id: 'new', kind: 'meat' }] }]);
      expect(sum(shared.cells.map(({ portionsToCook }) => portionsToCook))).toBe(sum(cells.map(({ portionsToCook }) => portionsToCook)));
      for (const { setCode, forecast: own } of shared.sets) expect(sum(shared.cells.filter((cell) => cell.setCode === setCode).map(({ portionsToCook }) => portionsToCook))).toBe(own.cookPortions);
      for (const pointId of new Set(cells.map((cell) => cell.pointId))) {
        const expected = (of: readonly { pointId: string; expectedPortions: number }[]): number => sum(of.filter((cell) => cell.pointId === pointId).map(({ expectedPortions }) => expectedPortions));
        expect(expected(shared.cells)).toBeCloseTo(expected(cells), 6);
      }
      expect(shared.cells.every(({ portionsToCook }) => Number.isSafeInteger(portionsToCook) && portionsToCook >= 0)).toBe(true);
    }));
  });
});

describe('the plan of a day by dish', () => {
  const SETS = [{ code: 'A', dishIds: ['pork', 'rice'] }, { code: 'B', dishIds: ['tofu', 'rice'] }];

  it('balances with the set meals, with what single people get instead', () => {
    const count = fc.integer({ min: 0, max: 40 });
    fc.assert(fc.property(fc.array(fc.record({ a: count, b: count, walkIns: count, swapped: count }), { minLength: 1, maxLength: 4 }), (points) => {
      const pointIds = points.map((_, index) => `p${index}`);
      const orders = points.flatMap(({ a, b }, index) => [{ setCode: 'A', portions: a }, { setCode: 'B', portions: b }].map((one) => ({ ...one, pointId: pointIds[index], fulfilment: 'collect' as const, source: 'order' as const, diet: '' })));
      const walkIns = points.map(({ walkIns: portionsToCook }, index) => ({ pointId: pointIds[index], setCode: 'A', expectedPortions: portionsToCook * 0.8, portionsToCook, dietHistory: {} }));
      const plan = planProduction(pointIds, SETS, orders, walkIns);
      const swaps = points.map(({ swapped }, index) => ({ pointId: pointIds[index], setCode: 'A', dishId: 'pork', substituteId: 'tofu', portions: swapped }));
      const dishes = dishesOfPlan(plan, SETS, swaps);
      for (const [index, pointId] of pointIds.entries()) {
        const own = dishes.filter((dish) => dish.pointId === pointId);
        expect(sum(own.map(({ portions }) => portions))).toBe(2 * sum(plan.cells.filter((cell) => cell.pointId === pointId).map(({ portions }) => portions)));
        expect(own.find(({ dishId }) => dishId === 'pork')?.ordered).toBe(points[index].a - Math.min(points[index].a, points[index].swapped));
        for (const dish of own) expect(dish.ordered + dish.walkInsToCook).toBe(dish.portions);
      }
    }));
  });

  it('divides a plate by what was weighed, then by kind, then by recipe; the dishes sum to the plate', () => {
    const dishes = [{ id: 'pork', kind: 'meat' }, { id: 'duck', kind: 'meat' }, { id: 'cabbage', kind: 'vegetable' }, { id: 'soup', kind: 'soup' }];
    // 10 plates took 1,200 g of pork; 20 plates took 4,000 g of another vegetable; of the soup only its recipe is known.
    const taken = [{ dishId: 'pork', kind: 'meat', plates: 10, grams: 1_200 }, { dishId: 'bean', kind: 'vegetable', plates: 20, grams: 4_000 }];
    const plate = gramsPerPlate(dishes, taken, 540, new Map([['soup', 100]]));
    // 120 : 120 : 200 : 100 of 540 g
    expect([...plate.values()]).toEqual([120, 120, 200, 100]);
    expect(gramsPerPlate(dishes, [], 400, new Map()).get('duck')).toBe(100);
    expect(gramsPerPlate(dishes, taken, 0, new Map()).size).toBe(0);
  });
});

import { DEFAULT_MENU_BOUNDS, type CycleListAnswer, type MeasureMenuAnswer, type SolveMenuAnswer } from '../../src/contract/menu-plan.js';
import type { SetMealRow, WeekMenuAnswer } from '../../src/contract/menu.js';
import { addDays } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { insertDish, insertFoods, insertIngredient } from '../fixtures/kitchen-things.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let cook: SignedIn;
/** Ids by name: six meats, six vegetables, rice, and one dish without a price. */
const dishes: Record<string, string> = {};

const bounds = { ...DEFAULT_MENU_BOUNDS, energyLeastKCal: 400, proteinLeastG: 15, foodsADay: 3, foodsAWeek: 10, softADay: 0 };
const question = (change: object = {}) => ({
  days: 7, period: 'lunch', sets: [{ code: 'A', name: '一荤一素', grossFen: 1500, slots: { meat: 1, vegetable: 1, staple: 1 } }], bounds, fixed: [], seed: 1, ...change,
});
const solve = async (change: object = {}): Promise<SolveMenuAnswer> => (await cook.post('/menu-plans/solve', question(change)).expect(200)).body as SolveMenuAnswer;
const keep = (name: string, trays: object[], festivalDay: string | null = null) =>
  cook.put('/menu-plans/cycles', { name, period: 'lunch', festivalDay, days: festivalDay === null ? 7 : 1, trays, bounds });

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  const foods = await insertFoods(test, street.kitchenId, {
    meat: { edibleShare: 1, per100g: { energyKCal: 200, protein: 20, Na: 60 } }, greens: { edibleShare: 1, per100g: { energyKCal: 20, protein: 2, Na: 30 } }, rice: { edibleShare: 1, per100g: { energyKCal: 350, protein: 7, Na: 4 } },
  });
  const add = async (name: string, kind: string, food: string, grams: number, fenPerKg: number | null): Promise<void> => {
    const ingredientId = await insertIngredient(test, street.kitchenId, { name: `${name}料`, foodId: foods[food], foodGroup: food === 'rice' ? 'cereal' : food === 'meat' ? 'meat' : 'vegetable', fenPerKg });
    const dishId = dishes[name] = await insertDish(test, street.kitchenId, { name, kind, texture: 6 });
    await cook.post(`/nutrition/dishes/${dishId}/recipes`, { portions: 10, cookingYield: 1, method: '', ingredients: [{ ingredientId, purchasedG: grams * 10 }] }).expect(201);
  };
  for (let index = 1; index <= 6; index += 1) {
    await add(`荤${index}`, 'meat', 'meat', 80, 3000 + index);
    await add(`素${index}`, 'vegetable', 'greens', 150, 400 + index);
  }
  await add('饭', 'staple', 'rice', 85, 600);
  await add('贵', 'meat', 'meat', 80, null);
});
afterAll(() => test.close());

describe('the menu planner', () => {
  it('fills a week within all bounds, the same for the same seed, and names what it left out', async () => {
    const answer = await solve();
    expect(answer).toMatchObject({ state: 'solved', binding: [], lackingKinds: [] });
    expect(answer.trays).toHaveLength(7);
    expect(answer.states.filter(({ kept }) => !kept)).toEqual([]);
    expect(answer.leftOut).toEqual(expect.arrayContaining([{ id: dishes['贵'], name: '贵', why: 'no-price' }, expect.objectContaining({ name: '红烧肉', why: 'no-recipe' })]));
    expect((await solve()).trays).toEqual(answer.trays);
  });

  it('leaves what was decided by hand, and measures a menu that is being edited', async () => {
    const { trays } = await solve({ fixed: [{ day: 2, code: 'A', dishIds: [dishes['荤6']] }] });
    expect(trays[2].dishIds).toContain(dishes['荤6']);
    const refused = await cook.post('/menu-plans/solve', question({ fixed: [{ day: 2, code: 'A', dishIds: [dishes['贵']] }] })).expect(422);
    expect(refused.body).toMatchObject({ code: 'MENU.FIXED_FIGURES' });
    const { unknown } = (await cook.post('/menu-plans/measure', { bounds, trays: [{ day: 0, code: 'A', dishIds: [dishes['贵'], dishes['饭']] }] }).expect(200)).body as MeasureMenuAnswer;
    expect(unknown).toEqual([{ id: dishes['贵'], name: '贵', why: 'no-price' }]);
    const same = [0, 1].map((day) => ({ day, code: 'A', dishIds: [dishes['荤1'], dishes['素1'], dishes['饭']] }));
    const { states } = (await cook.post('/menu-plans/measure', { bounds, trays: same }).expect(200)).body as SolveMenuAnswer;
    // 80 g meat, 150 g greens, 85 g rice: 160 + 30 + 297.5 kcal.
    expect(states.find(({ bound, day }) => bound === 'energy-least' && day === 0)).toMatchObject({ value: 487.5, kept: true });
    expect(states.filter(({ bound }) => bound === 'gap')).toMatchObject([{ day: 1, value: 1, limit: 3, kept: false }, { day: 1, kept: false }]);
  });

  it('says which bound is in the way, and which kind has too few dishes', async () => {
    const tight = await solve({ days: 1, bounds: { ...bounds, costMostFen: 300 } });
    expect(tight.state).toBe('infeasible');
    expect(tight.binding).toMatchObject([{ bound: 'cost', day: 0, code: 'A' }]);
    expect(await solve({ sets: [{ code: 'A', name: '汤', grossFen: 500, slots: { soup: 1 } }] })).toMatchObject({ state: 'lacking', lackingKinds: ['soup'], trays: [] });
    expect((await cook.post('/menu-plans/solve', question({ fixed: [{ day: 0, code: 'A', dishIds: [newId()] }] })).expect(422)).body).toMatchObject({ code: 'MENU.DISH_UNKNOWN' });
  });

  it('is kept as a cycle and written into the days to come, a festival’s own menu first, what was sent left alone', async () => {
    const { trays } = await solve();
    const named = trays.map((tray) => ({ ...tray, name: '一荤一素', grossFen: 1500 }));
    const festival = addDays(street.day, 2);
    await keep('家常一周', named).expect(200);
    await keep('冬至', [{ day: 0, code: 'A', name: '冬至餐', grossFen: 1800, dishIds: [dishes['荤6']] }], festival).expect(200);
    expect((await keep('另一份冬至', [{ day: 0, code: 'A', name: '冬至餐', grossFen: 1800, dishIds: [dishes['荤6']] }], festival).expect(409)).body).toMatchObject({ code: 'MENU.FESTIVAL_TAKEN' });
    const { rows } = (await cook.get('/menu-plans/cycles').expect(200)).body as CycleListAnswer;
    const cycle = rows.find(({ name }) => name === '家常一周');
    const applied = await cook.post(`/menu-plans/cycles/${cycle?.id}/apply`, { from: street.day, days: 4 }).expect(200);
    expect(applied.body).toEqual({ written: 3, kept: 1, festivals: [{ day: festival, name: '冬至' }] });
    const { sets } = (await cook.get(`/menu/week?from=${street.day}`).expect(200)).body as WeekMenuAnswer;
    const on = (day: string): SetMealRow | undefined => sets.find((set) => set.day === day);
    expect([on(street.day)?.grossFen, on(festival)?.name, on(addDays(street.day, 3))?.dishes.map(({ id }) => id).sort()]).toEqual([2000, '冬至餐', [...trays[3].dishIds].sort()]);
    expect((await cook.post(`/menu-plans/cycles/${cycle?.id}/apply`, { from: '2026-11-01', days: 1 }).expect(422)).body).toMatchObject({ code: 'MENU.DAY_PAST' });
  });
});

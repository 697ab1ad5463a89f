import type { DishForecastAnswer } from '../../src/contract/dish-forecast.js';
import type { ProductionAnswer } from '../../src/contract/kitchen.js';
import type { PurchaseListAnswer } from '../../src/contract/stock.js';
import { newId } from '../../src/infra/ids.js';
import { layDemoStreet } from '../fixtures/demo-street.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const TOMORROW = '2026-11-25';
let test: TestApp;
let planner: SignedIn;
let kitchenId: string;
let pointId: string;
beforeAll(async () => {
  test = await startApp();
  await layDemoStreet(test, { seniors: 150, pastDays: 42 });
  [{ id: kitchenId }] = await test.dataSource.query('SELECT id FROM kitchen');
  [{ id: pointId }] = await test.dataSource.query("SELECT id FROM point WHERE code = '01'");
  planner = await signIn(test, 'kitchen', 'kitchen', kitchenId);
});
afterAll(() => test.close());

const forecast = async (query = ''): Promise<DishForecastAnswer> => (await planner.get(`/kitchen/forecast/dishes${query}`).expect(200)).body as DishForecastAnswer;
const production = async (): Promise<ProductionAnswer> => (await planner.get('/kitchen/production').expect(200)).body as ProductionAnswer;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('the forecast by dish', () => {
  it('says per point, dish, meal and day what to cook, balances with the set meals, and shows the error of each dish', async () => {
    const [answer, page] = [await forecast(), await production()];
    expect(answer).toMatchObject({ day: TOMORROW, period: 'lunch', weekday: 3 });
    expect(answer.balance.byDish).toBe(answer.balance.bySet);
    expect(answer.balance.byDish).toBe(sum(answer.dishes.map(({ portions }) => portions)));
    for (const dish of answer.dishes) {
      expect(dish.cells).toHaveLength(14);
      expect(dish.portions).toBe(sum(dish.cells.map(({ portions }) => portions)));
      for (const cell of dish.cells) expect(cell.ordered + cell.walkInsToCook).toBe(cell.portions);
      expect(page.dishes.find(({ dishId }) => dishId === dish.dishId)?.portions).toBe(dish.portions);
    }
    for (const [index, { id }] of answer.points.entries()) {
      const bySet = sum(page.cells.filter((cell) => cell.pointId === id).map((cell) => cell.portions * (page.sets.find(({ code }) => code === cell.setCode)?.dishes.length ?? 0)));
      expect(sum(answer.dishes.map(({ cells }) => cells[index].portions))).toBe(bySet);
    }
    const measured = answer.dishes.filter(({ error }) => error !== null);
    expect(measured.length).toBeGreaterThan(0);
    expect(measured.every(({ error, daysKnown }) => (error ?? -1) >= 0 && daysKnown > 0)).toBe(true);
    expect(answer.setError).toBeGreaterThan(0);
    expect(answer.dishError).toBeGreaterThan(0);
    expect(answer.method === 'dish').toBe((answer.dishError ?? 1) < (answer.setError ?? 0));
  });

  it('keeps an override, moves what one person gets instead to its dish, and cooks and buys by both', async () => {
    const before = await forecast();
    const set = before.sets[0];
    const cell = (await production()).cells.find((one) => one.setCode === set.code && one.deliveries + one.collections > 0);
    if (cell === undefined) throw new Error('nothing is ordered');
    await planner.put('/kitchen/production/overrides', { day: TOMORROW, period: 'lunch', pointId: cell.pointId, setCode: set.code, portions: cell.walkInsToCook + 7, reason: '村里有宴席' }).expect(200);
    const after = await forecast();
    const own = before.dishes.filter(({ setCodes }) => setCodes.includes(set.code));
    for (const dish of own) {
      const now = after.dishes.find(({ dishId }) => dishId === dish.dishId);
      expect(now).toMatchObject({ portions: dish.portions + 7, overridden: true });
      expect(now?.cells.filter(({ overridden }) => overridden).map((one) => one.pointId)).toEqual([cell.pointId]);
    }
    const dish = own.find(({ setCodes }) => setCodes.length === 1) ?? own[0];
    const [diner] = await test.dataSource.query<{ id: string }[]>(
      `SELECT s.id FROM standing_plan p JOIN senior s ON s.id = p.senior_id WHERE s.status = 'active' AND p.period = 'lunch' AND p.set_code = ? AND p.weekday_mask & 4
         AND s.point_id = ? AND NOT EXISTS (SELECT 1 FROM meal_adjustment a WHERE a.senior_id = s.id AND a.business_day = ?) LIMIT 1`, [set.code, cell.pointId, TOMORROW],
    );
    const [{ id: substituteId }] = await test.dataSource.query<{ id: string }[]>(
      'SELECT d.id FROM dish d WHERE d.kitchen_id = ? AND d.retired = 0 AND NOT EXISTS (SELECT 1 FROM set_meal_dish x JOIN set_meal m ON m.id = x.set_meal_id WHERE x.dish_id = d.id AND m.business_day = ?) LIMIT 1', [kitchenId, TOMORROW],
    );
    await test.dataSource.query(
      "INSERT INTO meal_adjustment (senior_id, business_day, period, dish_id, substitute_id, decided_at) VALUES (?, ?, 'lunch', ?, ?, ?)",
      [diner.id, TOMORROW, dish.dishId, substituteId, test.clock.now()],
    );
    const swapped = await forecast();
    expect(swapped.balance.byDish).toBe(swapped.balance.bySet);
    expect(swapped.dishes.find(({ dishId }) => dishId === substituteId)).toMatchObject({ portions: 1, ordered: 1, setCodes: [], factor: expect.any(Number) as number });
    expect(swapped.dishes.find(({ dishId }) => dishId === dish.dishId)?.portions).toBe((after.dishes.find(({ dishId }) => dishId === dish.dishId)?.portions ?? 0) - 1);
    const planned = (await planner.post('/kitchen/batches/plan', { day: TOMORROW, period: 'lunch' }).expect(200)).body as { batches: { dishId: string; plannedPortions: number }[] };
    for (const one of swapped.dishes) expect(sum(planned.batches.filter(({ dishId }) => dishId === one.dishId).map(({ plannedPortions }) => plannedPortions))).toBe(one.portions);
  });

  it('plans and buys for every meal of a day', async () => {
    const bought = async (): Promise<PurchaseListAnswer> => (await planner.get(`/kitchen/purchases?day=${TOMORROW}&days=1`).expect(200)).body as PurchaseListAnswer;
    const lunchOnly = await bought();
    const [set] = await test.dataSource.query<{ id: string }[]>("SELECT id FROM set_meal WHERE business_day = ? AND period = 'lunch' AND code = 'A'", [TOMORROW]);
    const dinner = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'dinner', 'A', '晚餐', 1200, '[]')", [dinner, kitchenId, TOMORROW]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) SELECT ?, dish_id FROM set_meal_dish WHERE set_meal_id = ?', [dinner, set.id]);
    await planner.put('/kitchen/production/overrides', { day: TOMORROW, period: 'dinner', pointId, setCode: 'A', portions: 50, reason: '第一次开晚餐' }).expect(200);
    expect(await forecast(`?day=${TOMORROW}&period=dinner`)).toMatchObject({ period: 'dinner', method: 'set', sets: [{ code: 'A', portions: 50 }] });
    const both = await bought();
    const need = (list: PurchaseListAnswer): number => sum(list.lines.map(({ needG }) => needG)) + sum(list.withoutRecipe.map(({ portions }) => portions));
    expect(need(both)).toBeGreaterThan(need(lunchOnly));
  });

  it('tells grams of dishes that are sold by weight, which sum to the plates', async () => {
    const [day] = ['2026-11-26'];
    const [set] = await test.dataSource.query<{ id: string }[]>("SELECT id FROM set_meal WHERE business_day = ? AND period = 'lunch' AND code = 'A'", [day]);
    const dishes = (await test.dataSource.query<{ id: string }[]>('SELECT dish_id AS id FROM set_meal_dish WHERE set_meal_id = ?', [set.id])).map(({ id }) => id);
    await planner.put(`/menu/set-meals/${set.id}/weighed`, { prices: [{ dishId: null, fenPer100g: 300 }, { dishId: dishes[0], fenPer100g: 590 }] }).expect(200);
    expect((await forecast(`?day=${day}`)).dishes.every(({ grams }) => grams === null)).toBe(true);
    const [meal] = await test.dataSource.query<{ id: string }[]>("SELECT m.id FROM meal m JOIN set_meal s ON s.id = m.set_meal_id WHERE s.code = 'A' AND m.business_day < '2026-11-24' LIMIT 1");
    await test.dataSource.query('INSERT INTO meal_weight (meal_id, line, dish_id, grams, fen_per_100g, amount_fen) VALUES (?, 1, NULL, 480, 300, 1440)', [meal.id]);
    const answer = await forecast(`?day=${day}`);
    const weighed = answer.dishes.filter(({ gramsPerPlate }) => gramsPerPlate !== null);
    expect(weighed.map(({ dishId }) => dishId).sort()).toEqual([...dishes].sort());
    expect(Math.abs(sum(weighed.map(({ gramsPerPlate }) => gramsPerPlate ?? 0)) - 480)).toBeLessThanOrEqual(dishes.length);
    expect(Math.abs(sum(weighed.map(({ grams }) => grams ?? 0)) - 480 * (answer.sets.find(({ code }) => code === 'A')?.portions ?? 0))).toBeLessThanOrEqual(dishes.length);
  });
});

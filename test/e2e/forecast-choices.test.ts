import type { ForecastChoicesAnswer, ProductionAnswer } from '../../src/contract/kitchen.js';
import type { TakenNutritionAnswer } from '../../src/contract/nutrition.js';
import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertDish, insertFoods, insertIngredient } from '../fixtures/kitchen-things.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let cook: SignedIn;
beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
});
afterAll(() => test.close());

describe('what people decide about the forecast', () => {
  const choices = async (): Promise<ForecastChoicesAnswer> => (await cook.get('/kitchen/forecast-choices').expect(200)).body as ForecastChoicesAnswer;
  const override = (portions: number | null, day: string = street.day) => cook.put('/kitchen/production/overrides', { day, period: 'lunch', pointId: street.pointIds[0], setCode: 'A', portions, reason: '村里有宴席' });
  const cooked = async (): Promise<number | undefined> =>
    ((await cook.get(`/kitchen/production?day=${street.day}`).expect(200)).body as ProductionAnswer).cells.find(({ pointId }) => pointId === street.pointIds[0])?.walkInsToCook;

  it('derives the share of days from the cost of waste and of running out', async () => {
    expect(await choices()).toMatchObject({ cost: null, share: 0.9 });
    // 12.00 / (12.00 + 4.00) = 0.75
    await cook.put('/kitchen/cooking-costs', { wastedFen: 400, missedFen: 1200, reason: '厨房会议' }).expect(200);
    expect(await choices()).toMatchObject({ cost: { wastedFen: 400, missedFen: 1200, reason: '厨房会议', effectiveFrom: street.day }, share: 0.75 });
    await cook.put('/kitchen/cooking-costs', { wastedFen: 0, missedFen: 1200, reason: '厨房会议' }).expect(400);
  });

  it('keeps an override with its reason, cooks by it, and takes it back', async () => {
    expect(await cooked()).toBe(0);
    await override(25).expect(200);
    expect(await cooked()).toBe(25);
    expect((await choices()).overrides).toMatchObject([{ setCode: 'A', portions: 25, forecastPortions: 0, actual: null, reason: '村里有宴席' }]);
    await override(null).expect(200);
    expect(await cooked()).toBe(0);
    expect((await override(5, '2026-11-01').expect(404)).body).toMatchObject({ code: 'KITCHEN.NOT_ON_MENU' });
  });

  it('measures an override against the forecast once its day is over', async () => {
    await test.dataSource.query(
      "INSERT INTO portion_override (id, point_id, business_day, period, set_code, portions, forecast_portions, reason, set_at) VALUES (?, ?, '2026-11-20', 'lunch', 'A', 4, 9, '下雨', ?)",
      [newId(), street.pointIds[0], test.clock.now()],
    );
    expect((await choices()).measured).toEqual({ count: 1, overrideError: 4, forecastError: 9 });
  });
});

describe('what the cooking came to', () => {
  it('counts run-outs and waste as they were, and what a wasted portion cost in goods', async () => {
    const day = '2026-11-20';
    const setMealId = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'A', '一荤两素', 2000, '[]')", [setMealId, street.kitchenId, day]);
    const stock = (pointId: string, served: number, wasted: number): Promise<unknown> => test.dataSource.query(
      "INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted, served, wasted) VALUES (?, ?, ?, 'lunch', 20, 20, ?, ?)", [pointId, setMealId, day, served, wasted]);
    await stock(street.pointIds[0], 20, 0); // gone
    await stock(street.pointIds[1], 15, 5); // five thrown away
    await test.dataSource.query("INSERT INTO weighed_waste (id, kitchen_id, point_id, business_day, kind, grams, weighed_by, weighed_at) VALUES (?, ?, NULL, ?, 'unserved', 2750, ?, ?)", [newId(), street.kitchenId, day, newId(), test.clock.now()]);
    const { outcome } = (await cook.get('/kitchen/forecast-choices').expect(200)).body as ForecastChoicesAnswer;
    expect(outcome).toEqual({ days: 30, cells: 2, runOuts: 1, arrived: 40, wastedPortions: 5, unservedG: 2_750, ingredientsPerPortionFen: null });
  });
});

describe('what a family sees of the meals', () => {
  it('is counted from what was really taken, half a portion as half, and the unknown as unknown', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1950-05-05' });
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    const family = await signIn(test, 'family', 'senior', senior.seniorId);
    const desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const paid = await kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    const { mealId } = paid.body as { mealId: string };
    const seen = async (): Promise<TakenNutritionAnswer> => (await family.get('/family/nutrition').expect(200)).body as TakenNutritionAnswer;
    expect((await seen()).meals).toMatchObject([{ dishes: [{ name: '红烧肉', portions: 1 }], amounts: { energyKCal: null, protein: null } }]);
    const foods = await insertFoods(test, street.kitchenId, { pork: { edibleShare: 0.9, per100g: { energyKCal: 400, protein: 15, Na: 1200 } } });
    const ingredientId = await insertIngredient(test, street.kitchenId, { name: '五花肉', foodId: foods['pork'] });
    const [dish] = await test.dataSource.query<{ id: string }[]>('SELECT dish_id AS id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
    await cook.post(`/nutrition/dishes/${dish.id}/recipes`, { portions: 10, cookingYield: 0.8, method: '', ingredients: [{ ingredientId, purchasedG: 2000 }] }).expect(201);
    // 200 g bought, 180 g edible: 720 kcal, 27 g protein, 2160 mg sodium; men of 65 to 79 at lunch 615-820 kcal, 19.5-26 g.
    const whole = await seen();
    expect(whole.meals[0].amounts).toMatchObject({ energyKCal: 720, protein: 27, Na: 2160, Ca: null });
    expect(whole.nutrients.map(({ nutrient, verdict }) => [nutrient, verdict])).toEqual([['energyKCal', 'within'], ['protein', 'high'], ['Ca', 'unknown'], ['Na', 'high']]);
    // A recipe written afterwards says nothing of what was eaten.
    test.clock.moveTo(new Date(test.clock.now().getTime() + 60_000));
    await cook.post(`/nutrition/dishes/${dish.id}/recipes`, { portions: 10, cookingYield: 0.8, method: '', ingredients: [{ ingredientId, purchasedG: 4000 }] }).expect(201);
    expect((await seen()).meals[0].amounts).toMatchObject({ energyKCal: 720 });
    // What was decided for another set meal of that day says nothing of the one that was bought.
    await test.dataSource.query("INSERT INTO meal_adjustment (senior_id, business_day, period, dish_id, substitute_id, set_code, decided_by, decided_at) VALUES (?, ?, 'lunch', ?, ?, 'B', ?, ?)",
      [senior.seniorId, street.day, dish.id, await insertDish(test, street.kitchenId, { name: '白切鸡' }), newId(), test.clock.now()]);
    expect((await seen()).meals[0].dishes).toMatchObject([{ name: '红烧肉' }]);
    expect((await desk.get(`/nutrition/meals/${mealId}/taken`).expect(200)).body.dishes).toMatchObject([{ dishId: dish.id }]);
    await desk.put(`/nutrition/meals/${mealId}/taken`, { dishes: [{ dishId: dish.id, portions: 0.5 }] }).expect(200);
    expect((await seen()).meals[0]).toMatchObject({ dishes: [{ portions: 0.5 }], amounts: { energyKCal: 360, protein: 13.5 } });
    // A weighed plate: 36 g of 144 g a portion (180 g x 0.8) is a quarter.
    await desk.put(`/nutrition/meals/${mealId}/taken`, { dishes: [{ dishId: dish.id, grams: 36 }] }).expect(200);
    expect((await seen()).meals[0]).toMatchObject({ dishes: [{ portions: 0.25 }], amounts: { energyKCal: 180 } });
    expect((await desk.put(`/nutrition/meals/${mealId}/taken`, { dishes: [{ dishId: newId(), portions: 1 }] }).expect(422)).body).toMatchObject({ code: 'NUTRITION.DISH_UNKNOWN' });
    // Sold by weight: 72 g of it are half a portion; with a mixed plate beside it nobody knows.
    await test.dataSource.query('DELETE FROM meal_taken WHERE meal_id = ?', [mealId]);
    const weigh = (line: number, dishId: string | null, grams: number) =>
      test.dataSource.query('INSERT INTO meal_weight (meal_id, line, dish_id, grams, fen_per_100g, amount_fen) VALUES (?, ?, ?, ?, 300, 216)', [mealId, line, dishId, grams]);
    await weigh(1, dish.id, 72);
    expect((await seen()).meals[0]).toMatchObject({ dishes: [{ portions: 0.5 }], amounts: { energyKCal: 360 } });
    await weigh(2, null, 100);
    expect((await seen()).meals[0]).toMatchObject({ dishes: [{ portions: null }], amounts: { energyKCal: null } });
  });

  it('gives advice with its reason, as on the file, and never a diagnosis', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1950-05-05' });
    await test.dataSource.query("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'low-salt'), (?, 'low-purine')", [senior.seniorId, senior.seniorId]);
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    expect((await kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() })).status).toBe(200);
    const family = await signIn(test, 'family', 'senior', senior.seniorId);
    const { cautions } = (await family.get('/family/nutrition').expect(200)).body as TakenNutritionAnswer;
    expect(cautions).toEqual(expect.arrayContaining([{ reason: 'salt', meals: 1, most: 2, unverified: true }, { reason: 'unknown-purine', meals: 1, most: null, unverified: true }]));
  });
});

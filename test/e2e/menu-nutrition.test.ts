import type { KioskTodayAnswer } from '../../src/contract/kiosk.js';
import type { MenuFigure, MenuNutritionAnswer } from '../../src/contract/nutrition.js';
import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertDish, insertFoods, insertIngredient } from '../fixtures/kitchen-things.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const MONDAY = '2026-11-30';
let test: TestApp;
let street: LunchTime;
let cook: SignedIn;
let attendant: SignedIn;
let pork: string;
let plain: string;

/** A dish with one ingredient: 100 portions of `purchasedG` in all. */
async function cooked(name: string, purchasedG: number, food: { edibleShare: number; per100g: Record<string, number> }): Promise<string> {
  const foods = await insertFoods(test, street.kitchenId, { [`${name}料`]: food });
  const ingredientId = await insertIngredient(test, street.kitchenId, { name: `${name}料`, foodId: foods[`${name}料`] });
  const dishId = await insertDish(test, street.kitchenId, { name });
  await cook.post(`/nutrition/dishes/${dishId}/recipes`, { portions: 100, cookingYield: 1, method: '', ingredients: [{ ingredientId, purchasedG }] }).expect(201);
  return dishId;
}
async function serve(day: string, code: string, dishIds: readonly string[]): Promise<void> {
  await cook.put('/menu/set-meals', { day, period: 'lunch', code, name: `套餐${code}`, grossFen: 2_000, dishIds }).expect(200);
}
const menus = async (query = ''): Promise<MenuNutritionAnswer> => (await cook.get(`/nutrition/menus?from=${MONDAY}${query}`).expect(200)).body as MenuNutritionAnswer;
const figure = (figures: readonly MenuFigure[] | null | undefined, nutrient: MenuFigure['nutrient']) => figures?.find((one) => one.nutrient === nutrient);

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  // 100 g of pork a portion, 90 g edible: 360 kcal, 18 g protein, 900 mg sodium. 200 g of rice: 240 kcal, 5 g, 10 mg.
  pork = await cooked('扣肉', 10_000, { edibleShare: 0.9, per100g: { energyKCal: 400, protein: 20, Na: 1_000, Ca: 10, K: 200, fat: 35, CHO: 2, dietaryFiber: 0 } });
  plain = await cooked('米饭', 20_000, { edibleShare: 1, per100g: { energyKCal: 120, protein: 2.5, Na: 5, Ca: 5, K: 30, fat: 0.3, CHO: 26, dietaryFiber: 0.3 } });
});
afterAll(() => test.close());

describe('what the menus hold', () => {
  it('is added up by set meal, averaged by day and cycle, and judged against the meal’s share', async () => {
    await serve(MONDAY, 'A', [pork, plain]); // 600 kcal, 23 g, 910 mg
    await serve(MONDAY, 'B', [plain]); // 240 kcal, 5 g, 10 mg
    await serve('2026-12-01', 'A', [plain]);
    const { sets, ofDays, cycle, standard } = await menus();
    expect(standard).toBe('WS/T 556-2017');
    expect(sets.map(({ day, code, figures }) => [day, code, figure(figures, 'energyKCal')?.amount, figure(figures, 'protein')?.amount, figure(figures, 'Na')?.amount])).toEqual([
      [MONDAY, 'A', 600, 23, 910], [MONDAY, 'B', 240, 5, 10], ['2026-12-01', 'A', 240, 5, 10],
    ]);
    expect(ofDays.map(({ day, figures }) => [day, figure(figures, 'energyKCal')?.amount])).toEqual([[MONDAY, 420], ['2026-12-01', 240]]);
    expect(figure(cycle, 'energyKCal')?.amount).toBe(330);
    // Lunch of women of 65 to 79: 30 to 40 % of 1700 kcal, 55 g and 1400 mg.
    const women = (one: MenuFigure | undefined) => one?.verdicts.find(({ group }) => group === 'women-65');
    expect(women(figure(sets[0]?.figures, 'energyKCal'))).toMatchObject({ verdict: 'within', least: 510, most: 680 });
    expect(women(figure(sets[0]?.figures, 'Na'))).toMatchObject({ verdict: 'high' });
    expect(women(figure(sets[1]?.figures, 'protein'))).toMatchObject({ verdict: 'low' });
    expect(women(figure(sets[0]?.figures, 'fat'))).toBeUndefined();
    // By the intakes of 2023 the same tray is judged by 1550 kcal and 800 mg of calcium, and every figure says that nobody compared it.
    const other = await menus(`&standard=${encodeURIComponent('DRIs 2023')}`);
    expect(other.standard).toBe('DRIs 2023');
    expect(women(figure(other.sets[0]?.figures, 'energyKCal'))).toEqual({ group: 'women-65', verdict: 'within', least: 465, most: 620, referenceVerified: false });
    await cook.get(`/nutrition/menus?from=${MONDAY}&standard=2013`).expect(400);
  });

  it('says unknown of a day and a cycle as soon as one dish has no recipe, and names it', async () => {
    await serve('2026-12-02', 'A', [plain, await insertDish(test, street.kitchenId, { name: '新菜' })]);
    const { sets, ofDays, cycle } = await menus();
    expect(sets.at(-1)).toMatchObject({ withoutRecipe: ['新菜'] });
    expect([figure(sets.at(-1)?.figures, 'protein')?.amount, figure(ofDays.at(-1)?.figures, 'protein')?.amount, figure(cycle, 'protein')?.amount]).toEqual([null, null, null]);
    expect(figure(cycle, 'protein')?.missing).toEqual(['新菜']);
    expect((await menus('&days=1')).cycle).not.toBeNull();
    await cook.get(`/nutrition/menus?from=${MONDAY}&days=29`).expect(400);
    expect(((await cook.get('/nutrition/menus?from=2027-06-01').expect(200)).body as MenuNutritionAnswer).cycle).toBeNull();
  });
});

describe('the photo of a dish', () => {
  it('is taken by the kitchen, shown to its points, and taken off; nothing but a picture is kept', async () => {
    const path = `/nutrition/dishes/${pork}/photo`;
    expect((await attendant.get(path).expect(200)).body).toEqual({ photo: null });
    expect((await cook.put(path, { photo: 'data:image/png;base64,QUJDRA==' }).expect(400)).body).toMatchObject({ code: 'NUTRITION.PHOTO_BAD' });
    await attendant.put(path, { photo: PIXEL }).expect(403);
    expect((await cook.put(path, { photo: PIXEL }).expect(200)).body).toEqual({ photo: PIXEL });
    expect((await attendant.get(path).expect(200)).body).toEqual({ photo: PIXEL });
    const [first] = await test.dataSource.query<{ id: string }[]>('SELECT dish_id AS id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
    await cook.put(`/nutrition/dishes/${first?.id}/photo`, { photo: PIXEL }).expect(200);
    expect((await attendant.get(`/points/${street.pointIds[0]}/canteen`).expect(200)).body).toMatchObject({ sets: [{ dishes: [{ dishId: first?.id, hasPhoto: true }] }] });
    expect((await cook.put(path, { photo: null }).expect(200)).body).toEqual({ photo: null });
    await cook.get(`/nutrition/dishes/${newId()}/photo`).expect(404);
  });
});

describe('what the glass of a kiosk says before the choice', () => {
  it('is what one portion holds, and nothing of a set meal with a dish that has no recipe', async () => {
    const unknown = await insertDish(test, street.kitchenId, { name: '例汤' });
    await serve(street.day, 'C', [pork, plain]);
    await serve(street.day, 'D', [pork, unknown]);
    const device = await enrolledKiosk(test, street.pointIds[0]);
    const holds = async (code: string) => ((await device.get('/kiosk/today')).body as KioskTodayAnswer).offers.find((offer) => offer.code === code)?.nutrition;
    // Nobody has compared the table with its source: the figures say so until somebody has.
    expect(await holds('C')).toEqual({ energyKcal: 600, proteinG: 23, sodiumMg: 910, unverified: true });
    await test.dataSource.query('UPDATE composition_food SET verified_at = ?', [test.clock.now()]);
    expect(await holds('C')).toEqual({ energyKcal: 600, proteinG: 23, sodiumMg: 910 });
    expect(await holds('D')).toBeUndefined();
  });
});

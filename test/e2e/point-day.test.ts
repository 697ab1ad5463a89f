import type { PointWasteAnswer } from '../../src/contract/food-safety.js';
import type { PointPortionsAnswer } from '../../src/contract/kitchen.js';
import type { TakenDishesAnswer } from '../../src/contract/nutrition.js';
import { newId } from '../../src/infra/ids.js';
import { insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertDish } from '../fixtures/kitchen-things.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: DeliveryStreet;
let desk: SignedIn;
let cook: SignedIn;
let kiosk: TestDevice;
let pointId: string;

const diner = (): Promise<TestSenior> => insertDiner(test, street, { northM: 200, plan: false });
const pay = (senior: TestSenior) => kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
const mark = (soldOut: boolean) => desk.put(`/points/${pointId}/sold-out`, { setMealId: street.setMealId, soldOut, reason: '汤洒了' });
const left = async (): Promise<number> => Number((await test.dataSource.query<{ n: string }[]>('SELECT left_portions AS n FROM portion_stock WHERE point_id = ? AND set_meal_id = ?', [pointId, street.setMealId]))[0]?.n);

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  pointId = street.pointIds[0];
  desk = await signIn(test, 'attendant', 'point', pointId);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  kiosk = await enrolledKiosk(test, pointId);
});
afterAll(() => test.close());

describe('sold out at a point', () => {
  it('is no longer sold to who comes, still served to who ordered, and sold again when it is put back', async () => {
    const [walkIn, ordered] = [await diner(), await diner()];
    await test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), ordered.seniorId, pointId, street.day, test.clock.now()]);
    const before = await left();
    const shown = (await mark(true).expect(200)).body as PointPortionsAnswer;
    expect(shown.sets[0]).toMatchObject({ code: 'A', soldOut: true, ordered: 1, left: before });
    await mark(true).expect(200);
    expect((await pay(walkIn)).body).toMatchObject({ code: 'PAYMENT.SOLD_OUT' });
    expect(await left()).toBe(before);
    expect((await kiosk.get('/kiosk/today')).body).toMatchObject({ offers: [{ portionsLeft: 0 }] });
    expect((await desk.get('/desk/today').expect(200)).body).toMatchObject({ offers: [{ portionsLeft: before }] });
    expect((await pay(ordered)).status).toBe(200);
    await mark(false).expect(200);
    await mark(false).expect(200);
    expect((await pay(walkIn)).status).toBe(200);
    expect(await left()).toBe(before - 2);
  });

  it('is a matter of today’s menu', async () => {
    await desk.put(`/points/${pointId}/sold-out`, { setMealId: street.tomorrowSetMealId, soldOut: true }).expect(404);
    await desk.put(`/points/${pointId}/sold-out`, { setMealId: newId(), soldOut: true }).expect(404);
  });
});

describe('waste weighed at a point', () => {
  it('stands by kind for the day, in the kitchen’s sums too, and is taken back only by its negative', async () => {
    await desk.post(`/points/${pointId}/weighed-waste`, { kind: 'plates', grams: 2_400 }).expect(200);
    await desk.post(`/points/${pointId}/weighed-waste`, { kind: 'unserved', grams: 900, note: '最后两盒' }).expect(200);
    const day = (await desk.post(`/points/${pointId}/weighed-waste`, { kind: 'plates', grams: -400, note: '记错' }).expect(200)).body as PointWasteAnswer;
    expect(day.sums).toEqual([{ kind: 'preparation', grams: 0 }, { kind: 'unserved', grams: 900 }, { kind: 'plates', grams: 2_000 }]);
    expect(day.rows).toHaveLength(3);
    expect((await cook.get('/kitchen/weighed-waste').expect(200)).body).toMatchObject({ days: [{ day: street.day, platesG: 2_000, unservedG: 900 }] });
    await desk.post(`/points/${pointId}/weighed-waste`, { kind: 'plates', grams: 0 }).expect(400);
    await desk.post(`/points/${pointId}/weighed-waste`, { kind: 'drinks', grams: 10 }).expect(400);
  });
});

describe('what was really taken', () => {
  it('is shown to the attendant dish by dish and recorded in halves', async () => {
    const senior = await diner();
    const pork = await insertDish(test, street.kitchenId, { name: '肉片' });
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [street.setMealId, pork]);
    const { mealId } = (await pay(senior)).body as { mealId: string };
    const shown = async (): Promise<TakenDishesAnswer> => (await desk.get(`/nutrition/meals/${mealId}/taken`).expect(200)).body as TakenDishesAnswer;
    expect((await shown()).dishes).toContainEqual({ dishId: pork, name: '肉片', portions: 1, grams: null });
    await desk.put(`/nutrition/meals/${mealId}/taken`, { dishes: [{ dishId: pork, portions: 0.5 }] }).expect(200);
    expect((await shown()).dishes).toContainEqual({ dishId: pork, name: '肉片', portions: 0.5, grams: null });
    await desk.get(`/nutrition/meals/${newId()}/taken`).expect(404);
  });
});

describe('a dish out of use', () => {
  it('is refused while a menu to come holds it, then is on no list but its own, and comes back', async () => {
    const dish = await insertDish(test, street.kitchenId, { name: '冬瓜汤', kind: 'soup' });
    const retire = (retired: boolean) => cook.put(`/nutrition/dishes/${dish}/retired`, { retired, reason: '过季' });
    const listed = async (query = ''): Promise<boolean> => ((await cook.get(`/nutrition/dishes${query}`).expect(200)).body as { rows: { id: string }[] }).rows.some(({ id }) => id === dish);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [street.tomorrowSetMealId, dish]);
    expect((await retire(true).expect(409)).body).toMatchObject({ code: 'NUTRITION.DISH_IN_USE', details: { day: street.tomorrow } });
    await test.dataSource.query('DELETE FROM set_meal_dish WHERE dish_id = ?', [dish]);
    await retire(true).expect(200);
    expect([await listed(), await listed('?retired=yes')]).toEqual([false, true]);
    const write = () => cook.put('/menu/set-meals', { day: street.tomorrow, period: 'lunch', code: 'C', name: '汤', grossFen: 500, dishIds: [dish] });
    expect((await write().expect(400)).body).toMatchObject({ code: 'MENU.DISH_UNKNOWN' });
    await retire(false).expect(200);
    expect(await listed()).toBe(true);
    await write().expect(200);
  });
});

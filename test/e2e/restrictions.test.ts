import type { ClashSheetAnswer, OrderCheckAnswer, PortionLabelsAnswer } from '../../src/contract/ordering.js';
import { newId } from '../../src/infra/ids.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertDish } from '../fixtures/kitchen-things.js';
import { walletFen, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: DeliveryStreet;
let desk: SignedIn;
let cook: SignedIn;
let kiosk: TestDevice;
let shrimp: string;
let tofu: string;
let chicken: string;

const diets = (senior: TestSenior, ...codes: string[]): Promise<unknown> =>
  test.dataSource.query('INSERT INTO senior_diet (senior_id, code) VALUES ?', [codes.map((code) => [senior.seniorId, code])]);
const diner = async (...codes: string[]): Promise<TestSenior> => {
  const senior = await insertDiner(test, street, { northM: 200, plan: false });
  if (codes.length > 0) await diets(senior, ...codes);
  return senior;
};
const cardClaim = ({ cardNo }: TestSenior) => ({ kind: 'card', cardNo });
const pay = (senior: TestSenior) => kiosk.post('/kiosk/payments', { claim: cardClaim(senior), setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
const orderToCollect = (senior: TestSenior, pointIndex: 0 | 1, setCode = 'A', day = street.day): Promise<unknown> => test.dataSource.query(
  `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
   VALUES (?, ?, ?, ?, 'lunch', ?, 'collect', 'order', 'ordered', 1, ?)`, [newId(), senior.seniorId, street.pointIds[pointIndex], day, setCode, test.clock.now()]);
const order = (senior: TestSenior, adjustments?: object[]) => desk.post('/orders', {
  seniorId: senior.seniorId, day: street.tomorrow, period: 'lunch', setCode: 'A', fulfilment: 'collect', ...(adjustments === undefined ? {} : { adjustments }),
}).set('Idempotency-Key', newId());
const sheet = async (): Promise<ClashSheetAnswer> => (await cook.get(`/clash-sheet?day=${street.tomorrow}`).expect(200)).body as ClashSheetAnswer;
const decide = (senior: TestSenior, day: string, dishId: string, substituteId: string | null) => cook.put('/clash-sheet/decisions', { seniorId: senior.seniorId, day, period: 'lunch', dishId, substituteId });

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  shrimp = await insertDish(test, street.kitchenId, { name: '盐水虾', allergens: ['crustacean'], texture: 7 });
  tofu = await insertDish(test, street.kitchenId, { name: '肉末豆腐', allergens: ['soy'], texture: 5 });
  chicken = await insertDish(test, street.kitchenId, { name: '香菇蒸鸡', texture: 6 });
  for (const setMealId of [street.setMealId, street.tomorrowSetMealId]) {
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setMealId, shrimp]);
  }
  await test.dataSource.query('INSERT INTO dish_substitute (dish_id, substitute_id) VALUES (?, ?), (?, ?)', [shrimp, tofu, shrimp, chicken]);
});
afterAll(() => test.close());

describe('what must not reach a person', () => {
  it('is not sold at the kiosk: refused before money moves, and the screen learns no reason', async () => {
    const senior = await diner('no-shrimp');
    const quote = await kiosk.post('/kiosk/quotes', { claim: cardClaim(senior), setMealId: street.setMealId });
    expect(quote.body).toMatchObject({ notSuitable: true, dueFen: 1_600 });
    expect(JSON.stringify(quote.body)).not.toMatch(/虾|shrimp|crustacean/);
    const answer = await pay(senior);
    expect([answer.status, (answer.body as { code: string; details: object }).code, (answer.body as { details: object }).details]).toEqual([422, 'PAYMENT.NOT_SUITABLE', { dishes: 1 }]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
  });

  it('is sold to everybody else (negative control), and a mere wish blocks nothing', async () => {
    expect((await pay(await diner())).status).toBe(200);
    const wishful = await diner('low-salt', 'halal');
    expect((await kiosk.post('/kiosk/quotes', { claim: cardClaim(wishful), setMealId: street.setMealId })).body).not.toHaveProperty('notSuitable');
    expect((await pay(wishful)).status).toBe(200);
  });

  it('is not sold at the desk', async () => {
    const senior = await diner('soft');
    const body = { seniorId: senior.seniorId, setMealId: street.setMealId, channel: 'eat-in' };
    expect((await desk.post('/desk/quotes', body).expect(200)).body).toMatchObject({ notSuitable: true });
    const sale = { diner: { kind: 'senior', seniorId: senior.seniorId, reason: 'needs-help', factor: { kind: 'digits', last4: senior.last4 } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'wallet', expectedDueFen: 1_600 };
    expect((await desk.post('/desk/sales', sale).set('Idempotency-Key', newId())).body).toMatchObject({ code: 'PAYMENT.NOT_SUITABLE' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
  });

  it('is sold once the dish is replaced by one that suits, and refused again when the cook changes that one', async () => {
    const senior = await diner('no-shrimp');
    await test.dataSource.query("INSERT INTO meal_adjustment (senior_id, business_day, period, set_code, dish_id, substitute_id, decided_at) VALUES (?, ?, ?, 'A', ?, ?, ?)",
      [senior.seniorId, street.day, 'lunch', shrimp, chicken, test.clock.now()]);
    // Decided, but nothing is packed for somebody who has ordered nothing: the tray here is the ordinary one.
    expect((await pay(senior)).body).toMatchObject({ code: 'PAYMENT.NOT_SUITABLE' });
    await orderToCollect(senior, 0);
    await test.dataSource.query("UPDATE dish SET allergens = '[\"crustacean\"]' WHERE id = ?", [chicken]);
    expect((await pay(senior)).body).toMatchObject({ code: 'PAYMENT.NOT_SUITABLE' });
    await test.dataSource.query("UPDATE dish SET allergens = '[]' WHERE id = ?", [chicken]);
    expect((await pay(senior)).status).toBe(200);
  });

  it('does not leave in a crate', async () => {
    const crewId = await insertCrew(test, street.pointIds[0]);
    const crew = await signIn(test, 'crew', 'crew', crewId);
    const [fine, limited] = [await diner(), await diner('no-shrimp')];
    const { tripId } = await insertTrip(test, street, { crewId, day: street.day, seniors: [fine, limited] });
    const leave = () => crew.post(`/crew/trips/${tripId}/leave`, { boxes: 2, deviceAt: '2026-11-24T03:00:00Z' });
    expect((await leave().expect(422)).body).toMatchObject({ code: 'DELIVERY.NOT_SUITABLE', details: { stops: 1, seq: 2 } });
    await decide(limited, street.day, shrimp, chicken).expect(200);
    await leave().expect(200);
  });
});

describe('what was decided for one order', () => {
  const adjusted = (senior: TestSenior, setCode: string, substituteId: string | null): Promise<unknown> => test.dataSource.query(
    "INSERT INTO meal_adjustment (senior_id, business_day, period, set_code, dish_id, substitute_id, decided_at) VALUES (?, ?, 'lunch', ?, ?, ?, ?)", [senior.seniorId, street.day, setCode, shrimp, substituteId, test.clock.now()]);
  const notSuitable = async (senior: TestSenior): Promise<boolean> => {
    const answer = await kiosk.post('/kiosk/quotes', { claim: cardClaim(senior), setMealId: street.setMealId });
    return (answer.body as { notSuitable?: true }).notSuitable === true;
  };

  it('unblocks no other set meal with the same dish, no other point, no box of a crew, and nothing once the order is gone', async () => {
    const [otherSet, otherPoint, carried, own] = [await diner('no-shrimp'), await diner('no-shrimp'), await diner('no-shrimp'), await diner('no-shrimp')];
    await orderToCollect(otherSet, 0, 'B');
    await adjusted(otherSet, 'B', chicken);
    await orderToCollect(otherPoint, 1);
    await adjusted(otherPoint, 'A', chicken);
    await orderToCollect(carried, 0);
    await test.dataSource.query("UPDATE meal_order SET fulfilment = 'delivery' WHERE senior_id = ?", [carried.seniorId]);
    await adjusted(carried, 'A', chicken);
    await orderToCollect(own, 0);
    await adjusted(own, 'A', chicken);
    expect(await Promise.all([otherSet, otherPoint, carried, own].map(notSuitable))).toEqual([true, true, true, false]);
    // As a stay in hospital ends it, without a word to the adjustment.
    await test.dataSource.query("UPDATE meal_order SET status = 'cancelled', active = NULL WHERE senior_id = ?", [own.seniorId]);
    expect(await notSuitable(own)).toBe(true);
    expect((await pay(own)).body).toMatchObject({ code: 'PAYMENT.NOT_SUITABLE' });
  });

  it('prepared to a texture, is handed over once somebody tested it soft enough, on its day', async () => {
    const senior = await diner('soft');
    await orderToCollect(senior, 0);
    const decideTested = (tested?: object, day = street.day) => cook.put('/clash-sheet/decisions', { seniorId: senior.seniorId, day, period: 'lunch', dishId: shrimp, substituteId: null, ...(tested === undefined ? {} : { tested }) });
    await decideTested().expect(200);
    const row = async () => ((await cook.get(`/clash-sheet?day=${street.day}`).expect(200)).body as ClashSheetAnswer).rows.find(({ seniorId, dish }) => seniorId === senior.seniorId && dish.id === shrimp);
    expect(await row()).toMatchObject({ decided: { substitute: null, tested: null } });
    expect(await notSuitable(senior)).toBe(true);
    const label = async () => ((await cook.get(`/clash-sheet/labels?day=${street.day}`).expect(200)).body as PortionLabelsAnswer).labels.find(({ seniorId }) => seniorId === senior.seniorId);
    expect((await label())?.open).toContain('盐水虾');
    expect((await decideTested({ level: 7, testedBy: '王师傅' }).expect(422)).body).toMatchObject({ code: 'CLASH.TEST_TOO_FIRM' });
    await decideTested({ level: 5, testedBy: ' ' }).expect(400);
    await decideTested({ level: 5, testedBy: '王师傅' }).expect(200);
    expect(await row()).toMatchObject({ decided: { tested: { level: 5, testedBy: '王师傅' } } });
    expect(await label()).toMatchObject({ instead: [{ dish: '盐水虾', substitute: null, testedLevel: 5 }] });
    expect((await label())?.open).not.toContain('盐水虾');
    // The other dish of the set is decided too, then nothing is in the way.
    for (const { dish } of ((await cook.get(`/clash-sheet?day=${street.day}`).expect(200)).body as ClashSheetAnswer).rows.filter((one) => one.seniorId === senior.seniorId && one.decided === null)) {
      await decide(senior, street.day, dish.id, tofu).expect(200);
    }
    expect(await notSuitable(senior)).toBe(false);
    // Their file is stricter now than what was tested.
    await diets(senior, 'puree');
    expect((await label())?.open).toContain('盐水虾');
  });
});

describe('an order', () => {
  it('is refused with what could be had instead, and taken with a substitute', async () => {
    const senior = await diner('no-shrimp', 'no-soy');
    expect((await order(senior).expect(422)).body).toMatchObject({ code: 'ORDER.NOT_SUITABLE' });
    const check = (await desk.get(`/orders/check?seniorId=${senior.seniorId}&day=${street.tomorrow}&period=lunch&setCode=A`).expect(200)).body as OrderCheckAnswer;
    expect(check.dishes).toEqual([{ dish: { id: shrimp, name: '盐水虾' }, blocks: [expect.objectContaining({ kind: 'allergen', allergen: 'crustacean' })], mayPrepare: false, proposals: [{ id: chicken, name: '香菇蒸鸡' }] }]);
    expect((await order(senior, [{ dishId: shrimp, substituteId: tofu }]).expect(422)).body).toMatchObject({ code: 'CLASH.STILL_UNSUITABLE' });
    expect((await order(senior, [{ dishId: shrimp, substituteId: null }]).expect(422)).body).toMatchObject({ code: 'CLASH.CANNOT_PREPARE' });
    const { body } = await order(senior, [{ dishId: shrimp, substituteId: chicken }]).expect(201);
    // Cancelled, nothing of it unblocks the ordinary tray.
    await desk.post(`/orders/${(body as { orderId: string }).orderId}/cancel`, {}).expect(200);
    const again = (await desk.get(`/orders/check?seniorId=${senior.seniorId}&day=${street.tomorrow}&period=lunch&setCode=A`).expect(200)).body as OrderCheckAnswer;
    expect(again.dishes.map(({ dish }) => dish.id)).toEqual([shrimp]);
    expect(await test.dataSource.query('SELECT 1 FROM meal_adjustment WHERE senior_id = ?', [senior.seniorId])).toEqual([]);
  });
});

describe('the clash sheet', () => {
  it('finds orders and standing plans against tomorrow’s dishes, proposes, and is decided row by row or at once', async () => {
    await test.dataSource.query('DELETE FROM meal_order WHERE business_day = ?', [street.tomorrow]);
    const plan = (senior: TestSenior): Promise<unknown> => test.dataSource.query(
      "INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from) VALUES (?, ?, 'lunch', 127, 'A', 'collect', '2026-01-01')", [newId(), senior.seniorId]);
    const [allergic, soft, both, wishful] = [await diner('no-shrimp'), await diner('soft'), await diner('minced', 'no-shrimp', 'no-soy'), await diner('low-salt')];
    for (const senior of [allergic, soft, both, wishful]) await plan(senior);
    const seen = await sheet();
    expect(seen).toMatchObject({ meals: 4, people: 3, open: 3, noMenu: false, wishes: [{ dish: { id: shrimp }, diet: 'low-salt', portions: 1 }] });
    expect(seen.rows.find(({ seniorId }) => seniorId === both.seniorId)).toMatchObject({ proposals: [], mayPrepare: false });
    await decide(soft, street.tomorrow, shrimp, null).expect(200);
    expect((await decide(wishful, street.tomorrow, tofu, null).expect(422)).body).toMatchObject({ code: 'CLASH.DISH_NOT_ASKED' });
    expect((await cook.post('/clash-sheet/accept', { day: street.tomorrow, period: 'lunch' }).expect(200)).body).toEqual({ decided: 1, open: 1 });
    const after = await sheet();
    expect(after.rows.map(({ seniorId, decided }) => [seniorId, decided?.substitute?.name ?? (decided === null ? 'open' : 'prepared')])).toEqual(expect.arrayContaining([
      [allergic.seniorId, expect.stringMatching(/豆腐|鸡/)], [soft.seniorId, 'prepared'], [both.seniorId, 'open'],
    ]));
  });

  it('gives each special portion a label by name with what is in it, and says where nobody has decided', async () => {
    const { labels } = (await cook.get(`/clash-sheet/labels?day=${street.tomorrow}`).expect(200)).body as PortionLabelsAnswer;
    expect(labels).toHaveLength(4);
    expect(labels.map(({ diet, instead, open }) => [diet, instead.map(({ substitute }) => substitute ?? 'prepared'), open])).toEqual(expect.arrayContaining([
      ['no-shrimp', [expect.stringMatching(/豆腐|鸡/)], []], ['soft', ['prepared'], []], ['minced+no-shrimp+no-soy', [], ['盐水虾']], ['low-salt', [], []],
    ]));
    await diner();
    expect(((await cook.get(`/clash-sheet/labels?day=${street.tomorrow}`).expect(200)).body as PortionLabelsAnswer).labels).toHaveLength(4);
  });

  it('is empty for a day without a menu, and closed to another point’s people', async () => {
    expect((await cook.get('/clash-sheet?day=2026-12-24').expect(200)).body).toMatchObject({ noMenu: true, rows: [] });
    const elsewhere = await insertDiner(test, street, { northM: 100, pointIndex: 1 });
    await desk.put('/clash-sheet/decisions', { seniorId: elsewhere.seniorId, day: street.tomorrow, period: 'lunch', dishId: shrimp, substituteId: null }).expect(404);
  });
});

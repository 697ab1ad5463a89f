import type { LateOrderListAnswer, LateOrderRow, OrderCutoffsAnswer } from '../../src/contract/late-orders.js';
import type { OrderListAnswer } from '../../src/contract/ordering.js';
import { newId } from '../../src/infra/ids.js';
import { insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let desk: SignedIn;
let cook: SignedIn;
let office: SignedIn;

const diner = (): Promise<TestSenior> => insertDiner(test, street, { northM: 200, plan: false });
const order = (senior: TestSenior, channel: string, day = street.tomorrow) =>
  desk.post('/orders', { seniorId: senior.seniorId, day, period: 'lunch', setCode: 'A', fulfilment: 'collect', channel }).set('Idempotency-Key', newId());
const askLate = (senior: TestSenior, changes: object = {}) =>
  desk.post('/late-orders', { seniorId: senior.seniorId, day: street.tomorrow, period: 'lunch', setCode: 'A', fulfilment: 'collect', channel: 'phone', note: '女儿刚打来电话', ...changes });
const decide = (row: LateOrderRow, decision: string, note = '') => cook.post('/late-orders/decide', { lateOrderId: row.id, decision, note });
const close = (channel: string, earlyMin: number) => office.put('/order-cutoffs', { period: 'lunch', channel, earlyMin });
const asked = async (senior: TestSenior, changes: object = {}): Promise<LateOrderRow> => ((await askLate(senior, changes).expect(201)).body as { lateOrder: LateOrderRow }).lateOrder;

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  office = await signIn(test, 'street', 'street', street.streetId);
});
afterAll(() => test.close());

describe('cut-offs by meal and channel', () => {
  it('closes a channel earlier than the kitchen, and only that one; who took an order stands in the list', async () => {
    const [early, late] = [await diner(), await diner()];
    expect((await order(early, 'phone').expect(201)).body).toMatchObject({ cutoffAt: '2026-11-24T08:00:00.000Z' });
    // The test clock stands at 11:00 of the day before, the kitchen closes at 16:00.
    await close('phone', 5 * 60).expect(200);
    expect((await order(late, 'phone').expect(422)).body).toMatchObject({ code: 'ORDER.CUTOFF_PASSED', details: { cutoffAt: '2026-11-24T03:00:00.000Z' } });
    await order(late, 'desk').expect(201);
    const list = (await desk.get(`/orders?day=${street.tomorrow}`).expect(200)).body as OrderListAnswer;
    expect(list.rows.map(({ seniorId, channel, takenBy, late: isLate }) => [seniorId, channel, takenBy !== null, isLate])).toEqual(expect.arrayContaining([[early.seniorId, 'phone', true, false], [late.seniorId, 'desk', true, false]]));
  });

  it('is set by the street alone, within a day', async () => {
    await close('phone', 1_441).expect(400);
    await desk.put('/order-cutoffs', { period: 'lunch', channel: 'phone', earlyMin: 0 }).expect(403);
    expect((await desk.get('/order-cutoffs').expect(200)).body).toMatchObject({ meals: [{ period: 'lunch', dayOffset: -1, minute: 960, points: 1 }] });
  });
});

describe('the cut-off of a meal', () => {
  const move = (dayOffset: number, minute: number, who = office) => who.put('/order-cutoffs/meals', { period: 'lunch', dayOffset, minute });

  it('is moved by the street for all its points, never into the service, and never opens a meal that has closed', async () => {
    const meals = async () => ((await desk.get('/order-cutoffs').expect(200)).body as OrderCutoffsAnswer).meals;
    await move(-1, 900).expect(200);
    expect(await meals()).toEqual([{ period: 'lunch', dayOffset: -1, minute: 900, points: 1 }]);
    // It is eleven: lunch of today closed yesterday. At ten of the same day it stays closed, at twelve it would open again.
    expect((await move(0, 720).expect(422)).body).toMatchObject({ code: 'ORDER.CUTOFF_AFTER_SERVICE' });
    await move(0, 600).expect(200);
    expect((await move(0, 1440).expect(400)).status).toBe(400);
    await desk.put('/order-cutoffs/meals', { period: 'lunch', dayOffset: -1, minute: 960 }).expect(403);
    await move(-1, 630).expect(200); // half past ten of today: tomorrow's lunch has closed
    expect((await move(-1, 960).expect(422)).body).toMatchObject({ code: 'ORDER.CUTOFF_REOPENS' });
    await test.dataSource.query('UPDATE meal_service SET cutoff_min = 960');
  });
});

describe('a meal asked for too late', () => {
  it('waits in a list with who took it and how late, and is an order only once the kitchen takes it', async () => {
    const senior = await diner();
    const row = await asked(senior);
    expect(row).toMatchObject({ state: 'waiting', channel: 'phone', setCode: 'A', decidedBy: null, note: '女儿刚打来电话', lateMin: Math.floor((TEST_NOW.getTime() - Date.parse('2026-11-24T03:00:00Z')) / 60_000) });
    const orders = async (): Promise<number> => Number((await test.dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM meal_order WHERE senior_id = ? AND active = 1', [senior.seniorId]))[0]?.n);
    expect(await orders()).toBe(0);
    expect((await askLate(senior).expect(409)).body).toMatchObject({ code: 'ORDER.LATE_WAITS' });
    expect((await decide(row, 'accept').expect(200)).body).toMatchObject({ lateOrder: { state: 'accepted' } });
    expect(await orders()).toBe(1);
    expect((await decide(row, 'accept').expect(409)).body).toMatchObject({ code: 'ORDER.LATE_DECIDED' });
    expect(await orders()).toBe(1);
    const list = (await desk.get(`/orders?day=${street.tomorrow}`).expect(200)).body as OrderListAnswer;
    expect(list.rows.find(({ seniorId }) => seniorId === senior.seniorId)).toMatchObject({ late: true, channel: 'phone' });
    expect((await askLate(senior).expect(409)).body).toMatchObject({ code: 'ORDER.ALREADY_ORDERED' });
  });

  it('is refused only with a reason, which stays in the list', async () => {
    const row = await asked(await diner());
    expect((await decide(row, 'refuse').expect(422)).body).toMatchObject({ code: 'ORDER.LATE_WHY' });
    await decide(row, 'refuse', '菜已经下锅').expect(200);
    const { rows, waiting } = (await desk.get(`/late-orders?day=${street.tomorrow}`).expect(200)).body as LateOrderListAnswer;
    expect(rows.find(({ id }) => id === row.id)).toMatchObject({ state: 'refused', decisionNote: '菜已经下锅' });
    expect(waiting).toBe(0);
  });

  it('is brought to a door only by a place on a trip', async () => {
    const row = await asked(await diner(), { fulfilment: 'delivery' });
    expect((await decide(row, 'accept').expect(422)).body).toMatchObject({ code: 'ORDER.LATE_NEEDS_TRIP' });
    await decide(row, 'refuse', '车已排满').expect(200);
  });

  it('is not late while the channel is open, and not asked for days far ahead or over', async () => {
    const senior = await diner();
    expect((await askLate(senior, { channel: 'desk' }).expect(422)).body).toMatchObject({ code: 'ORDER.STILL_OPEN' });
    expect((await askLate(senior, { day: '2026-11-27' }).expect(422)).body).toMatchObject({ code: 'ORDER.TOO_FAR_AHEAD' });
    expect((await askLate(senior, { day: '2026-11-23' }).expect(422)).body).toMatchObject({ code: 'ORDER.DAY_PAST' });
    expect((await askLate(senior, { setCode: 'Q' }).expect(422)).body).toMatchObject({ code: 'ORDER.NOT_ON_MENU' });
  });

  it('is checked against the person when it is taken, as any order', async () => {
    const senior = await diner();
    const shrimp = newId();
    await test.dataSource.query("INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens, picture) VALUES (?, ?, '虾仁', 'meat', '[]', '[\"crustacean\"]', '')", [shrimp, street.kitchenId]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [street.tomorrowSetMealId, shrimp]);
    await test.dataSource.query("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-shrimp')", [senior.seniorId]);
    const row = await asked(senior);
    expect((await decide(row, 'accept').expect(422)).body).toMatchObject({ code: 'ORDER.NOT_SUITABLE' });
    expect((await desk.get('/late-orders').expect(200)).body).toMatchObject({ waiting: 1 });
  });
});

import type { OrderListAnswer, StandingPlanListAnswer } from '../../src/contract/ordering.js';
import { addDays, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { OrderBook } from '../../src/modules/ordering/index.js';
import { insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let desk: SignedIn;
let senior: TestSenior;
/** The day after tomorrow: no menu is written for it at first. */
let later: BusinessDay;

const order = (day: string, setCode: string) =>
  desk.post('/orders', { seniorId: senior.seniorId, day, period: 'lunch', setCode, fulfilment: 'delivery' }).set('Idempotency-Key', newId());
const plan = (setCode: string, period = 'lunch') => desk.post('/standing-plans', {
  seniorId: senior.seniorId, period, weekdays: [1, 2, 3, 4, 5, 6, 7], setCode, fulfilment: 'collect', validFrom: street.tomorrow, validTo: null,
});
const menu = (day: string, code: string): Promise<unknown> => test.dataSource.query(
  "INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', ?, '套餐', 2000, '[]')",
  [newId(), street.kitchenId, day, code]);
const orders = async (extra = ''): Promise<OrderListAnswer> => (await desk.get(`/orders?day=${later}${extra}`).expect(200)).body as OrderListAnswer;
const plans = async (extra = ''): Promise<StandingPlanListAnswer> => (await desk.get(`/standing-plans?seniorId=${senior.seniorId}${extra}`).expect(200)).body as StandingPlanListAnswer;

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  later = addDays(street.tomorrow, 1);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  senior = await insertDiner(test, street, { northM: 200, plan: false });
});
afterAll(() => test.close());

describe('a set meal that is not on the menu', () => {
  it('cannot be ordered for a day whose menu is written', async () => {
    expect((await order(street.tomorrow, 'B').expect(422)).body).toMatchObject({ code: 'ORDER.NOT_ON_MENU', details: { code: 'B' } });
    await order(street.tomorrow, 'A').expect(201);
  });

  it('cannot be ordered for a later day either, when no menu of these weeks has it; one that has been served can', async () => {
    expect((await order(later, 'Q').expect(422)).body).toMatchObject({ code: 'ORDER.NOT_ON_MENU' });
    await order(later, 'A').expect(201);
  });

  it('cannot be the meal of a standing plan, nor can the meal of another period', async () => {
    expect((await plan('Q').expect(422)).body).toMatchObject({ code: 'PLAN.NOT_ON_MENU' });
    expect((await plan('A', 'dinner').expect(422)).body).toMatchObject({ code: 'PLAN.NOT_ON_MENU' });
    await plan('A').expect(201);
  });

  it('of months ago is forgotten', async () => {
    await menu(addDays(street.day, -60), 'F');
    expect((await plan('F').expect(422)).body).toMatchObject({ code: 'PLAN.NOT_ON_MENU' });
  });
});

describe('a menu that drops a set meal later', () => {
  it('leaves no order and no plan unnoticed', async () => {
    expect(await orders()).toMatchObject({ notOnMenu: 0, rows: [{ setCode: 'A', onMenu: true }] });
    expect((await plans()).rows).toMatchObject([{ notOnMenuOn: null }]);
    await menu(later, 'B');
    expect(await orders()).toMatchObject({ notOnMenu: 1, rows: [{ setCode: 'A', onMenu: false }] });
    expect(await orders('&menu=missing')).toMatchObject({ total: 1 });
    expect((await plans()).rows).toMatchObject([{ notOnMenuOn: later }]);
    expect(await plans('&state=not-on-menu')).toMatchObject({ total: 1 });
  });

  it('is quiet again when the dish is back, the order is cancelled or the plan pauses', async () => {
    const [row] = (await orders()).rows;
    await desk.post(`/orders/${row.id}/cancel`, {}).expect(200);
    expect(await orders('&menu=missing')).toMatchObject({ total: 0, notOnMenu: 0 });
    const [standing] = (await plans()).rows;
    await desk.post(`/standing-plans/${standing.id}/pause`, { from: later, to: addDays(later, 1) }).expect(200);
    expect((await plans()).rows).toMatchObject([{ notOnMenuOn: null }]);
    await desk.post(`/standing-plans/${standing.id}/pause`, { from: null, to: null }).expect(200);
    await menu(later, 'A');
    expect(await plans('&state=not-on-menu')).toMatchObject({ total: 0 });
  });
});

describe('a standing plan whose meals are ordered already', () => {
  const settle = (): Promise<unknown> => test.dataSource.transaction((tx) => test.app.get(OrderBook, { strict: false }).settleOrders(tx, { pointId: street.pointIds[0], day: street.tomorrow, period: 'lunch' }));
  const standing = (seniorId: string): Promise<{ set_code: string }[]> => test.dataSource.query('SELECT set_code FROM meal_order WHERE senior_id = ? AND business_day = ? AND active = 1', [seniorId, street.tomorrow]);
  const planOf = async (seniorId: string): Promise<string> => (await desk.get(`/standing-plans?seniorId=${seniorId}&state=running`).expect(200)).body.rows[0].id as string;
  const whole = { from: '', to: null as string | null };
  beforeEach(() => { whole.from = street.tomorrow; });

  it('takes them back with a pause before the cut-off, and asks again when the pause is taken away', async () => {
    const { seniorId } = await insertDiner(test, street, { northM: 210 });
    await settle();
    expect(await standing(seniorId)).toHaveLength(1);
    await test.dataSource.query("INSERT INTO meal_adjustment (senior_id, business_day, period, set_code, dish_id, decided_at) SELECT ?, ?, 'lunch', 'A', id, ? FROM dish LIMIT 1", [seniorId, street.tomorrow, test.clock.now()]);
    const planId = await planOf(seniorId);
    const pause = (body: object) => desk.post(`/standing-plans/${planId}/pause`, body).expect(200);
    expect((await pause({ from: later, to: null })).body).toMatchObject({ cancelled: 0, stillOn: [] });
    expect(await standing(seniorId)).toHaveLength(1);
    expect((await pause(whole)).body).toEqual({ planId, cancelled: 1, stillOn: [] });
    expect(await test.dataSource.query('SELECT 1 FROM meal_adjustment WHERE senior_id = ?', [seniorId])).toEqual([]);
    await settle();
    expect(await standing(seniorId)).toEqual([]);
    await pause({ from: null, to: null });
    await settle();
    expect(await standing(seniorId)).toHaveLength(1);
  });

  it('gives the new plan its day when the old one ends', async () => {
    const { seniorId } = await insertDiner(test, street, { northM: 220 });
    await settle();
    expect((await desk.post(`/standing-plans/${await planOf(seniorId)}/end`, { from: street.tomorrow }).expect(200)).body).toMatchObject({ cancelled: 1, stillOn: [] });
    await menu(street.tomorrow, 'B');
    await desk.post('/standing-plans', { seniorId, period: 'lunch', weekdays: [1, 2, 3, 4, 5, 6, 7], setCode: 'B', fulfilment: 'collect', validFrom: street.tomorrow, validTo: null }).expect(201);
    await settle();
    expect(await standing(seniorId)).toEqual([{ set_code: 'B' }]);
  });

  it('names the day that the kitchen already counts on, and leaves its meal', async () => {
    const { seniorId } = await insertDiner(test, street, { northM: 230 });
    await settle();
    const planId = await planOf(seniorId);
    test.clock.moveTo(new Date('2026-11-24T08:00:00Z'));
    expect((await desk.post(`/standing-plans/${planId}/pause`, whole).expect(200)).body).toEqual({ planId, cancelled: 0, stillOn: [street.tomorrow] });
    expect(await standing(seniorId)).toHaveLength(1);
    expect(await test.dataSource.query('SELECT kept_on AS keptOn FROM meal_order WHERE senior_id = ? AND business_day = ?', [seniorId, street.tomorrow])).toEqual([{ keptOn: 1 }]);
  });

  it('counts what was brought before anybody paused as brought', async () => {
    const { seniorId } = await insertDiner(test, street, { northM: 240 });
    await settle();
    await test.dataSource.query("UPDATE meal_order SET status = 'delivered' WHERE senior_id = ?", [seniorId]);
    await desk.post(`/standing-plans/${await planOf(seniorId)}/pause`, whole).expect(200);
    expect(await test.dataSource.query('SELECT kept_on AS keptOn FROM meal_order WHERE senior_id = ? AND business_day = ?', [seniorId, street.tomorrow])).toEqual([{ keptOn: 1 }]);
  });
});

import type { OrderListAnswer, StandingPlanListAnswer } from '../../src/contract/ordering.js';
import { addDays, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
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

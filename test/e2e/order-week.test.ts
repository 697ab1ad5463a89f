import type { OrderWeekAnswer, OrderWeekMeal } from '../../src/contract/order-week.js';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior, walletFen } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const TODAY = '2026-11-24';
const TOMORROW = '2026-11-25';
let test: TestApp;
let street: LunchTime;
let desk: SignedIn;

const weekOf = async (senior: TestSenior, query = ''): Promise<OrderWeekAnswer> => (await desk.get(`/orders/week?seniorId=${senior.seniorId}&from=${TODAY}${query}`).expect(200)).body as OrderWeekAnswer;
const mealOf = ({ meals }: OrderWeekAnswer, day: string): OrderWeekMeal | undefined => meals.find((meal) => meal.day === day && meal.period === 'lunch');
const order = (senior: TestSenior, day: string, setCode: string, key: string = newId()) => desk.post('/orders', { seniorId: senior.seniorId, day, period: 'lunch', setCode, fulfilment: 'delivery', channel: 'phone' }).set('Idempotency-Key', key);

/** Tomorrow's menu: A and B by the portion at 20 and 15 yuan (B with shrimp), C by weight; no menu of the days after is written. */
async function writeMenu(): Promise<void> {
  for (const [code, grossFen, allergens] of [['A', 2_000, '[]'], ['B', 1_500, '["crustacean"]'], ['C', 1_000, '[]']] as const) {
    const [id, dishId] = [newId(), newId()];
    await test.dataSource.query("INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens, picture) VALUES (?, ?, ?, 'meat', '[]', ?, '')", [dishId, street.kitchenId, `主菜${code}`, allergens]);
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', ?, ?, ?, '[]')", [id, street.kitchenId, TOMORROW, code, `套餐${code}`, grossFen]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [id, dishId]);
    if (code === 'C') await test.dataSource.query("INSERT INTO weighed_price (set_meal_id, dish_id, fen_per_100g) VALUES (?, '', 300)", [id]);
  }
}

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await writeMenu();
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

describe('a week of one senior', () => {
  it('shows seven days with list prices and cut-offs: what is closed, what the menu offers, and codes where none is written yet', async () => {
    const week = await weekOf(await insertSenior(test, street));
    expect(week).toMatchObject({ seniorName: '陈建国', pointName: '第1助餐点', from: TODAY, channel: 'desk' });
    expect(week.meals.map(({ day }) => day)).toEqual(['24', '25', '26', '27', '28', '29', '30'].map((day) => `2026-11-${day}`));
    expect(mealOf(week, TODAY)).toMatchObject({ open: false, offers: [], ordered: null });
    expect(mealOf(week, TOMORROW)).toEqual({
      day: TOMORROW, period: 'lunch', cutoffAt: '2026-11-24T08:00:00.000Z', open: true, away: false, ordered: null,
      offers: [{ code: 'A', name: '套餐A', grossFen: 2_000, dishes: ['主菜A'] }, { code: 'B', name: '套餐B', grossFen: 1_500, dishes: ['主菜B'] }],
    });
    expect(mealOf(week, '2026-11-27')?.offers.map(({ code, name, grossFen }) => [code, name, grossFen])).toEqual([['A', null, null], ['B', null, null], ['C', null, null]]);
  });

  it('marks what is against the person, and the days away', async () => {
    const senior = await insertSenior(test, street);
    await test.dataSource.query("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-shrimp')", [senior.seniorId]);
    const eventId = newId();
    await test.dataSource.query("INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, at) VALUES (?, ?, 'hospital', '2026-11-27', '2026-11-28', 'x', 'x', '{}', ?)", [eventId, senior.seniorId, test.clock.now()]);
    await test.dataSource.query("INSERT INTO senior_stay (id, senior_id, kind, from_day, to_day, active) VALUES (?, ?, 'hospital', '2026-11-27', '2026-11-28', 1)", [eventId, senior.seniorId]);
    const week = await weekOf(senior);
    expect(mealOf(week, TOMORROW)?.offers.map(({ code, notSuitable }) => [code, notSuitable ?? false])).toEqual([['A', false], ['B', true]]);
    expect(week.meals.filter(({ away }) => away).map(({ day }) => day)).toEqual(['2026-11-27']);
  });

  it('closes with the channel by which the call came in, tells the standing plan, and the order that takes its place', async () => {
    const senior = await insertSenior(test, street);
    await test.dataSource.query("INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from) VALUES (?, ?, 'lunch', 127, 'B', 'collect', '2026-11-01')", [newId(), senior.seniorId]);
    await test.dataSource.query("INSERT INTO order_cutoff (street_id, period, channel, early_min, set_by, set_at) VALUES (?, 'lunch', 'phone', 300, ?, ?)", [street.streetId, newId(), test.clock.now()]);
    expect(mealOf(await weekOf(senior, '&channel=phone'), TOMORROW)).toMatchObject({ open: false, offers: [], cutoffAt: '2026-11-24T03:00:00.000Z' });
    await test.dataSource.query('DELETE FROM order_cutoff');
    expect(mealOf(await weekOf(senior, '&channel=phone'), TOMORROW)).toMatchObject({ open: true, ordered: { orderId: null, code: 'B', mayCancel: false } });
    await order(senior, TOMORROW, 'A').expect(201);
    expect(mealOf(await weekOf(senior), TOMORROW)).toMatchObject({ ordered: { code: 'A', name: '套餐A', fulfilment: 'delivery', mayCancel: true } });
  });

  it('lets each day come out by itself: one refused keeps no other back, and a repeat of the whole week orders nothing twice', async () => {
    const senior = await insertSenior(test, street);
    const before = await walletFen(test.dataSource, senior.seniorId);
    const asked = ([[TODAY, 'A'], [TOMORROW, 'A'], ['2026-11-26', 'Q'], ['2026-11-27', 'B']] as const).map(([day, code]) => ({ day, code, key: newId() }));
    const send = async (): Promise<string[]> => {
      const codes: string[] = [];
      for (const { day, code, key } of asked) codes.push(((await order(senior, day, code, key)).body as { code?: string }).code ?? 'ordered');
      return codes;
    };
    const first = await send();
    expect(first).toEqual(['ORDER.CUTOFF_PASSED', 'ordered', 'ORDER.NOT_ON_MENU', 'ordered']);
    expect(await send()).toEqual(first);
    expect((await weekOf(senior)).meals.filter(({ ordered }) => ordered !== null).map(({ day, ordered }) => [day, ordered?.code])).toEqual([[TOMORROW, 'A'], ['2026-11-27', 'B']]);
    const [{ n } = { n: 0 }] = await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM meal_order WHERE senior_id = ?', [senior.seniorId]);
    expect([Number(n), await walletFen(test.dataSource, senior.seniorId)]).toEqual([2, before]);
  });

  it('offers no day that is further ahead than an order is taken for', async () => {
    const senior = await insertSenior(test, street);
    const week = (await desk.get(`/orders/week?seniorId=${senior.seniorId}&from=2026-12-22`).expect(200)).body as OrderWeekAnswer;
    expect(week.meals.map(({ day, open, offers }) => [day, open && offers.length > 0])).toEqual([
      ['2026-12-22', true], ['2026-12-23', true], ['2026-12-24', true], ['2026-12-25', false], ['2026-12-26', false], ['2026-12-27', false], ['2026-12-28', false],
    ]);
    expect((await order(senior, '2026-12-25', 'A').expect(422)).body).toMatchObject({ code: 'ORDER.TOO_FAR_AHEAD' });
    await order(senior, '2026-12-24', 'B').expect(201);
  });

  it('is for those who take calls, inside their points', async () => {
    const [own, elsewhere] = [await insertSenior(test, street), await insertSenior(test, street, { pointIndex: 1 })];
    const dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    await dispatcher.get(`/orders/week?seniorId=${own.seniorId}`).expect(200);
    expect((await desk.get(`/orders/week?seniorId=${elsewhere.seniorId}`).expect(404)).body).toMatchObject({ code: 'REQUEST.NOT_FOUND' });
  });
});

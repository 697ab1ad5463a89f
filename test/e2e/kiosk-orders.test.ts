import type { KioskOrdersAnswer } from '../../src/contract/kiosk-orders.js';
import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior, walletFen } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const TOMORROW = '2026-11-25';
const AFTER = '2026-11-26';
let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;

const claimOf = (senior: TestSenior) => ({ kind: 'digits', last4: senior.last4, personCode: senior.personCode, faceAgrees: false });
const ahead = async (senior: TestSenior): Promise<KioskOrdersAnswer> => (await kiosk.post('/kiosk/orders/ahead', { claim: claimOf(senior) })).body as KioskOrdersAnswer;
const order = (senior: TestSenior, changes: object = {}, key: string = newId()) =>
  kiosk.post('/kiosk/orders', { claim: claimOf(senior), day: TOMORROW, period: 'lunch', setCode: 'A', ...changes }, { idempotencyKey: key });
const standing = (senior: TestSenior) => test.dataSource.query<{ code: string; channel: string; pointId: string }[]>(
  'SELECT set_code AS code, channel, point_id AS pointId FROM meal_order WHERE senior_id = ? AND active = 1', [senior.seniorId]);

/** Menus: tomorrow A (pork) and B (shrimp), the day after A alone; the third day has none yet. */
async function writeMenus(): Promise<void> {
  const dish = async (name: string, allergens: string): Promise<string> => {
    const id = newId();
    await test.dataSource.query("INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens, picture) VALUES (?, ?, ?, 'meat', '[]', ?, '')", [id, street.kitchenId, name, allergens]);
    return id;
  };
  const [pork, shrimp] = [await dish('小炒肉', '[]'), await dish('虾仁', '["crustacean"]')];
  for (const [day, code, dishId] of [[TOMORROW, 'A', pork], [TOMORROW, 'B', shrimp], [AFTER, 'A', pork]] as const) {
    const id = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', ?, ?, 2000, '[]')", [id, street.kitchenId, day, code, `套餐${code}`]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [id, dishId]);
  }
}

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await writeMenus();
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

it('tells which meals of the next days are open, by written menus, and orders one to collect without charging', async () => {
  const senior = await insertSenior(test, street);
  expect((await ahead(senior)).meals).toMatchObject([
    { day: TOMORROW, ordered: null, cutoffAt: '2026-11-24T08:00:00.000Z', offers: [{ code: 'A', dishes: [{ name: '小炒肉' }] }, { code: 'B' }] }, { day: AFTER, ordered: null, offers: [{ code: 'A' }] },
  ]);
  const key = newId();
  const before = await walletFen(test.dataSource, senior.seniorId);
  for (let press = 0; press < 2; press += 1) expect((await order(senior, {}, key)).body).toMatchObject({ pointName: '第1助餐点', meals: [{ ordered: { code: 'A', name: '套餐A', fulfilment: 'collect', mayCancel: true } }, { ordered: null }] });
  expect(await standing(senior)).toEqual([{ code: 'A', channel: 'kiosk', pointId: street.pointIds[0] }]);
  expect((await order(senior)).body).toMatchObject({ code: 'ORDER.ALREADY_ORDERED' });
  expect(await walletFen(test.dataSource, senior.seniorId)).toBe(before);
});

it('takes another set meal instead, and takes an order back, before the cut-off', async () => {
  const senior = await insertSenior(test, street);
  const first = ((await order(senior)).body as KioskOrdersAnswer).meals[0]?.ordered?.orderId ?? '';
  expect((await order(senior, { setCode: 'Q', insteadOf: first })).body).toMatchObject({ code: 'ORDER.NOT_ON_MENU' });
  expect(await standing(senior)).toMatchObject([{ code: 'A' }]);
  const second = ((await order(senior, { setCode: 'B', insteadOf: first })).body as KioskOrdersAnswer).meals[0]?.ordered;
  expect(second).toMatchObject({ code: 'B' });
  const other = await insertSenior(test, street);
  const cancel = (who: TestSenior) => kiosk.post('/kiosk/orders/cancel', { claim: claimOf(who), orderId: second?.orderId ?? '' });
  expect((await cancel(other)).body).toMatchObject({ code: 'REQUEST.NOT_FOUND' });
  expect((await cancel(senior)).body).toMatchObject({ meals: [{ ordered: null }, { ordered: null }] });
  expect(await standing(senior)).toEqual([]);
});

it('answers a repeated cancel as what stands: taken back, while the first is still under way and after it', async () => {
  const senior = await insertSenior(test, street);
  const orderId = ((await order(senior)).body as KioskOrdersAnswer).meals[0]?.ordered?.orderId ?? '';
  const twin = test.dataSource.createQueryRunner();
  await twin.startTransaction();
  await twin.query("UPDATE meal_order SET status = 'cancelled', active = NULL, cancelled_at = ? WHERE id = ?", [test.clock.now(), orderId]);
  const cancel = () => kiosk.post('/kiosk/orders/cancel', { claim: claimOf(senior), orderId });
  const repeat = cancel();
  const waiting = async (): Promise<boolean> => Number((await test.dataSource.query<{ n: string }[]>("SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'"))[0]?.n) > 0;
  const ended = repeat.then(() => true);
  while (!await waiting()) if (await Promise.race([ended, new Promise<false>((done) => { setTimeout(() => done(false), 150); })])) break;
  await twin.commitTransaction();
  await twin.release();
  expect((await repeat).body).toMatchObject({ meals: [{ ordered: null }, { ordered: null }] });
  expect((await cancel()).body).toMatchObject({ meals: [{ ordered: null }, { ordered: null }] });
});

it('closes with its own cut-off, never later than the kitchen', async () => {
  const office = await signIn(test, 'street', 'street', street.streetId);
  const senior = await insertSenior(test, street);
  await office.put('/order-cutoffs', { period: 'lunch', channel: 'kiosk', earlyMin: 5 * 60 }).expect(200);
  expect((await order(senior)).body).toMatchObject({ code: 'ORDER.CUTOFF_PASSED', details: { cutoffAt: '2026-11-24T03:00:00.000Z' } });
  expect((await ahead(senior)).meals.map(({ day }) => day)).toEqual([AFTER]);
  await office.put('/order-cutoffs', { period: 'lunch', channel: 'kiosk', earlyMin: 0 }).expect(200);
  expect((await order(senior)).status).toBe(200);
  test.clock.moveTo(new Date('2026-11-24T08:00:00Z'));
  expect((await ahead(senior)).meals[0]).toMatchObject({ day: TOMORROW, offers: [], ordered: { code: 'A', mayCancel: false } });
});

it('never orders what is against the person, and does not say why', async () => {
  const senior = await insertSenior(test, street);
  await test.dataSource.query("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-shrimp')", [senior.seniorId]);
  const [meal] = (await ahead(senior)).meals;
  expect(meal?.offers.map(({ code, notSuitable }) => [code, notSuitable])).toEqual([['A', undefined], ['B', true]]);
  expect((await order(senior, { setCode: 'B' })).body).toMatchObject({ code: 'ORDER.NOT_SUITABLE', details: { dishes: 1 } });
});

it('shows what a standing plan asks for, which an order of the day replaces', async () => {
  const senior = await insertSenior(test, street);
  await test.dataSource.query("INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from, valid_to) VALUES (?, ?, 'lunch', 4, 'A', 'delivery', '2026-11-01', NULL)", [newId(), senior.seniorId]);
  expect((await ahead(senior)).meals).toMatchObject([{ day: TOMORROW, ordered: { orderId: null, code: 'A', fulfilment: 'delivery', mayCancel: false } }, { day: AFTER, ordered: null }]);
  expect((await order(senior, { setCode: 'B' })).body).toMatchObject({ meals: [{ ordered: { code: 'B', fulfilment: 'collect' } }, {}] });
});

it('knows people as for a payment: nobody orders for another', async () => {
  const senior = await insertSenior(test, street);
  expect((await kiosk.post('/kiosk/orders/ahead', { claim: { ...claimOf(senior), last4: '9999' } })).body).toMatchObject({ code: 'PAYMENT.SENIOR_UNKNOWN' });
  expect((await kiosk.post('/kiosk/orders/ahead', { claim: { kind: 'collector', last4: senior.last4, collectorLast4: '1234', personCode: senior.personCode } })).status).toBe(400);
  expect((await kiosk.post('/kiosk/orders/ahead', { claim: { kind: 'face', personCode: senior.personCode, frames: 5, band: 'clear', riskPpm: 1 } })).body).toMatchObject({ code: 'PAYMENT.CONSENT_MISSING' });
});

it('asks whoever has a secret for it before it shows or orders anything', async () => {
  const senior = await insertSenior(test, street);
  const desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  await desk.put(`/seniors/${senior.seniorId}/pin`, { pin: '7305' }).expect(200);
  expect((await kiosk.post('/kiosk/orders/ahead', { claim: claimOf(senior) })).body).toMatchObject({ code: 'PAYMENT.PIN_NEEDED' });
  expect((await order(senior)).body).toMatchObject({ code: 'PAYMENT.PIN_NEEDED' });
  const proven = (await kiosk.post('/kiosk/identify', { kind: 'pin', last4: senior.last4, personCode: senior.personCode, pin: '7305' })).body as { candidates: { ticket?: string }[] };
  const claim = { kind: 'pin', personCode: senior.personCode, ticket: proven.candidates[0]?.ticket };
  expect((await order(senior, { claim })).body).toMatchObject({ meals: [{ ordered: { code: 'A' } }, { ordered: null }] });
});

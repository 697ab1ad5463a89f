import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { OfflineKiosk, signLimits } from '../fixtures/offline-kiosk.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let codes = 0;

beforeAll(async () => { test = await startApp(); });
afterAll(() => test.close());
beforeEach(async () => {
  codes += 1;
  street = await insertLunchTime(test, { codes: `Q${codes}-`, portions: 10 });
});

async function order(senior: TestSenior, fulfilment: 'collect' | 'eat-in' | 'delivery'): Promise<void> {
  const [meal] = await test.dataSource.query<{ code: string }[]>('SELECT code FROM set_meal WHERE id = ?', [street.setMealId]);
  await test.dataSource.query(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', ?, ?, 'order', 'ordered', 1, ?)`,
    [newId(), senior.seniorId, street.pointIds[0], street.day, meal?.code, fulfilment, test.clock.now()],
  );
}
const offerOf = (kiosk: OfflineKiosk) => kiosk.envelope?.periods[0]?.offers[0];
const personOf = (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.envelope?.people.find(({ personCode }) => personCode === senior.personCode);

it('keeps the portions on order for those who ordered, names their meal, and counts an order once when its sale is handed in', async () => {
  const [orderer, other] = [await insertSenior(test, street), await insertSenior(test, street)];
  await order(orderer, 'collect');
  const kiosk = await OfflineKiosk.of(test, street.pointIds[0]);
  expect(offerOf(kiosk)).toMatchObject({ portionsLeft: 9, forOrders: 10 });
  expect([personOf(kiosk, orderer)?.ordered, personOf(kiosk, other)?.ordered]).toEqual([[street.setMealId], []]);
  const [posted] = await kiosk.send(kiosk.sell(orderer));
  expect(posted).toMatchObject({ state: 'posted', code: null });
  await kiosk.fetchEnvelope(); // the order is served: its portion is gone and kept for nobody
  expect(offerOf(kiosk)).toMatchObject({ portionsLeft: 9 });
  expect([offerOf(kiosk)?.forOrders, personOf(kiosk, orderer)?.ordered, personOf(kiosk, orderer)?.prices]).toEqual([undefined, [], []]);
  expect(await test.dataSource.query('SELECT served, left_portions AS `left` FROM portion_stock WHERE point_id = ? AND set_meal_id = ?', [street.pointIds[0], street.setMealId])).toEqual([{ served: 1, left: 9 }]);
});

it('shares among kiosks what is not on order, and keeps each order at the kiosk of its person', async () => {
  const orderers = await Promise.all(Array.from({ length: 4 }, () => insertSenior(test, street)));
  for (const one of orderers) await order(one, 'eat-in');
  await signLimits(test, street.pointIds[0]);
  const kiosks = (await Promise.all([1, 2].map(() => enrolledKiosk(test, street.pointIds[0])))).map((device) => new OfflineKiosk(test, device));
  for (const kiosk of kiosks) await kiosk.device.get('/kiosk/today');
  for (const kiosk of kiosks) await kiosk.fetchEnvelope();
  const kept = kiosks.map((kiosk) => { const { portionsLeft = 0, forOrders = portionsLeft } = offerOf(kiosk) ?? {}; return { portionsLeft, kept: forOrders - portionsLeft }; });
  expect(kept.map(({ portionsLeft }) => portionsLeft)).toEqual([3, 3]);
  expect(kept.reduce((sum, one) => sum + one.kept, 0)).toBe(4);
});

it('sells nothing to whoever has the meal brought home, and keeps its portion from others', async () => {
  const home = await insertSenior(test, street);
  await order(home, 'delivery');
  const kiosk = await OfflineKiosk.of(test, street.pointIds[0]);
  expect(personOf(kiosk, home)).toMatchObject({ brought: ['lunch'], prices: [], ordered: [] });
  expect(offerOf(kiosk)).toMatchObject({ portionsLeft: 9, reserved: 1 });
});

it('shares all portions with a page of the version before, which would refuse those who ordered', async () => {
  const orderers = await Promise.all(Array.from({ length: 10 }, () => insertSenior(test, street)));
  for (const one of orderers) await order(one, 'eat-in');
  const kiosk = await OfflineKiosk.of(test, street.pointIds[0]);
  expect(offerOf(kiosk)).toMatchObject({ portionsLeft: 0, forOrders: 10 });
  expect((await kiosk.tell(8)).status).toBe(200);
  await kiosk.fetchEnvelope();
  expect([offerOf(kiosk)?.portionsLeft, offerOf(kiosk)?.forOrders, offerOf(kiosk)?.reserved]).toEqual([10, undefined, undefined]);
  await kiosk.tell(9);
  await kiosk.fetchEnvelope();
  expect(offerOf(kiosk)).toMatchObject({ portionsLeft: 0, forOrders: 10, reserved: 10 });
});

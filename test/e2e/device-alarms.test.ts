import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
});
beforeEach(async () => {
  test.clock.moveTo(TEST_NOW);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());

const told = async (kind: string): Promise<string[]> => (
  await test.dataSource.query<{ who: string }[]>('SELECT recipient_kind AS who FROM notice WHERE kind = ? AND dedup_key LIKE ? ORDER BY created_at, recipient_kind', [kind, `%${kiosk.deviceId}%`])
).map(({ who }) => who);
const lines = (action = 'device.forged'): Promise<{ outcome: string }[]> => test.dataSource.query('SELECT outcome FROM audit_line WHERE action = ? AND object_id = ?', [action, kiosk.deviceId]);

it('tells point and street of requests in the name of a device that did not sign them, once a minute, and writes it down', async () => {
  const copy = new TestDevice(test); // the copied storage of another machine: the name, and no key
  copy.deviceId = kiosk.deviceId;
  for (let guess = 0; guess < 4; guess += 1) expect((await copy.get('/kiosk/today')).status).toBe(401);
  expect(await told('device-forged')).toEqual(['point', 'street']);
  expect(await lines()).toEqual([{ outcome: 'denied' }]);
  test.clock.moveTo(new Date(TEST_NOW.getTime() + 61_000));
  await copy.get('/kiosk/today');
  expect(await told('device-forged')).toHaveLength(4);
  expect((await kiosk.get('/kiosk/today')).status).toBe(200);
});

it('tells nobody of the device’s own requests, of a clock that is wrong, or of a name that no device has', async () => {
  await kiosk.get('/kiosk/today');
  await kiosk.post('/devices/heartbeat', {}, { timeMs: TEST_NOW.getTime() - 600_000 });
  const nobody = new TestDevice(test);
  nobody.deviceId = newId();
  await nobody.get('/kiosk/today');
  expect(await told('device-forged')).toEqual([]);
  expect(await lines()).toEqual([]);
});

it('tells of one key for two payments, and not of the same payment sent again', async () => {
  const [one, other] = [await insertSenior(test, street), await insertSenior(test, street)];
  const key = newId();
  const pay = (cardNo: string) => kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: key });
  expect([(await pay(one.cardNo)).status, (await pay(one.cardNo)).status]).toEqual([200, 200]);
  expect(await told('payment-key-reused')).toEqual([]);
  expect((await pay(other.cardNo)).status).toBe(409);
  expect(await told('payment-key-reused')).toEqual(['point', 'street']);
  expect([await lines('device.payment-key-reused'), await lines()]).toEqual([[{ outcome: 'denied' }], []]);
});

it('refuses a forged request all the same where the alarm cannot be written, and tells it with the next one', async () => {
  const copy = new TestDevice(test);
  copy.deviceId = kiosk.deviceId;
  await test.dataSource.query('RENAME TABLE notice TO notice_away');
  const status = await copy.get('/kiosk/today').then((answer) => answer.status, (error: unknown) => error);
  await test.dataSource.query('RENAME TABLE notice_away TO notice');
  expect(status).toBe(401);
  expect(await told('device-forged')).toEqual([]);
  await copy.get('/kiosk/today');
  expect(await told('device-forged')).toEqual(['point', 'street']);
});

it('tells point and street of a machine that was enrolled there, and nobody of a code that was refused', async () => {
  const officer = await signIn(test, 'street', 'street', street.streetId);
  const { code } = (await officer.post('/devices/codes', { pointId: street.pointIds[2], name: '三号机' }).expect(201)).body as { code: string };
  const machine = new TestDevice(test);
  expect((await machine.enrol(code)).status).toBe(201);
  expect((await new TestDevice(test).enrol(code)).status).toBe(422);
  expect(await test.dataSource.query("SELECT recipient_id AS who FROM notice WHERE kind = 'device-enrolled' AND text LIKE '%三号机%' ORDER BY recipient_kind"))
    .toEqual([{ who: street.pointIds[2] }, { who: street.streetId }]);
});

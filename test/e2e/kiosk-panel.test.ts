import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;
let attendant: SignedIn;

beforeAll(async () => {
  test = await startApp({ env: { THROTTLE: '1' } });
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());

const draw = async (staff: SignedIn): Promise<string> => ((await staff.post('/session/pin').expect(200)).body as { pin: string }).pin;
const open = (device: TestDevice, pin: string) => device.post('/kiosk/panel', { pin });

async function buy(device: TestDevice): Promise<string> {
  const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
  const claim = { kind: 'card', cardNo: senior.cardNo };
  const { dueFen } = (await device.post('/kiosk/quotes', { claim, setMealId: street.setMealId })).body as { dueFen: number };
  const paid = await device.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: dueFen }, { idempotencyKey: newId() });
  expect(paid.body).toMatchObject({ balanceFen: expect.any(Number) as number });
  return (paid.body as { mealId: string }).mealId;
}

it('shows an attendant of the point what this kiosk sold, without balances, and says what was given back', async () => {
  const pin = await draw(attendant);
  expect(pin).toMatch(/^\d{6}$/);
  expect((await open(kiosk, pin)).body).toMatchObject({ sales: [] });
  const [first, second] = [await buy(kiosk), await buy(kiosk)];
  await buy(await enrolledKiosk(test, street.pointIds[0])); // another kiosk's
  expect((await attendant.post('/desk/refunds', { mealId: first, reason: 'wrong-meal' }).set('Idempotency-Key', newId())).status).toBeLessThan(300);
  const panel = (await open(kiosk, pin)).body as { sales: { answer: { mealId: string; balanceFen: number | null }; refunded: boolean }[] };
  expect(panel.sales.map(({ answer, refunded }) => [answer.mealId, refunded, answer.balanceFen]).sort()).toEqual([[first, true, null], [second, false, null]].sort());
  const lines = await test.dataSource.query("SELECT DISTINCT actor_id AS who, object_id AS device FROM audit_line WHERE action = 'kiosk-panel.opened'");
  expect(lines).toEqual([{ who: attendant.staffId, device: kiosk.deviceId }]);
});

it('opens for nobody else: another point, an old number, somebody who has left', async () => {
  const [old, now] = [await draw(attendant), await draw(attendant)];
  const elsewhere = await enrolledKiosk(test, street.pointIds[1]);
  expect((await open(elsewhere, now)).body).toMatchObject({ code: 'KIOSK.PIN_UNKNOWN' });
  if (old !== now) expect((await open(kiosk, old)).body).toMatchObject({ code: 'KIOSK.PIN_UNKNOWN' });
  expect((await open(kiosk, now)).status).toBe(200);
  await test.dataSource.query('UPDATE staff SET active = 0 WHERE id = ?', [attendant.staffId]);
  expect((await open(kiosk, now)).body).toMatchObject({ code: 'KIOSK.PIN_UNKNOWN' });
  const rows = await test.dataSource.query<{ pin_hash: string }[]>('SELECT pin_hash FROM staff_pin');
  expect(JSON.stringify(rows)).not.toContain(now);
  expect(rows.every(({ pin_hash: hash }) => hash.startsWith('$argon2id$'))).toBe(true);
});

it('slows down whoever tries numbers, and no attendant because guests have mistyped', async () => {
  const tried = await enrolledKiosk(test, street.pointIds[0]);
  const digits = async (): Promise<number> => (await tried.post('/kiosk/identify', { kind: 'digits', last4: '0000' })).status;
  for (let guess = 0; guess < 6; guess += 1) expect(await digits()).toBe(200);
  expect(await digits()).toBe(429);
  const statuses: number[] = [];
  for (let guess = 0; guess < 8; guess += 1) statuses.push((await open(tried, String(100_000 + guess))).status);
  expect(statuses.slice(0, 6).every((status) => status >= 400 && status !== 429)).toBe(true);
  expect(statuses[7]).toBe(429);
});

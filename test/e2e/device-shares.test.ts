import type { DeviceSharesAnswer } from '../../src/contract/device-shares.js';
import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const DAY_MS = 86_400_000;
let test: TestApp;
let street: LunchTime;
let sunny: TestDevice;
let shady: TestDevice;
let elsewhere: TestDevice;
let staff: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  [sunny, shady, elsewhere] = [await enrolledKiosk(test, street.pointIds[0]), await enrolledKiosk(test, street.pointIds[0]), await enrolledKiosk(test, street.pointIds[1])];
  staff = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());

async function sellByCard(kiosk: TestDevice): Promise<void> {
  const { cardNo } = await insertSenior(test, street);
  const body = { claim: { kind: 'card', cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 };
  expect((await kiosk.post('/kiosk/payments', body, { idempotencyKey: newId() })).status).toBe(200);
}
async function sellAtDesk(): Promise<void> {
  const { seniorId, cardNo } = await insertSenior(test, street);
  await staff.post('/desk/sales', {
    diner: { kind: 'senior', seniorId, reason: 'not-recognised', factor: { kind: 'card', cardNo } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'wallet', expectedDueFen: 1_600,
  }).set('Idempotency-Key', newId()).expect(200);
}
const shares = async (who: SignedIn): Promise<DeviceSharesAnswer> => (await who.get('/devices/shares').expect(200)).body as DeviceSharesAnswer;
const of = ({ devices }: DeviceSharesAnswer, { deviceId }: TestDevice) => devices.find((device) => device.deviceId === deviceId);

describe('how each machine knew its diners', () => {
  it('counts the meals and calls of each machine by itself, and none that the desk sold', async () => {
    for (let meal = 0; meal < 3; meal += 1) await sellByCard(sunny);
    await sellByCard(shady);
    await sellByCard(elsewhere);
    await sellAtDesk();
    await sunny.post('/kiosk/help', { reason: 'not-recognised' });
    const answer = await shares(staff);
    expect([answer.fromDay, answer.toDay]).toEqual(['2026-10-28', '2026-11-24']);
    expect(of(answer, sunny)).toEqual({ deviceId: sunny.deviceId, helpCalls: 1, ways: [{ identifiedBy: 'card', meals: 3 }] });
    expect(of(answer, shady)).toEqual({ deviceId: shady.deviceId, helpCalls: 0, ways: [{ identifiedBy: 'card', meals: 1 }] });
    expect(answer.devices).toHaveLength(2);
  });

  it('tells the street of all its machines, and a point of its own alone', async () => {
    const office = await signIn(test, 'street', 'street', street.streetId);
    const neighbour = await signIn(test, 'attendant', 'point', street.pointIds[1]);
    expect((await shares(office)).devices.map(({ deviceId }) => deviceId).sort()).toEqual([sunny, shady, elsewhere].map(({ deviceId }) => deviceId).sort());
    expect((await shares(neighbour)).devices.map(({ deviceId }) => deviceId)).toEqual([elsewhere.deviceId]);
  });

  it('forgets a day after four weeks', async () => {
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 27 * DAY_MS));
    const later = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    expect(of(await shares(later), sunny)?.ways).toEqual([{ identifiedBy: 'card', meals: 3 }]);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 28 * DAY_MS));
    const after = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    expect((await shares(after)).devices).toEqual([]);
  });
});

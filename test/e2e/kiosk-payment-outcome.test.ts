import request from 'supertest';
import { newId } from '../../src/infra/ids.js';
import type { KioskPaymentAnswer, KioskPaymentOutcomeAnswer, KioskTodayAnswer } from '../../src/contract/kiosk.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const pay = (device: TestDevice, senior: TestSenior, idempotencyKey: string) => device.post(
  '/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey },
);
const outcome = async (device: TestDevice, key: string): Promise<KioskPaymentOutcomeAnswer> => {
  const answer = await device.get(`/kiosk/payments/${key}`);
  expect(answer.status).toBe(200);
  return answer.body as KioskPaymentOutcomeAnswer;
};
const mealsOf = async (senior: TestSenior): Promise<number> =>
  Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [senior.seniorId]))[0]?.n);

describe('asking what became of a payment', () => {
  it('shows the receipt of a payment, as often as it is asked, and charges nobody', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    expect(await outcome(kiosk, key)).toEqual({ payment: null, serverTimeMs: TEST_NOW.getTime() });
    const paid = (await pay(kiosk, senior, key)).body as KioskPaymentAnswer;
    for (let asked = 0; asked < 3; asked += 1) expect((await outcome(kiosk, key)).payment).toEqual(paid);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
  });

  it('knows nothing of a payment that was refused', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 100 });
    const key = newId();
    expect((await pay(kiosk, senior, key)).status).toBe(422);
    expect((await outcome(kiosk, key)).payment).toBeNull();
  });

  it('tells a kiosk that was enrolled again at the same point, and no other point', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    const paid = (await pay(kiosk, senior, key)).body as KioskPaymentAnswer;
    expect((await outcome(await enrolledKiosk(test, street.pointIds[0]), key)).payment).toEqual(paid);
    expect((await outcome(await enrolledKiosk(test, street.pointIds[1]), key)).payment).toBeNull();
  });

  it('is for devices alone', async () => {
    expect((await request(test.app.getHttpServer()).get(`/api/v1/kiosk/payments/${newId()}`)).status).toBe(401);
  });
});

describe('giving up a payment that had no answer', () => {
  const giveUp = async (device: TestDevice, key: string): Promise<KioskPaymentOutcomeAnswer> => {
    const answer = await device.post(`/kiosk/payments/${key}/end`, {});
    expect(answer.status).toBe(200);
    return answer.body as KioskPaymentOutcomeAnswer;
  };

  it('keeps an attempt that arrives later from charging, also one of the device that the kiosk was before', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    const again = await enrolledKiosk(test, street.pointIds[0]);
    for (let asked = 0; asked < 2; asked += 1) expect((await giveUp(again, key)).payment).toBeNull();
    for (const device of [kiosk, again]) {
      const late = await pay(device, senior, key);
      expect([late.status, (late.body as { code: string }).code]).toEqual([409, 'IDEMPOTENCY.KEY_CLOSED']);
    }
    expect([await mealsOf(senior), await walletFen(test.dataSource, senior.seniorId)]).toEqual([0, 10_000]);
    expect(await test.dataSource.query("SELECT actor_id FROM audit_line WHERE action = 'payment.given-up' AND object_id = ?", [key])).toHaveLength(2);
  });

  it('finds a payment that was charged, and leaves it', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    const paid = (await pay(kiosk, senior, key)).body as KioskPaymentAnswer;
    expect((await giveUp(kiosk, key)).payment).toEqual(paid);
    expect((await pay(kiosk, senior, key)).headers['idempotency-hit']).toBe('true');
    expect(await mealsOf(senior)).toBe(1);
  });

  it('and the attempt itself, at the same moment, agree on what happened', async () => {
    for (let round = 0; round < 12; round += 1) {
      const senior = await insertSenior(test, street);
      const key = newId();
      const [attempt, given] = await Promise.all([pay(kiosk, senior, key), giveUp(kiosk, key)]);
      expect([attempt.status === 200, await mealsOf(senior)]).toEqual(given.payment === null ? [false, 0] : [true, 1]);
    }
  });

  it('control: without it an attempt after the answer “not charged” charges', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    expect((await outcome(kiosk, key)).payment).toBeNull();
    await pay(kiosk, senior, key);
    expect(await mealsOf(senior)).toBe(1);
  });
});

/**
 * The rule that a senior eats a meal of a period once would hide a client that forgets its key. It is taken away here, so
 * that the key stands alone and the count of meals is a detector that can fail.
 */
describe('the key alone', () => {
  const forgetMeal = (senior: TestSenior): Promise<unknown> => test.dataSource.query('DELETE FROM entitlement_use WHERE senior_id = ?', [senior.seniorId]);
  beforeAll(() => test.dataSource.query('ALTER TABLE entitlement_use DROP KEY uq_entitlement_use'));

  it('keeps a lost answer from charging twice', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    await pay(kiosk, senior, key); // the answer is lost on the way
    await forgetMeal(senior);
    expect((await pay(kiosk, senior, key)).headers['idempotency-hit']).toBe('true');
    expect([await mealsOf(senior), await walletFen(test.dataSource, senior.seniorId)]).toEqual([1, 8_400]);
  });

  it('control: a client that did not store its key charges twice, and the count shows it', async () => {
    const senior = await insertSenior(test, street);
    await pay(kiosk, senior, newId());
    await forgetMeal(senior);
    await pay(kiosk, senior, newId());
    expect([await mealsOf(senior), await walletFen(test.dataSource, senior.seniorId)]).toEqual([2, 6_800]);
  });

  it('keeps three taps from charging three times', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    const taps = await Promise.all([1, 2, 3].map(() => pay(kiosk, senior, key)));
    expect(new Set(taps.map((tap) => (tap.body as KioskPaymentAnswer).mealId)).size).toBe(1);
    expect([await mealsOf(senior), await walletFen(test.dataSource, senior.seniorId)]).toEqual([1, 8_400]);
  });

  it('control: a client that makes a key for each tap charges for each, and the count shows it', async () => {
    const senior = await insertSenior(test, street);
    for (let tap = 0; tap < 3; tap += 1) {
      await forgetMeal(senior);
      await pay(kiosk, senior, newId());
    }
    expect([await mealsOf(senior), await walletFen(test.dataSource, senior.seniorId)]).toEqual([3, 5_200]);
  });
});

describe('where to go when nothing is left', () => {
  const nearest = async (): Promise<KioskTodayAnswer['nearestPoint']> => ((await kiosk.get('/kiosk/today')).body as KioskTodayAnswer).nearestPoint;
  const stock = (point: number, accepted: number): Promise<unknown> =>
    test.dataSource.query('UPDATE portion_stock SET accepted = served + collected + wasted + ? WHERE point_id = ?', [accepted, street.pointIds[point]]);

  it('names the nearest other point that serves now and has a portion left', async () => {
    expect(await nearest()).toBeNull();
    await stock(0, 0);
    expect(await nearest()).toEqual({ name: '第2助餐点', communityName: '第1社区', phone: '0571-86910000', distanceM: 1_112 });
    await stock(1, 0);
    expect(await nearest()).toMatchObject({ name: '第3助餐点', communityName: '第2社区', distanceM: 2_224 });
    await test.dataSource.query('UPDATE meal_service SET end_min = 601 WHERE point_id = ?', [street.pointIds[2]]);
    expect(await nearest()).toBeNull();
  });
});

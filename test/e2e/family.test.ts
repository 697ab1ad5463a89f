import { newId } from '../../src/infra/ids.js';
import type { FamilyTodayAnswer } from '../../src/contract/family.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
});
afterAll(() => test.close());

describe('the family of a senior', () => {
  it('reads that father ate, where and when, and nothing of anybody else', async () => {
    const [father, neighbour] = [await insertSenior(test, street), await insertSenior(test, street)];
    const family = await signIn(test, 'family', 'senior', father.seniorId);
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    const before = (await family.get('/family/today')).body as FamilyTodayAnswer;
    expect(before).toMatchObject({ maskedName: '陈先生', today: [], balanceFen: 10_000 });
    for (const senior of [father, neighbour]) {
      await kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    }
    const after = (await family.get('/family/today')).body as FamilyTodayAnswer;
    expect(after.balanceFen).toBe(8_400);
    expect(after.today).toEqual([expect.objectContaining({ state: 'eaten', period: 'lunch', at: '2026-11-24T03:00:00.000Z', mealName: '一荤两素', dueFen: 1_600 })]);
  });

  it('reads an order as ordered, never as eaten', async () => {
    const senior = await insertSenior(test, street);
    const family = await signIn(test, 'family', 'senior', senior.seniorId);
    await test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'desk', 'placed', 1, ?)`, [newId(), senior.seniorId, street.pointIds[0], street.day, test.clock.now()]);
    const { today } = (await family.get('/family/today')).body as FamilyTodayAnswer;
    expect(today).toEqual([expect.objectContaining({ state: 'ordered', at: null, mealName: '一荤两素' })]);
  });
});

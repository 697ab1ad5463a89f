import type { ForecastInputsAnswer } from '../../src/contract/forecast-inputs.js';
import type { ForecastChoicesAnswer, ProductionAnswer } from '../../src/contract/kitchen.js';
import { addDays, weekdayOf } from '../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../src/domain/kernel/seeded-random.js';
import { newId } from '../../src/infra/ids.js';
import { ForecastInputs } from '../../src/modules/kitchen/forecast-inputs.js';
import { ForecastPreparation } from '../../src/modules/kitchen/forecast-preparation.js';
import { Production } from '../../src/modules/kitchen/production.query.js';
import { WalkInPlanner } from '../../src/modules/kitchen/walk-in-planner.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let cook: SignedIn;
beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
});
afterAll(() => test.close());

const inputs = async (): Promise<ForecastInputsAnswer> => (await cook.get('/kitchen/forecast-inputs').expect(200)).body as ForecastInputsAnswer;
const ofDay = (answer: ForecastInputsAnswer, day: string) => answer.days.find((one) => one.day === day);
const plans = () => test.dataSource.query<{ digest: string; madeAt: Date }[]>('SELECT digest, made_at AS madeAt FROM walk_in_plan');

describe('what people tell the forecast', () => {
  it('is kept by day with who said it, corrected afterwards, and taken back', async () => {
    const tomorrow = addDays(street.day, 1);
    expect(ofDay(await inputs(), tomorrow)).toEqual({ day: tomorrow, rainMm: null, highC: null, pension: false, holiday: false, makeUpWorkday: false, setBy: null });
    await cook.put('/kitchen/weather', { day: tomorrow, rainMm: 12.5, highC: 9 }).expect(200);
    expect(ofDay(await inputs(), tomorrow)).toMatchObject({ rainMm: 12.5, highC: 9, setBy: expect.any(String) as string });
    await cook.put('/kitchen/weather', { day: tomorrow, rainMm: null }).expect(200);
    expect(ofDay(await inputs(), tomorrow)).toMatchObject({ rainMm: null, setBy: null });
    expect((await cook.put('/kitchen/weather', { day: addDays(street.day, 8), rainMm: 1 }).expect(422)).body).toMatchObject({ code: 'KITCHEN.WEATHER_DAY' });
    for (const rainMm of [-1, 501, 0.05]) await cook.put('/kitchen/weather', { day: tomorrow, rainMm }).expect(400);
  });

  it('reaches the forecast as calendar: rain, heat, pension days, holidays and make-up workdays', async () => {
    await cook.put('/kitchen/weather', { day: street.day, rainMm: 3, highC: 35 }).expect(200);
    await cook.put('/kitchen/forecast-settings', { pensionDays: [24, 12, 12], portionG: 500 }).expect(200);
    await cook.put('/kitchen/forecast-settings', { pensionDays: [32], portionG: 500 }).expect(400);
    const seen = await inputs();
    expect(seen).toMatchObject({ pensionDays: [12, 24], portionG: 500 });
    expect(ofDay(seen, street.day)).toMatchObject({ pension: true });
    const calendar = await test.app.get(ForecastInputs, { strict: false }).calendar(street.kitchenId, addDays(street.day, -60), street.day);
    expect([...calendar.rainMm ?? []]).toEqual([[street.day, 3]]);
    expect([...calendar.highC ?? []]).toEqual([[street.day, 35]]);
    expect([...calendar.pensionDays ?? []]).toEqual(['2026-10-12', '2026-10-24', '2026-11-12', '2026-11-24']);
    expect(calendar.holidays.has('2026-10-01' as typeof street.day)).toBe(true);
    expect([...calendar.makeUpWorkdays ?? []].every((day) => weekdayOf(day) >= 6)).toBe(true);
  });
});

describe('a forecast that was learned', () => {
  it('is kept, found by another process, and learned anew only when something it rests on changes', async () => {
    const preparation = test.app.get(ForecastPreparation, { strict: false });
    await test.dataSource.query('DELETE FROM walk_in_plan');
    expect(await preparation.prepare()).toBe(1); // today has a menu, tomorrow none
    const [first] = await plans();
    await cook.get('/kitchen/board').expect(200);
    expect(await plans()).toEqual([first]);
    await cook.put('/kitchen/weather', { day: street.day, rainMm: 20 }).expect(200);
    await cook.get('/kitchen/board').expect(200);
    const [second] = await plans();
    expect(second?.digest).not.toBe(first?.digest);
    // A process that has learned nothing finds what is kept: the plan under this digest is believed, not computed.
    await test.dataSource.query("UPDATE walk_in_plan SET plan = JSON_SET(plan, '$.all.recentError', 0.123)");
    const fresh = new WalkInPlanner(test.dataSource, test.clock);
    const production = test.app.get(Production, { strict: false });
    Object.assign(production, { planner: fresh });
    expect(((await cook.get(`/kitchen/production?day=${street.day}`).expect(200)).body as ProductionAnswer).recentError).toBe(0.123);
  });
});

describe('what was weighed', () => {
  /** Thirty days of three points and one set meal: all but a few portions are eaten, and what the scale says was left. */
  async function weeks(unservedG: number): Promise<void> {
    const random = new SeededRandom('weeks');
    for (let back = 30; back >= 1; back -= 1) {
      const day = addDays(street.day, -back);
      const setMealId = newId();
      await test.dataSource.query("INSERT IGNORE INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'A', '一荤两素', 2000, '[]')", [setMealId, street.kitchenId, day]);
      for (const pointId of street.pointIds) {
        const runsOut = random.next() < 0.2;
        await test.dataSource.query(
          "INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted, served, wasted) VALUES (?, ?, ?, 'lunch', 50, 50, ?, ?)", [pointId, setMealId, day, runsOut ? 50 : 49, runsOut ? 0 : 1]);
      }
      await test.dataSource.query("INSERT INTO weighed_waste (id, kitchen_id, point_id, business_day, kind, grams, weighed_by, weighed_at) VALUES (?, ?, NULL, ?, 'unserved', ?, ?, ?)", [newId(), street.kitchenId, day, unservedG, newId(), test.clock.now()]);
    }
  }
  const choices = async (): Promise<ForecastChoicesAnswer> => (await cook.get('/kitchen/forecast-choices').expect(200)).body as ForecastChoicesAnswer;

  it('lowers the share of days for which is cooked where the scale says that much was left, and the page says so', async () => {
    await weeks(15_000); // 30 portions of 500 g on a day with 150: one in five
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 6 * 60_000));
    const seen = await choices();
    expect(seen.wastedShare).toBeCloseTo(0.2, 6);
    expect(seen.share).toBe(0.9);
    expect(seen.steered).toBeLessThan(0.85);
    expect(seen.steered).toBeGreaterThan(0.75);
    const { walkIns } = (await cook.get(`/kitchen/production?day=${street.day}`).expect(200)).body as ProductionAnswer;
    expect(walkIns[0]?.forecast.quantile).toBe(seen.steered);
  });
});

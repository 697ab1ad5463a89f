import { OpenDemoDay } from '../../src/modules/demo-street/index.js';
import { Clock } from '../../src/infra/clock/clock.js';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { layDemoStreet } from '../fixtures/demo-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const DAY_MS = 86_400_000;

describe('a demo street on later days', () => {
  let test: TestApp;
  let openDay: OpenDemoDay;

  const pointsThatSell = async (): Promise<number> => {
    const [row] = await test.dataSource.query<{ n: string }[]>(
      `SELECT COUNT(DISTINCT s.point_id) AS n FROM portion_stock s JOIN set_meal m ON m.id = s.set_meal_id
       WHERE m.business_day = ? AND s.business_day = ? AND s.accepted > 0`, [test.clock.today(), test.clock.today()],
    );
    return Number(row?.n);
  };

  beforeAll(async () => {
    test = await startApp();
    await layDemoStreet(test, { seniors: 60, pastDays: 3 });
    openDay = new OpenDemoDay(test.app.get(UnitOfWork), test.app.get(Clock));
  });
  afterAll(() => test.close());

  it('leaves a day alone that has begun', async () => {
    expect(await openDay.execute()).toBe(false);
    expect(await pointsThatSell()).toBe(14);
  });

  it.each([1, 2, 20, 45])('sells lunch at every point %i days later, once', async (days) => {
    test.clock.moveTo(new Date(TEST_NOW.getTime() + days * DAY_MS));
    expect(await pointsThatSell()).toBe(0);
    expect(await openDay.execute()).toBe(true);
    expect(await openDay.execute()).toBe(false);
    expect(await pointsThatSell()).toBe(14);
    const [menus] = await test.dataSource.query<{ n: string }[]>(
      'SELECT COUNT(DISTINCT business_day) AS n FROM set_meal WHERE business_day BETWEEN ? AND ? + INTERVAL 7 DAY', [test.clock.today(), test.clock.today()],
    );
    expect(Number(menus?.n)).toBe(8);
  });
});

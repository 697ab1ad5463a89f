import { BusyStreet } from './harness/busy-street.js';
import type { Outcome, RealKiosk } from './harness/real-kiosk.js';
import { RealApplication } from './harness/real-application.js';
import { RealServers } from './harness/real-servers.js';

jest.setTimeout(600_000);

const ROUNDS = 200;

const codeOf = (outcome: Outcome): string => (outcome.kind === 'paid' ? 'paid' : outcome.code);

/** Two web processes, two kiosks, one instant: what only the database can decide, it decides each time. */
describe('Two kiosks at the same instant, 200 times, on real processes', () => {
  const servers = new RealServers();
  let street: BusyStreet;
  let application: RealApplication;
  let kiosks: [RealKiosk, RealKiosk];
  let dueFen: number;

  beforeAll(async () => {
    await servers.start();
    street = await BusyStreet.layOut({ seniors: 3 * ROUNDS });
    application = new RealApplication(servers, street.config);
    const [left, right] = [await application.startWeb('web-left'), await application.startWeb('web-right')];
    kiosks = [await street.kiosk(left), await street.kiosk(right)];
    dueFen = await kiosks[0].dueFen({ kind: 'card', cardNo: street.seniors[0].cardNo }, street.lunch.setMealId);
  });
  beforeEach(() => street.moveToToday());
  afterAll(async () => {
    await street.test.close().catch(() => undefined);
    await servers.stop();
  });

  it('charge one senior exactly once', async () => {
    for (const senior of street.seniors.slice(0, ROUNDS)) {
      const outcomes = await Promise.all(kiosks.map((kiosk) => street.lunchFor(kiosk, senior, dueFen)));
      expect(outcomes.map(codeOf).sort()).toEqual(['PAYMENT.ALREADY_SERVED', 'paid']);
    }
    expect(await street.count('SELECT COUNT(*) n FROM meal')).toBe(ROUNDS);
  });

  it('sell the last portion exactly once', async () => {
    const couples = street.seniors.slice(ROUNDS);
    const pointId = street.lunch.pointIds[0];
    const sold = await street.count('SELECT COUNT(*) n FROM meal');
    for (let round = 0; round < ROUNDS; round += 1) {
      await street.test.dataSource.query('UPDATE portion_stock SET accepted = served + collected + 1 WHERE point_id = ? AND set_meal_id = ?', [pointId, street.lunch.setMealId]);
      const outcomes = await Promise.all(kiosks.map((kiosk, index) => street.lunchFor(kiosk, couples[2 * round + index], dueFen)));
      expect(outcomes.map(codeOf).sort()).toEqual(['PAYMENT.SOLD_OUT', 'paid']);
    }
    expect(await street.count('SELECT COUNT(*) n FROM meal')).toBe(sold + ROUNDS);
    expect(JSON.parse(application.tool('verify-ledger').lastLine)).toMatchObject({ ok: true, meals: 2 * ROUNDS });
  });
});

import { BusyStreet } from './harness/busy-street.js';
import { RealApplication } from './harness/real-application.js';
import { RealServers } from './harness/real-servers.js';
import { untilDone, untilSo } from './harness/wait.js';

jest.setTimeout(600_000);

const PAYMENTS = 200;
const NOTICES = 50;
const KIOSKS = 6;

/** F1 to F4 and F6 of the fault table: every process dies under load, nothing that was answered is lost. */
describe('kill -9 of web, worker, MariaDB and Redis during 200 payments and 50 jobs', () => {
  const servers = new RealServers();
  let street: BusyStreet;
  let application: RealApplication;

  beforeAll(async () => {
    await servers.start();
    street = await BusyStreet.layOut({ seniors: PAYMENTS });
    application = new RealApplication(servers, street.config);
  });
  afterAll(async () => {
    await street.test.close().catch(() => undefined);
    await servers.stop();
  });

  it('loses no acknowledged payment, charges nobody twice, and gives each job its effect once', async () => {
    const address = await application.startWeb();
    await application.startWorker();
    const kiosks = await Promise.all(Array.from({ length: KIOSKS }, () => street.kiosk(address)));
    const dueFen = await kiosks[0].dueFen({ kind: 'card', cardNo: street.seniors[0].cardNo }, street.lunch.setMealId);

    const deaths: [number, string, () => Promise<void>][] = [
      [15, 'web', () => application.restartWeb()], [40, 'MariaDB', () => servers.restartMariadb()],
      [65, 'worker', () => application.restartWorker()], [85, 'Redis', () => servers.restartRedis()],
      [110, 'web', () => application.restartWeb()], [130, 'MariaDB', () => servers.restartMariadb()],
      [150, 'worker', () => application.restartWorker()], [165, 'Redis', () => servers.restartRedis()],
      [180, 'web', () => application.restartWeb()],
    ];
    const happened: string[] = [];
    let chain = Promise.resolve();
    let asked = 0;
    const notices: Promise<void>[] = [];

    const paid = await street.serve(kiosks, street.seniors, dueFen, (count) => {
      if (count % (PAYMENTS / NOTICES) === 0) {
        const serial = asked += 1;
        notices.push(untilDone(() => street.requestNotice(serial)));
      }
      while (deaths[0] && deaths[0][0] <= count) {
        const [, name, strike] = deaths.shift()!;
        chain = chain.then(strike).then(() => { happened.push(name); });
      }
    });
    await chain;
    await Promise.all(notices);

    expect(happened).toHaveLength(9);
    expect(paid).toHaveLength(PAYMENTS);
    expect(await street.missing(paid)).toEqual([]);
    expect(await street.count('SELECT COUNT(*) n FROM meal')).toBe(PAYMENTS);
    expect(await street.count("SELECT COUNT(*) n FROM transfer WHERE kind = 'meal-sale'")).toBe(PAYMENTS);

    await untilSo(async () => await street.count('SELECT COUNT(*) n FROM notice WHERE sent_at IS NULL') === 0);
    expect(await street.count('SELECT COUNT(*) n FROM notice')).toBe(NOTICES);
    expect(await street.count("SELECT COUNT(*) n FROM inbox_message WHERE consumer = 'notices'")).toBe(NOTICES);
    await untilSo(async () => await street.count('SELECT COUNT(*) n FROM outbox_message WHERE published_at IS NULL') === 0);

    const verdict = application.tool('verify-ledger');
    expect(verdict.code === 0 ? verdict.lastLine : verdict.output).toMatch(/"ok":\s*true/);
    expect(JSON.parse(verdict.lastLine)).toMatchObject({ ok: true, meals: PAYMENTS });
  });
});

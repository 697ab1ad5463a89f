import { BusyStreet } from './harness/busy-street.js';
import { RealApplication } from './harness/real-application.js';
import { RealServers } from './harness/real-servers.js';

jest.setTimeout(600_000);

const GUESTS = 400;
const KILL_AFTER = 150;

/** Commits stay in MariaDB's own memory for up to a second: what a server tuned for speed does. */
const CARELESS = ['--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=256M'];
const CAREFUL = ['--innodb-flush-log-at-trx-commit=1', '--innodb-buffer-pool-size=256M'];

/** Pays until MariaDB is killed in the middle. @returns how many acknowledged payments the database has lost */
async function lostAfterKill(settings: readonly string[]): Promise<{ lost: number; acknowledged: number }> {
  const servers = new RealServers(settings);
  try {
    await servers.start();
    const street = await BusyStreet.layOut({ seniors: GUESTS });
    // The set-up itself must be safe before the kill, whatever the setting.
    await street.test.dataSource.query('FLUSH ENGINE LOGS');
    const application = new RealApplication(servers, street.config);
    const address = await application.startWeb();
    const kiosks = await Promise.all(Array.from({ length: 6 }, () => street.kiosk(address)));
    const dueFen = await kiosks[0].dueFen({ kind: 'card', cardNo: street.seniors[0].cardNo }, street.lunch.setMealId);
    await street.test.dataSource.query('FLUSH ENGINE LOGS');
    const restarts: Promise<void>[] = [];
    const paid = await street.serve(kiosks, street.seniors, dueFen, (count) => {
      if (count === KILL_AFTER) restarts.push(servers.restartMariadb());
    });
    await Promise.all(restarts);
    const lost = await street.missing(paid);
    await street.test.close().catch(() => undefined);
    return { lost: lost.length, acknowledged: paid.length };
  } finally {
    await servers.stop();
  }
}

/** A test that cannot see a lost payment proves nothing: the careless server is the negative control. */
describe('kill -9 of MariaDB in the middle of payments', () => {
  it('loses nothing where each commit is on disk before the answer', async () => {
    expect(await lostAfterKill(CAREFUL)).toEqual({ lost: 0, acknowledged: GUESTS });
  });

  it('loses acknowledged payments where commits wait in memory, and this test sees it', async () => {
    const { lost } = await lostAfterKill(CARELESS);
    expect(lost).toBeGreaterThan(0);
  });
});

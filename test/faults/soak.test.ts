import { BusyStreet } from './harness/busy-street.js';
import type { RealKiosk } from './harness/real-kiosk.js';
import { RealApplication } from './harness/real-application.js';
import { RealServers } from './harness/real-servers.js';

jest.setTimeout(1_200_000);

const SECONDS = 240;
const PER_SECOND = 5;
/** Memory is compared from here on, when caches are warm. */
const WARM_AFTER = 300;

/** L5 of the load goals, in minutes instead of hours: a steady lunch leaves no trace in memory. */
describe('Four minutes at five payments a second', () => {
  const servers = new RealServers();
  let street: BusyStreet;
  let application: RealApplication;

  beforeAll(async () => {
    await servers.start();
    street = await BusyStreet.layOut({ seniors: SECONDS * PER_SECOND });
    application = new RealApplication(servers, street.config);
  });
  afterAll(async () => {
    await street.test.close().catch(() => undefined);
    await servers.stop();
  });

  it('are all paid, at even speed, and memory stays', async () => {
    const address = await application.startWeb();
    await application.startWorker();
    const kiosks = await Promise.all(Array.from({ length: 8 }, () => street.kiosk(address)));
    const dueFen = await kiosks[0].dueFen({ kind: 'card', cardNo: street.seniors[0].cardNo }, street.lunch.setMealId);

    const timesMs: number[] = [];
    let warmMib = 0;
    const pay = async (kiosk: RealKiosk, index: number): Promise<void> => {
      const begun = performance.now();
      const outcome = await street.lunchFor(kiosk, street.seniors[index], dueFen);
      expect(outcome.kind).toBe('paid');
      timesMs.push(performance.now() - begun);
      if (timesMs.length === WARM_AFTER) warmMib = application.memoryMib('web');
    };
    const payments: Promise<void>[] = [];
    // Guests arrive at their own pace, whether or not the one before has been served.
    await new Promise<void>((resolve) => {
      const arrivals = setInterval(() => {
        payments.push(pay(kiosks[payments.length % kiosks.length], payments.length));
        if (payments.length < street.seniors.length) return;
        clearInterval(arrivals);
        resolve();
      }, 1_000 / PER_SECOND);
    });
    await Promise.all(payments);

    timesMs.sort((a, b) => a - b);
    const at = (share: number): number => Math.round(timesMs[Math.floor(timesMs.length * share)]);
    const grownMib = application.memoryMib('web') - warmMib;
    process.stdout.write(`soak: ${timesMs.length} payments, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, web ${Math.round(warmMib)} MiB and ${Math.round(grownMib)} more\n`);
    expect(timesMs).toHaveLength(SECONDS * PER_SECOND);
    expect(at(0.99)).toBeLessThan(1_500);
    expect(grownMib).toBeLessThan(Math.max(60, warmMib * 0.25));
    expect(JSON.parse(application.tool('verify-ledger').lastLine)).toMatchObject({ ok: true, meals: SECONDS * PER_SECOND });
  });
});

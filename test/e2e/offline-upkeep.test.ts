import { Upkeep } from '../../src/infra/upkeep/upkeep.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { OfflineKiosk, signLimits } from '../fixtures/offline-kiosk.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
});
afterAll(() => test.close());

const held = async (): Promise<string[]> => (await test.dataSource.query<{ id: string }[]>('SELECT id FROM offline_envelope ORDER BY issued_at, id')).map(({ id }) => id);
const upkeep = async (): Promise<number | undefined> => (await test.app.get(Upkeep).runAll())['offline-envelopes'];

/** The day as closed by two people; how that is done has tests of its own. */
async function closeDay(): Promise<void> {
  const columns = await test.dataSource.query<{ name: string; type: string; nullable: string; fallback: string | null; extra: string }[]>(
    `SELECT column_name AS name, data_type AS type, is_nullable AS nullable, column_default AS fallback, extra FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'point_day_close'`,
  );
  const known: Record<string, unknown> = { point_id: street.pointIds[0], business_day: street.day, operator_id: street.operatorId, state: 'closed' };
  const wanted = columns.filter(({ name, nullable, fallback, extra }) => name in known || (nullable === 'NO' && fallback === null && !/GENERATED/i.test(extra)));
  const valueOf = ({ name, type }: { name: string; type: string }): unknown => known[name] ?? (/int|decimal/.test(type) ? 0 : /date/.test(type) ? TEST_NOW : type === 'longtext' ? '{}' : 'x');
  await test.dataSource.query(`INSERT INTO point_day_close (${wanted.map(({ name }) => name).join(', ')}) VALUES (?)`, [wanted.map(valueOf)]);
}

describe('allowances that have served their time', () => {
  it('go after forty days once their day is closed; one that a sale names stays with it', async () => {
    const senior = await insertSenior(test, street);
    const kiosk = await OfflineKiosk.of(test, street.pointIds[0]);
    const named = kiosk.envelope?.envelopeId ?? '';
    await kiosk.send(kiosk.sell(senior));
    const unnamed = (await kiosk.fetchEnvelope()).envelopeId;
    expect((await held()).sort()).toEqual([named, unnamed].sort());

    test.clock.moveTo(new Date(TEST_NOW.getTime() + 39 * 86_400_000));
    await closeDay();
    expect(await upkeep()).toBe(0);

    test.clock.moveTo(new Date(TEST_NOW.getTime() + 41 * 86_400_000));
    await test.dataSource.query("UPDATE point_day_close SET state = 'signed'");
    expect(await upkeep()).toBe(0); // the close of an open day still asks what could have been sold
    await test.dataSource.query("UPDATE point_day_close SET state = 'closed'");
    expect(await upkeep()).toBe(1);
    expect(await held()).toEqual([named]);
  });
});

describe('a machine that sells nothing', () => {
  it('at a gate or locked has no people of its own and no share of the portions, until it tells that it sells again', async () => {
    test.clock.moveTo(TEST_NOW);
    street = await insertLunchTime(test, { codes: 'G-' });
    await signLimits(test, street.pointIds[0]);
    for (let count = 0; count < 12; count += 1) await insertSenior(test, street);
    const devices = await Promise.all([1, 2].map(() => enrolledKiosk(test, street.pointIds[0])));
    for (const device of devices) await device.get('/kiosk/today');
    const [kiosk, gate] = devices.map((device) => new OfflineKiosk(test, device)) as [OfflineKiosk, OfflineKiosk];
    const shared = async (): Promise<[boolean, number | undefined]> => {
      const { people, periods } = await kiosk.fetchEnvelope();
      return [people.some(({ elsewhere }) => elsewhere !== null), periods[0]?.offers[0]?.portionsLeft];
    };
    const tell = async (sells?: boolean): Promise<void> => {
      const status = { appVersion: 'x', contract: 8, queueCount: 0, queueOldestAtMs: null, chainSeq: 0, clockDriftMs: 0, camera: 'ok', storageUsed: null, storageQuota: null, storagePersisted: true, offlineUntilMs: null };
      expect((await gate.device.post('/devices/heartbeat', { status: { ...status, ...(sells === undefined ? {} : { sells }) } })).status).toBe(200);
    };
    await tell(); // a device of the version before
    expect(await shared()).toEqual([true, 50]);
    await tell(false);
    expect(await shared()).toEqual([false, 100]);
    await gate.fetchEnvelope(); // just freed: it may ask before it has told
    await tell(true);
    expect(await shared()).toEqual([true, 50]);
  });
});

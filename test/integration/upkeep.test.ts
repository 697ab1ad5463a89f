import { Upkeep } from '../../src/infra/upkeep/upkeep.js';
import { JournalSealer } from '../../src/modules/ledger/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior } from '../fixtures/lunch-time.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
beforeAll(async () => { test = await startApp(); });
afterAll(() => test.close());

const nonces = async (): Promise<number> => Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM device_nonce'))[0]?.n);

describe('the hourly upkeep', () => {
  it('keeps a nonce while it could be replayed and forgets it afterwards', async () => {
    const street = await insertLunchTime(test);
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    await kiosk.get('/kiosk/today');
    expect(await test.app.get(Upkeep).runAll()).toMatchObject({ 'device-nonces': 0 });
    expect(await nonces()).toBe(1);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 3_600_000));
    expect(await test.app.get(Upkeep).runAll()).toMatchObject({ 'device-nonces': 1 });
    expect(await nonces()).toBe(0);
    await insertSenior(test, street);
  });

  it('closes a past day once with the last link sealed on it, and never the day that lasts', async () => {
    await test.app.get(JournalSealer, { strict: false }).sealCommitted();
    expect(await test.app.get(Upkeep).runAll()).toMatchObject({ 'journal-roots': 0 });
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 86_400_000));
    expect(await test.app.get(Upkeep).runAll()).toMatchObject({ 'journal-roots': 1 });
    expect(await test.app.get(Upkeep).runAll()).toMatchObject({ 'journal-roots': 0 });
    const [root] = await test.dataSource.query<{ root_hash: string; hash: string; business_day: string }[]>(
      'SELECT r.root_hash, s.hash, r.business_day FROM journal_root r JOIN journal_seal s ON s.seq = r.last_seq');
    expect(root).toMatchObject({ business_day: '2026-11-24' });
    expect(root?.root_hash).toBe(root?.hash);
  });
});

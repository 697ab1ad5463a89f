import { JournalSealer, GENESIS_HASH, sealHash } from '../../src/modules/ledger/index.js';
import { insertLunchTime, insertSenior, topUp, type LunchTime } from '../fixtures/lunch-time.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

interface Link { seq: number; transfer_id: string; content_hash: string; previous_hash: string; hash: string }

let test: TestApp;
let street: LunchTime;
let sealer: JournalSealer;
beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  sealer = test.app.get(JournalSealer, { strict: false });
});
afterAll(() => test.close());

const links = (): Promise<Link[]> => test.dataSource.query('SELECT seq, transfer_id, content_hash, previous_hash, hash FROM journal_seal ORDER BY seq');

describe('sealing the journal', () => {
  it('chains every committed transfer without a gap', async () => {
    for (let index = 0; index < 7; index += 1) await insertSenior(test, street);
    expect(await sealer.sealCommitted()).toBe(7);
    expect(await sealer.sealCommitted()).toBe(0);
    let previous = GENESIS_HASH;
    for (const [index, link] of (await links()).entries()) {
      expect(Number(link.seq)).toBe(index + 1);
      expect(link.previous_hash).toBe(previous);
      expect(link.hash).toBe(sealHash(Number(link.seq), link.transfer_id, link.content_hash, previous));
      previous = link.hash;
    }
  });

  it('seals a transfer that commits after one with a higher position', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    const late = test.dataSource.createQueryRunner();
    await late.startTransaction();
    await late.query(
      `INSERT INTO transfer (id, kind, business_day, idempotency_scope, idempotency_key, actor_kind, memo, content_hash, created_at)
       VALUES (UUID(), 'top-up', ?, 'late', 'late', 'system', 'late', REPEAT('a', 64), NOW(3))`, [street.day]);
    await topUp(test, { seniorId: senior.seniorId, pointId: street.pointIds[0], amountFen: 100 });
    expect(await sealer.sealCommitted()).toBe(1);
    await late.commitTransaction();
    await late.release();
    expect(await sealer.sealCommitted()).toBe(1);
    const all = await links();
    expect(all.map((link) => Number(link.seq))).toEqual(all.map((_, index) => index + 1));
  });

  it('lets several sealers run at once and still seals each transfer once', async () => {
    for (let index = 0; index < 5; index += 1) await insertSenior(test, street);
    const sealed = await Promise.all([sealer.sealCommitted(), sealer.sealCommitted(), sealer.sealCommitted()]);
    expect(sealed.reduce((sum, one) => sum + one, 0)).toBe(5);
    expect((await links()).length).toBe(Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM transfer'))[0]?.n));
  });
});

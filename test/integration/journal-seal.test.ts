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

  it('seals a transfer that is told of wherever it lies, without asking for each how far the chain reaches', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    const late = test.dataSource.createQueryRunner();
    await late.startTransaction();
    await late.query(
      `INSERT INTO transfer (id, kind, business_day, idempotency_scope, idempotency_key, actor_kind, memo, content_hash, created_at)
       VALUES ('later', 'top-up', ?, 'later', 'later', 'system', 'later', REPEAT('b', 64), NOW(3))`, [street.day]);
    // Far more transfers than a near look goes back.
    await test.dataSource.query(
      `INSERT INTO transfer (id, kind, business_day, idempotency_scope, idempotency_key, actor_kind, memo, content_hash, created_at)
       SELECT CONCAT('many-', seq), 'top-up', ?, 'many', seq, 'system', 'many', REPEAT('c', 64), NOW(3) FROM seq_1_to_700`, [street.day]);
    await topUp(test, { seniorId: senior.seniorId, pointId: street.pointIds[0], amountFen: 100 });
    const [newest] = await test.dataSource.query<{ id: string }[]>('SELECT id FROM transfer ORDER BY position DESC LIMIT 1');
    await sealer.sealTransfer(newest?.id ?? '');
    await late.commitTransaction();
    await late.release();
    await sealer.sealTransfer(newest?.id ?? '');
    expect((await links()).some((link) => link.transfer_id === 'later')).toBe(false);
    await sealer.sealTransfer('later');
    const all = await links();
    expect(all.at(-1)?.transfer_id).toBe('later');
    expect(all.map((link) => Number(link.seq))).toEqual(all.map((_, index) => index + 1));
    expect(all.length).toBe(Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM transfer'))[0]?.n));
    const [plan] = await test.dataSource.query<{ type: string; Extra: string | null }[]>('EXPLAIN SELECT MAX(transfer_position) FROM journal_seal');
    expect(plan?.Extra).toBe('Select tables optimized away');
  });

  it('has a transfer told again while another sealer keeps the chain, and asks nothing for one that is not there', async () => {
    await insertSenior(test, street);
    const [newest] = await test.dataSource.query<{ id: string }[]>('SELECT id FROM transfer ORDER BY position DESC LIMIT 1');
    const other = test.dataSource.createQueryRunner();
    await other.query("SELECT GET_LOCK('rehufan-journal-seal', 5)");
    await expect(sealer.sealTransfer(newest?.id ?? '')).rejects.toThrow(/another sealer/);
    await other.query("SELECT RELEASE_LOCK('rehufan-journal-seal')");
    await other.release();
    await sealer.sealTransfer(newest?.id ?? '');
    expect((await links()).at(-1)?.transfer_id).toBe(newest?.id);
    await sealer.sealTransfer('no-such-transfer');
  }, 30_000);

  it('lets several sealers run at once and still seals each transfer once', async () => {
    for (let index = 0; index < 5; index += 1) await insertSenior(test, street);
    const sealed = await Promise.all([sealer.sealCommitted(), sealer.sealCommitted(), sealer.sealCommitted()]);
    expect(sealed.reduce((sum, one) => sum + one, 0)).toBe(5);
    expect((await links()).length).toBe(Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM transfer'))[0]?.n));
  });
});

import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { newId } from '../../src/infra/ids.js';
import { MessagePurge } from '../../src/infra/queue/message-purge.js';
import { OutboxRelay } from '../../src/infra/queue/outbox-relay.js';
import { Inbox, Outbox } from '../../src/infra/queue/outbox.js';
import { SystemClock } from '../../src/infra/clock/clock.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';

let test: TestApp;
let street: LunchTime;
let worker: INestApplicationContext;

beforeAll(async () => {
  test = await startApp({ now: new Date() });
  street = await insertLunchTime(test);
});
afterAll(() => test.close());

const one = async (sql: string): Promise<number> => Number((await test.dataSource.query<{ n: number }[]>(sql))[0]?.n);
const withoutEffect = () => one('SELECT COUNT(*) AS n FROM outbox_message o LEFT JOIN inbox_message i ON i.message_id = o.id WHERE i.message_id IS NULL');
const unsealed = () => one('SELECT COUNT(*) AS n FROM transfer t LEFT JOIN journal_seal s ON s.transfer_id = t.id WHERE s.transfer_id IS NULL');

/** Removes everything this test's prefix holds in Redis: what a failover can do. */
async function forgetRedis(): Promise<void> {
  const redis = new Redis(test.config.redisUrl);
  const keys = await redis.keys(`${test.config.redisPrefix}:*`);
  if (keys.length > 0) await redis.del(...keys);
  redis.disconnect();
}

describe('messages of the outbox', () => {
  it('written in a transaction that fails never existed', async () => {
    const before = await one('SELECT COUNT(*) AS n FROM outbox_message');
    const work = test.app.get(UnitOfWork).run(async (tx) => {
      await test.app.get(Outbox).add(tx, { type: 'transfer.posted', payload: { transferId: newId() } });
      throw new Error('the cause failed');
    });
    await expect(work).rejects.toThrow('the cause failed');
    expect(await one('SELECT COUNT(*) AS n FROM outbox_message')).toBe(before);
  });

  it('reach their consumer after commit: each transfer is sealed', async () => {
    worker = await startWorker(test.config, new SystemClock());
    for (let index = 0; index < 5; index += 1) await insertSenior(test, street);
    await eventually(async () => await withoutEffect() === 0 && await unsealed() === 0);
    await worker.close();
  });

  it('survive a Redis that has forgotten everything: the sweeper publishes them again', async () => {
    await insertSenior(test, street);
    await test.app.get(OutboxRelay).publishWaiting();
    await forgetRedis();
    worker = await startWorker(test.config, new SystemClock());
    expect(await withoutEffect()).toBe(1);
    await test.dataSource.query('UPDATE outbox_message SET published_at = published_at - INTERVAL 31 SECOND');
    await eventually(async () => await withoutEffect() === 0 && await unsealed() === 0);
    await worker.close();
  });

  it('have their effect once though delivered twice; without the inbox they would have it twice', async () => {
    const inbox = test.app.get(Inbox);
    const messageId = newId();
    let effects = 0;
    let careless = 0;
    for (let delivery = 0; delivery < 2; delivery += 1) {
      await test.app.get(UnitOfWork).run(async (tx) => {
        careless += 1;
        if (await inbox.once(tx, 'test-consumer', messageId)) effects += 1;
      });
    }
    expect({ effects, careless }).toEqual({ effects: 1, careless: 2 });
  });
});

describe('a year of messages', () => {
  const SENT = 20_000;
  const rowsRead = async (work: () => Promise<unknown>): Promise<number> => {
    const read = async (): Promise<number> => (await old.dataSource.query<{ Value: string }[]>("SHOW SESSION STATUS LIKE 'Handler_read%'"))
      .reduce((sum, row) => sum + Number(row.Value), 0);
    const before = await read();
    await work();
    return await read() - before;
  };
  let old: TestApp;

  /** One connection, so that the counters of its session count everything. */
  beforeAll(async () => {
    old = await startApp({ env: { DATABASE_POOL: '1' } });
    await old.dataSource.query(`INSERT INTO outbox_message (id, type, payload, created_at, published_at, done_at)
      SELECT CONCAT('old-', seq), 'transfer.posted', '{}', ?, ?, ? FROM seq_1_to_${SENT}`, Array(3).fill(new Date(old.clock.now().getTime() - 60 * 86_400_000)));
    await old.dataSource.query('INSERT INTO inbox_message (consumer, message_id, at) SELECT \'journal\', id, done_at FROM outbox_message');
    await old.dataSource.query(`INSERT INTO outbox_message (id, type, payload, created_at, published_at) VALUES ('open', 'transfer.posted', '{}', ?, ?)`,
      Array(2).fill(new Date(old.clock.now().getTime() - 60 * 86_400_000)));
  });
  afterAll(() => old.close());

  it('does not slow the search for those without effect; without its index it does', async () => {
    expect(await rowsRead(() => old.app.get(OutboxRelay).sweep())).toBeLessThan(500);
    const careless = () => old.dataSource.query('SELECT id FROM outbox_message IGNORE INDEX (ix_outbox_message_open, ix_outbox_message_published) WHERE done_at IS NULL ORDER BY position');
    expect(await rowsRead(careless)).toBeGreaterThan(SENT);
  });

  it('is forgotten but for what has not taken effect', async () => {
    expect(await old.app.get(MessagePurge).purge()).toBe(SENT);
    expect(await old.dataSource.query('SELECT id FROM outbox_message')).toEqual([{ id: 'open' }]);
    expect(await old.dataSource.query('SELECT COUNT(*) AS n FROM inbox_message')).toEqual([{ n: SENT }]);
  });
});

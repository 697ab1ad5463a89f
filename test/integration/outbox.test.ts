import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { newId } from '../../src/infra/ids.js';
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

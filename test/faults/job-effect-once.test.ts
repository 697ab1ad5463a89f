import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { newId } from '../../src/infra/ids.js';
import { bullConnection } from '../../src/infra/queue/redis.js';
import { BusyStreet } from './harness/busy-street.js';
import { RealApplication } from './harness/real-application.js';
import { RealServers } from './harness/real-servers.js';
import { untilSo } from './harness/wait.js';

jest.setTimeout(600_000);

const JOBS = 50;

describe('A consumer killed after the effect and before it could say so', () => {
  const servers = new RealServers();
  let street: BusyStreet;
  let application: RealApplication;

  beforeAll(async () => {
    await servers.start();
    street = await BusyStreet.layOut({ seniors: 20 });
    application = new RealApplication(servers, street.config);
    await street.test.dataSource.query('CREATE TABLE fault_effect (id INT AUTO_INCREMENT PRIMARY KEY, message_id CHAR(36) NOT NULL)');
  });
  afterAll(async () => {
    await street.test.close().catch(() => undefined);
    await servers.stop();
  });

  /** Runs 50 jobs through consumers that keep dying. @returns effects in the database and deaths on the way */
  async function runThrough(mode: 'inbox' | 'naive'): Promise<{ effects: number; jobsWithEffect: number; deaths: number }> {
    await street.test.dataSource.query('DELETE FROM fault_effect');
    const name = `counting-${mode}`;
    const queue = new Queue(name, { connection: bullConnection(street.config, 'producer'), prefix: street.config.redisPrefix });
    await queue.addBulk(Array.from({ length: JOBS }, () => ({ name: 'count', data: {}, opts: { jobId: newId<string>() } })));
    const deaths = await application.keepAlive('consumer', join(__dirname, 'harness/counting-consumer.mjs'), [mode, name],
      async () => (await queue.getJobCounts('completed')).completed === JOBS);
    await queue.close();
    return {
      effects: await street.count('SELECT COUNT(*) n FROM fault_effect'),
      jobsWithEffect: await street.count('SELECT COUNT(DISTINCT message_id) n FROM fault_effect'),
      deaths,
    };
  }

  it('has each effect once with the inbox', async () => {
    const { effects, jobsWithEffect, deaths } = await runThrough('inbox');
    expect(deaths).toBeGreaterThan(5);
    expect({ effects, jobsWithEffect }).toEqual({ effects: JOBS, jobsWithEffect: JOBS });
  });

  it('has effects twice without it: the negative control', async () => {
    const { effects, jobsWithEffect } = await runThrough('naive');
    expect(jobsWithEffect).toBe(JOBS);
    expect(effects).toBeGreaterThan(JOBS);
  });

  it('rebuilds from the database what Redis forgot', async () => {
    await application.startWorker();
    const redis = new Redis(street.config.redisUrl);
    for (let serial = 0; serial < JOBS; serial += 1) {
      await street.requestNotice(serial);
      await redis.flushall();
    }
    redis.disconnect();
    await untilSo(async () => await street.count('SELECT COUNT(*) n FROM notice WHERE sent_at IS NOT NULL') === JOBS);
    expect(await street.count("SELECT COUNT(*) n FROM inbox_message WHERE consumer = 'notices'")).toBe(JOBS);
  });
});

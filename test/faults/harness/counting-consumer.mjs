/**
 * A consumer that dies (kill -9) after the effect of every fifth job and before it could say so. Run as a process of
 * its own: counting-consumer.mjs inbox|naive QUEUE. Each effect is one row of fault_effect.
 */
import 'reflect-metadata';
import { Worker } from 'bullmq';
import { DataSource } from 'typeorm';
import { SystemClock } from '../../../dist/src/infra/clock/clock.js';
import { configFromEnvironment } from '../../../dist/src/infra/config/environment.js';
import { dataSourceOptions } from '../../../dist/src/infra/database/data-source-options.js';
import { UnitOfWork } from '../../../dist/src/infra/database/unit-of-work.js';
import { Inbox } from '../../../dist/src/infra/queue/outbox.js';
import { bullConnection } from '../../../dist/src/infra/queue/redis.js';

const [mode, queue] = process.argv.slice(2);
const config = configFromEnvironment();
const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
const unitOfWork = new UnitOfWork(dataSource);
const inbox = new Inbox(new SystemClock());
let effects = 0;

async function take(messageId) {
  await unitOfWork.run(async (tx) => {
    if (mode === 'inbox' && !await inbox.once(tx, 'counting', messageId)) return;
    await tx.query('INSERT INTO fault_effect (message_id) VALUES (?)', [messageId]);
    effects += 1;
  });
  if (effects === 5) process.kill(process.pid, 'SIGKILL');
}

new Worker(queue, (job) => take(job.id), {
  connection: bullConnection(config, 'worker'), prefix: config.redisPrefix,
  lockDuration: 1_500, stalledInterval: 500, maxStalledCount: 1_000,
});

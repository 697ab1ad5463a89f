import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE } from '../../src/infra/queue/queue-names.js';
import { bullConnection } from '../../src/infra/queue/redis.js';
import { CareSchedule } from '../../src/modules/care/index.js';
import type { TestApp } from '../../test/fixtures/start-app.js';

/** The timers of ladders and alarms on a real queue, which can be wiped, and a real worker, which can be killed. */
export class TimerQueue {
  private readonly queue: Queue;
  private readonly schedule: CareSchedule;
  private worker: Worker;
  kills = 0;
  wipes = 0;

  constructor(private readonly world: TestApp) {
    this.schedule = world.app.get(CareSchedule, { strict: false });
    this.queue = new Queue(QUEUE.care, { connection: bullConnection(world.config, 'producer'), prefix: world.config.redisPrefix });
    this.worker = this.start();
  }

  /** A minute of the worker's life: the sweep writes what runs, what is due by the simulated clock is rung. */
  async minute(): Promise<void> {
    await this.schedule.hour();
    for (let round = 0; round < 2; round += 1) {
      await this.schedule.sweep();
      // Delays were reckoned by the simulated clock; a timer that is not due has no effect and is written again by the next sweep.
      await this.queue.promoteJobs();
      await this.settled();
    }
  }

  async kill(): Promise<void> {
    this.kills += 1;
    await this.worker.close(true);
    this.worker = this.start();
  }

  async wipe(): Promise<void> {
    this.wipes += 1;
    const redis = new Redis(this.world.config.redisUrl);
    await redis.flushall();
    redis.disconnect();
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.queue.close();
  }

  private start(): Worker {
    const worker = new Worker(QUEUE.care, async (job) => this.schedule.ring(job.name, job.data), {
      connection: bullConnection(this.world.config, 'worker'), prefix: this.world.config.redisPrefix, concurrency: 4, lockDuration: 2_000, stalledInterval: 1_000,
    });
    worker.on('error', () => undefined);
    return worker;
  }

  private async settled(): Promise<void> {
    for (let tries = 0; tries < 2_000; tries += 1) {
      const { waiting, active, prioritized } = await this.queue.getJobCounts('waiting', 'active', 'prioritized');
      if ((waiting ?? 0) + (active ?? 0) + (prioritized ?? 0) === 0) return;
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    throw new Error('the timers did not come to rest');
  }
}

import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { AppConfig } from '../../infra/config/app-config.js';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { bullConnection } from '../../infra/queue/redis.js';
import { planJobId, type PlanKey } from './plan-runs.js';

/** The name of plan jobs, and of the jobs that a scheduler adds at each cut-off. */
export const PLAN_JOB = 'plan';
export const CUTOFF_JOB = 'cut-off';

/** Hands runs to BullMQ under the name of their plan. A plan that waits or runs already is not added again. */
@Injectable()
export class PlanQueue implements OnApplicationShutdown {
  private readonly logger = new Logger(PlanQueue.name);
  private opened: Queue | null = null;

  constructor(private readonly config: AppConfig) {}

  get queue(): Queue {
    if (this.opened === null) {
      this.opened = new Queue(QUEUE.routePlanning, { connection: bullConnection(this.config, 'producer'), prefix: this.config.redisPrefix });
      this.opened.on('error', () => undefined);
    }
    return this.opened;
  }

  /** Adds the job of a plan; where Redis is away, the run stays in the database and the worker's sweep adds it later. */
  async add(key: PlanKey): Promise<void> {
    try {
      await this.queue.add(PLAN_JOB, { depotKind: key.depotKind, depotId: key.depotId, day: key.day, period: key.period }, {
        jobId: planJobId(key), attempts: 4, backoff: { type: 'exponential', delay: 1_000 },
        // A finished job would turn the next run of the same plan into nothing; its history is in the database.
        removeOnComplete: true, removeOnFail: true,
      });
    } catch (error) {
      this.logger.warn({ msg: 'plan job waits for Redis', cause: error instanceof Error ? error.message : 'unknown' });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened?.close().catch(() => undefined);
  }
}

import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { AppConfig } from '../../infra/config/app-config.js';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { bullConnection } from '../../infra/queue/redis.js';

export const SCAN_JOB = 'scan';

/** Hands runs to BullMQ under their own id; one that waits or runs already is not added again. */
@Injectable()
export class ScanQueue implements OnApplicationShutdown {
  private readonly logger = new Logger(ScanQueue.name);
  private opened: Queue | null = null;

  constructor(private readonly config: AppConfig) {}

  /** Where Redis is away, the run stays in the database and the worker's sweep adds it later. */
  async add(scanId: string): Promise<void> {
    try {
      await this.queue().add(SCAN_JOB, { scanId }, {
        jobId: `exceptions-${scanId}`, attempts: 3, backoff: { type: 'exponential', delay: 5_000 }, removeOnComplete: true, removeOnFail: true,
      });
    } catch (error) {
      this.logger.warn({ msg: 'exception scan waits for Redis', cause: error instanceof Error ? error.message : 'unknown' });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened?.close().catch(() => undefined);
  }

  private queue(): Queue {
    if (this.opened === null) {
      this.opened = new Queue(QUEUE.exceptions, { connection: bullConnection(this.config, 'producer'), prefix: this.config.redisPrefix });
      this.opened.on('error', () => undefined);
    }
    return this.opened;
  }
}

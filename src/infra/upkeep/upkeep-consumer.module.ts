import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { QUEUE } from '../queue/queue-names.js';
import { Upkeep } from './upkeep.js';

const HOUR_MS = 3_600_000;

/** Runs the upkeep every hour. The schedule is written anew at each start, so a Redis that forgot it matters little. */
@Processor(QUEUE.upkeep, { concurrency: 1 })
export class UpkeepProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly logger = new Logger(UpkeepProcessor.name);

  constructor(@InjectQueue(QUEUE.upkeep) private readonly queue: Queue, private readonly upkeep: Upkeep) {
    super();
  }

  onApplicationBootstrap(): void {
    this.queue.upsertJobScheduler('upkeep-hourly', { every: HOUR_MS }, {
      name: 'upkeep', opts: { removeOnComplete: { count: 24 }, removeOnFail: { count: 24 } },
    }).catch((error: Error) => { this.logger.warn(`upkeep is not scheduled: ${error.message}`); });
  }

  async process(): Promise<Readonly<Record<string, number>>> {
    return this.upkeep.runAll();
  }
}

/** Loaded by the worker only. */
@Module({ imports: [BullModule.registerQueue({ name: QUEUE.upkeep })], providers: [UpkeepProcessor] })
export class UpkeepConsumerModule {}

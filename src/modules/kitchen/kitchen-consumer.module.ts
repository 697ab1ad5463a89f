import { BullModule, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, Module } from '@nestjs/common';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { CheckLoadLateness } from './check-load-lateness.js';
import { KitchenModule } from './kitchen.module.js';

const loadLeft = z.object({ messageId: z.uuid(), loadId: z.uuid() });

/** Wakes when a load should have been accepted. */
@Processor(QUEUE.lateness, { concurrency: 4 })
export class LoadLatenessProcessor extends WorkerHost {
  private readonly logger = new Logger(LoadLatenessProcessor.name);

  constructor(private readonly check: CheckLoadLateness) {
    super();
  }

  async process(job: Job): Promise<void> {
    const parsed = loadLeft.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(parsed.error.message);
    await this.check.execute(parsed.data);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

/** Watches loads on the road; in the worker process only. */
@Module({ imports: [KitchenModule, BullModule.registerQueue({ name: QUEUE.lateness })], providers: [LoadLatenessProcessor] })
export class KitchenConsumerModule {}

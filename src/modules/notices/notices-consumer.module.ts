import { BullModule, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, Module } from '@nestjs/common';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { NoticesModule } from './notices.module.js';
import { SendNotice } from './send-notice.js';

const noticeRequested = z.object({ messageId: z.uuid(), noticeId: z.uuid() });

@Processor(QUEUE.notices, { concurrency: 4 })
export class NoticesProcessor extends WorkerHost {
  private readonly logger = new Logger(NoticesProcessor.name);

  constructor(private readonly sendNotice: SendNotice) {
    super();
  }

  async process(job: Job): Promise<void> {
    const message = noticeRequested.safeParse(job.data);
    if (!message.success) throw new UnrecoverableError(message.error.message); // repeating cannot help
    await this.sendNotice.execute(message.data);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

/** Sends notices; in the worker process only. */
@Module({ imports: [NoticesModule, BullModule.registerQueue({ name: QUEUE.notices })], providers: [NoticesProcessor] })
export class NoticesConsumerModule {}

import { BullModule, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import { Inbox } from '../../../infra/queue/outbox.js';
import { QUEUE } from '../../../infra/queue/queue-names.js';
import { SettlementModule } from '../settlement.module.js';
import { MealRollup } from './meal-rollup.js';

const journalSealed = z.object({ messageId: z.string(), seq: z.number() });

/** Adds up whatever is sealed whenever something was; one run usually serves many messages. */
@Processor(QUEUE.mealRollup, { concurrency: 1 })
export class RollupProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly logger = new Logger(RollupProcessor.name);

  constructor(private readonly rollup: MealRollup, private readonly inbox: Inbox, private readonly unitOfWork: UnitOfWork) {
    super();
  }

  /** What was sealed in bulk, or while no worker ran, has no message of its own. */
  onApplicationBootstrap(): void {
    this.rollup.catchUp().catch((error: Error) => { this.logger.warn(`the roll-up waits: ${error.message}`); });
  }

  async process(job: Job): Promise<void> {
    const message = journalSealed.safeParse(job.data);
    if (!message.success) throw new UnrecoverableError('not a journal.sealed message');
    await this.rollup.catchUp();
    await this.unitOfWork.run((tx) => this.inbox.once(tx, QUEUE.mealRollup, message.data.messageId));
  }
}

/** Loaded by the worker only. */
@Module({ imports: [SettlementModule, BullModule.registerQueue({ name: QUEUE.mealRollup })], providers: [RollupProcessor] })
export class RollupConsumerModule {}

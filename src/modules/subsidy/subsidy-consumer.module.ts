import { BullModule, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, Module } from '@nestjs/common';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { CarryOutPolicyRun } from './carry-out-policy-run.js';
import { SubsidyModule } from './subsidy.module.js';

const runRequested = z.object({ messageId: z.uuid(), policyRunId: z.uuid() });

/** Carries out rehearsals and replays of many meals, one at a time. */
@Processor(QUEUE.policyRuns, { concurrency: 1 })
export class PolicyRunProcessor extends WorkerHost {
  private readonly logger = new Logger(PolicyRunProcessor.name);

  constructor(private readonly carryOut: CarryOutPolicyRun) {
    super();
  }

  async process(job: Job): Promise<void> {
    const message = runRequested.safeParse(job.data);
    if (!message.success) throw new UnrecoverableError(message.error.message); // repeating cannot help
    await this.carryOut.execute(message.data);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

/** Rehearsals and replays; in the worker process only. */
@Module({ imports: [SubsidyModule, BullModule.registerQueue({ name: QUEUE.policyRuns })], providers: [PolicyRunProcessor] })
export class SubsidyConsumerModule {}

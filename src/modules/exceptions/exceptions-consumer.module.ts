import { BullModule, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { ExceptionsModule } from './exceptions.module.js';
import { RunScan } from './run-scan.js';
import { ScanSchedule } from './scan-schedule.js';

const scanJob = z.object({ scanId: z.uuid() });

/** Looks for exceptions, one street at a time: the run is long and of no hurry. */
@Processor(QUEUE.exceptions, { concurrency: 1, lockDuration: 300_000 })
export class ExceptionsProcessor extends WorkerHost {
  private readonly logger = new Logger(ExceptionsProcessor.name);

  constructor(private readonly runScan: RunScan) {
    super();
  }

  async process(job: Job): Promise<void> {
    const parsed = scanJob.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(parsed.error.message); // repeating cannot help
    try {
      await this.runScan.execute(parsed.data.scanId);
    } catch (error) {
      if (job.attemptsMade + 1 >= (job.opts.attempts ?? 1)) await this.runScan.giveUp(parsed.data.scanId, error instanceof Error ? error.message : 'unknown');
      throw error;
    }
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

const SWEEP_EVERY_MS = 60_000;

/** Sweeps while the worker lives. */
@Injectable()
export class ScanKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ScanKeeper.name);
  private timer: NodeJS.Timeout | null = null;
  private busy: Promise<void> = Promise.resolve();

  constructor(private readonly schedule: ScanSchedule) {}

  onApplicationBootstrap(): void {
    const sweep = (): void => {
      this.busy = this.busy.then(async () => { await this.schedule.sweep(); }).catch((error: unknown) => {
        this.logger.warn({ msg: 'sweep of exception scans waits', cause: error instanceof Error ? error.message : 'unknown' });
      });
    };
    this.timer = setInterval(sweep, SWEEP_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.busy;
  }
}

/** Loaded by the worker only. */
@Module({ imports: [ExceptionsModule, BullModule.registerQueue({ name: QUEUE.exceptions })], providers: [ExceptionsProcessor, ScanKeeper] })
export class ExceptionsConsumerModule {}

import { BullModule, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Job } from 'bullmq';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { CareModule } from './care.module.js';
import { CareSchedule, HOUR_JOB } from './care-schedule.js';

/**
 * Rings the timers of ladders and alerts. A timer that a killed worker held is given to the next one after the lock's ten
 * seconds, where the library's half a minute would let an alarm wait a minute.
 */
@Processor(QUEUE.care, { concurrency: 4, lockDuration: 10_000, stalledInterval: 5_000 })
export class CareProcessor extends WorkerHost {
  private readonly logger = new Logger(CareProcessor.name);

  constructor(private readonly schedule: CareSchedule) {
    super();
  }

  async process(job: Job): Promise<boolean> {
    const moved = await this.schedule.ring(job.name, job.data);
    // The timer of the next step begins at once; should this be lost, the next sweep writes it.
    if (moved && job.name !== HOUR_JOB) await this.schedule.sweep();
    return moved;
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

const SWEEP_EVERY_MS = 5_000;

/** Keeps the timers alive while the worker lives. */
@Injectable()
export class CareKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(CareKeeper.name);
  private timer: NodeJS.Timeout | null = null;
  private busy: Promise<void> = Promise.resolve();

  constructor(private readonly schedule: CareSchedule) {}

  onApplicationBootstrap(): void {
    void this.beat();
    this.timer = setInterval(() => { void this.beat(); }, SWEEP_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.busy;
  }

  /** Writes the timers and makes the lists that are due, after a beat that still runs. @returns when both are done or have failed with a line in the log */
  beat(): Promise<void> {
    // People first: a list that cannot be made keeps no ladder and no alarm from its time.
    this.busy = this.busy
      .then(() => this.attempt('timers of care wait', () => this.schedule.sweep()))
      .then(() => this.attempt('lists of the day wait', () => this.schedule.hour()))
      .then(() => this.attempt('the hour waits for Redis', () => this.schedule.queue.upsertJobScheduler('care-hour', { pattern: '*/5 * * * *', tz: 'Asia/Shanghai' },
        { name: HOUR_JOB, data: {}, opts: { removeOnComplete: { count: 20 }, removeOnFail: { count: 20 } } })));
    return this.busy;
  }

  private async attempt(msg: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.logger.warn({ msg, cause: error instanceof Error ? error.message : 'unknown' });
    }
  }
}

/** Moves ladders on and repeats alarms; in the worker process only. */
@Module({ imports: [CareModule, BullModule.registerQueue({ name: QUEUE.care })], providers: [CareProcessor, CareKeeper] })
export class CareConsumerModule {}

import { BullModule, InjectQueue, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { ClosingModule } from './closing.module.js';
import { RemindUnclosedDays, REMINDERS_MIN } from './remind-unclosed-days.js';

/** Wakes at the times of the reminders. */
@Processor(QUEUE.dayClose, { concurrency: 1 })
export class DayCloseProcessor extends WorkerHost {
  private readonly logger = new Logger(DayCloseProcessor.name);

  constructor(private readonly remind: RemindUnclosedDays) {
    super();
  }

  async process(): Promise<number> {
    return this.remind.execute();
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

const REBUILD_EVERY_MS = 60_000;

/**
 * Writes the schedule again and again, and gives a reminder whose time has passed: Redis may have been emptied and a
 * worker may have slept over it. What was said stands in the database, so nobody hears it twice.
 */
@Injectable()
export class DayCloseKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(DayCloseKeeper.name);
  private timer: NodeJS.Timeout | null = null;
  private busy: Promise<void> = Promise.resolve();

  constructor(@InjectQueue(QUEUE.dayClose) private readonly queue: Queue, private readonly remind: RemindUnclosedDays) {}

  onApplicationBootstrap(): void {
    this.beat();
    this.timer = setInterval(() => { this.beat(); }, REBUILD_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.busy;
  }

  private beat(): void {
    this.busy = this.busy.then(async () => {
      await this.remind.execute();
      for (const minute of REMINDERS_MIN) {
        await this.queue.upsertJobScheduler(`day-close-${minute}`, { pattern: `${minute % 60} ${Math.floor(minute / 60)} * * *`, tz: 'Asia/Shanghai' },
          { name: 'remind', data: {}, opts: { removeOnComplete: { count: 20 }, removeOnFail: { count: 20 } } });
      }
    }).catch((error: unknown) => {
      this.logger.warn({ msg: 'reminders of day closes wait', cause: error instanceof Error ? error.message : 'unknown' });
    });
  }
}

/** Reminds of unclosed days; in the worker process only. */
@Module({ imports: [ClosingModule, BullModule.registerQueue({ name: QUEUE.dayClose })], providers: [DayCloseProcessor, DayCloseKeeper] })
export class ClosingConsumerModule {}

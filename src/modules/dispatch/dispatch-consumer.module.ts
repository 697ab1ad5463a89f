import { BullModule, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { MEAL_PERIODS } from '../../domain/kernel/meal-period.js';
import { parseBusinessDay } from '../../domain/kernel/business-day.js';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { CheckTripLateness } from './check-trip-lateness.js';
import { DispatchModule } from './dispatch.module.js';
import { CUTOFF_JOB } from './plan-queue.js';
import { PlanSchedule } from './plan-schedule.js';
import { DEPARTS, RemindDeparture } from './remind-departure.js';
import { RunPlan } from './run-plan.js';
import { LEFT, WatchFreshness } from './watch-freshness.js';

const planJob = z.object({ depotKind: z.enum(['point', 'kitchen']), depotId: z.uuid(), day: z.iso.date(), period: z.enum(MEAL_PERIODS) });
const tripDeparts = z.object({ messageId: z.uuid(), tripId: z.uuid(), departS: z.int() });
const tripLeft = z.object({ messageId: z.uuid(), tripId: z.uuid() });
const tripPlanned = z.object({ messageId: z.uuid(), tripId: z.uuid(), lastDoorS: z.int().optional() });

/** Carries out plan jobs, and wakes at cut-offs. */
@Processor(QUEUE.routePlanning, { concurrency: 2 })
export class RoutePlanningProcessor extends WorkerHost {
  private readonly logger = new Logger(RoutePlanningProcessor.name);

  constructor(private readonly runPlan: RunPlan, private readonly schedule: PlanSchedule) {
    super();
  }

  async process(job: Job): Promise<void> {
    if (job.name === CUTOFF_JOB) {
      await this.schedule.sweep();
      return;
    }
    const parsed = planJob.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(parsed.error.message); // repeating cannot help
    const key = { ...parsed.data, day: parseBusinessDay(parsed.data.day) };
    try {
      // Progress in Redis is for looking at; the database has it too, so a Redis emptied meanwhile stops nothing.
      await this.runPlan.execute(key, (step) => job.updateProgress({ step }).catch(() => undefined));
    } catch (error) {
      if (job.attemptsMade + 1 >= (job.opts.attempts ?? 1)) await this.runPlan.giveUp(key, error instanceof Error ? error.message : 'unknown');
      throw error;
    }
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

/** Wakes before a trip leaves, after it should have left, when its food is no longer fresh, and when its last door was due. */
@Processor(QUEUE.tripLateness, { concurrency: 4 })
export class TripLatenessProcessor extends WorkerHost {
  private readonly logger = new Logger(TripLatenessProcessor.name);

  constructor(private readonly check: CheckTripLateness, private readonly remind: RemindDeparture, private readonly freshness: WatchFreshness) {
    super();
  }

  async process(job: Job): Promise<void> {
    if (job.name === DEPARTS) {
      const departs = tripDeparts.safeParse(job.data);
      if (!departs.success) throw new UnrecoverableError(departs.error.message);
      await this.remind.execute(departs.data);
      return;
    }
    if (job.name === LEFT) {
      const left = tripLeft.safeParse(job.data);
      if (!left.success) throw new UnrecoverableError(left.error.message);
      await this.freshness.execute(left.data);
      return;
    }
    const parsed = tripPlanned.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(parsed.error.message);
    await this.check.execute(parsed.data);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }
}

const SWEEP_EVERY_MS = 5_000;
const REBUILD_EVERY_MS = 60_000;

/** Keeps the schedule alive while the worker lives: Redis may be emptied at any time, and a worker may have slept over a cut-off. */
@Injectable()
export class PlanScheduleKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PlanScheduleKeeper.name);
  private timers: NodeJS.Timeout[] = [];
  private busy: Promise<void> = Promise.resolve();

  constructor(private readonly schedule: PlanSchedule) {}

  onApplicationBootstrap(): void {
    const rebuild = (): void => this.attempt('rebuild', async () => { await this.schedule.rebuildSchedulers(); });
    const sweep = (): void => this.attempt('sweep', async () => { await this.schedule.sweep(); });
    rebuild();
    sweep();
    this.timers = [setInterval(rebuild, REBUILD_EVERY_MS), setInterval(sweep, SWEEP_EVERY_MS)];
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.busy;
  }

  /** One after the other; a failure waits for the next beat. */
  private attempt(what: string, work: () => Promise<void>): void {
    this.busy = this.busy.then(work).catch((error: unknown) => {
      this.logger.warn({ msg: `${what} of plans waits`, cause: error instanceof Error ? error.message : 'unknown' });
    });
  }
}

/** Plans routes and watches trips; in the worker process only. */
@Module({
  imports: [DispatchModule, BullModule.registerQueue({ name: QUEUE.routePlanning }, { name: QUEUE.tripLateness })],
  providers: [RoutePlanningProcessor, TripLatenessProcessor, PlanScheduleKeeper],
})
export class DispatchConsumerModule {}

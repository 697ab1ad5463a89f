import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { bullConnection } from '../../infra/queue/redis.js';
import { AbsenceWatch } from './absence-watch.js';
import { CareAlerts } from './care-alerts.js';
import { LadderBook } from './ladder-book.js';
import { WelfareList } from './welfare-list.js';

export const LADDER_JOB = 'ladder-step';
export const ALERT_JOB = 'alert-reminder';
export const HOUR_JOB = 'hour';

/**
 * The timers of ladders and alerts. Each job is named after the step it ends, so it waits once; all of them are written again
 * from the tables at every sweep, so an emptied Redis or a killed worker costs at most the time until the next one.
 */
@Injectable()
export class CareSchedule implements OnApplicationShutdown {
  private readonly logger = new Logger(CareSchedule.name);
  private opened: Queue | null = null;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly config: AppConfig,
    private readonly ladders: LadderBook,
    private readonly alerts: CareAlerts,
    private readonly welfare: WelfareList,
    private readonly absences: AbsenceWatch,
    private readonly clock: Clock,
  ) {}

  get queue(): Queue {
    if (this.opened === null) {
      this.opened = new Queue(QUEUE.care, { connection: bullConnection(this.config, 'producer'), prefix: this.config.redisPrefix });
      this.opened.on('error', () => undefined);
    }
    return this.opened;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened?.close().catch(() => undefined);
  }

  /** Hands every running timer to the queue. @returns timers that run */
  async sweep(): Promise<number> {
    const ladders = await this.ladders.running(this.unitOfWork.reader);
    const alerts = await this.alerts.untaken(this.unitOfWork.reader);
    for (const ladder of ladders) await this.add(LADDER_JOB, { ladderId: ladder.id, stepNo: ladder.stepNo }, `ladder-${ladder.id}-${ladder.stepNo}`, ladder.dueAt);
    for (const alert of alerts) await this.add(ALERT_JOB, { alertId: alert.id, reminders: alert.reminders }, `alert-${alert.id}-${alert.reminders}`, alert.remindAt);
    return ladders.length + alerts.length;
  }

  /** What hangs on the hour of the day: the welfare calls, and regulars who did not come. Each once, from the tables; one that fails keeps no other from its hour. */
  async hour(): Promise<void> {
    const failed: unknown[] = [];
    const noted = (cause: unknown): void => { failed.push(cause); };
    await this.welfare.buildDue(noted).catch(noted);
    await this.absences.lookDue(noted).catch(noted);
    if (failed.length > 0) throw new AggregateError(failed, `${failed.length} lists failed: ${failed.map((cause) => (cause instanceof Error ? cause.message : 'unknown')).join('; ')}`);
  }

  /** Carries out a timer. @returns whether it had an effect */
  async ring(name: string, data: unknown): Promise<boolean> {
    if (name === HOUR_JOB) return this.hour().then(() => true);
    const given = data as { ladderId?: unknown; stepNo?: unknown; alertId?: unknown; reminders?: unknown };
    return this.unitOfWork.run(async (tx) => {
      if (typeof given.ladderId === 'string' && typeof given.stepNo === 'number') return this.ladders.advance(tx, given.ladderId, given.stepNo);
      if (typeof given.alertId === 'string' && typeof given.reminders === 'number') return this.alerts.remind(tx, given.alertId, given.reminders);
      return false;
    });
  }

  private async add(name: string, data: object, jobId: string, at: Date): Promise<void> {
    try {
      const delay = Math.max(0, at.getTime() - this.clock.now().getTime());
      await this.queue.add(name, data, { jobId, delay, attempts: 5, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: true, removeOnFail: true });
    } catch (error) {
      this.logger.warn({ msg: 'timer waits for Redis', cause: error instanceof Error ? error.message : 'unknown' });
    }
  }
}

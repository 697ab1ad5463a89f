import { Injectable, Logger } from '@nestjs/common';
import { addDays, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { DepotDirectory, type PointService } from '../sites/index.js';
import { CUTOFF_JOB, PlanQueue } from './plan-queue.js';
import { PlanRuns, type PlanKey } from './plan-runs.js';

/** A plan that failed is asked for again after so long, twice as long after each further failure, up to an hour. */
const RETRY_AFTER_MIN = 5;
const LONGEST_RETRY_MIN = 60;

/** Cut-offs lie at most this many days before their meal. */
const LONGEST_OFFSET_DAYS = 3;
const SCHEDULER_PREFIX = 'cutoff-';

/**
 * Keeps Redis in step with the database: one job scheduler per point and period that wakes at its cut-off, and the
 * job of every open run. Everything is rebuilt from the tables, at boot and again and again, so an emptied Redis costs
 * a delay and nothing else.
 */
@Injectable()
export class PlanSchedule {
  private readonly logger = new Logger(PlanSchedule.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly depots: DepotDirectory,
    private readonly runs: PlanRuns,
    private readonly queue: PlanQueue,
    private readonly clock: Clock,
  ) {}

  /** Asks for the plan of every cut-off that has passed and was never run, then hands every open run to the queue. */
  async sweep(): Promise<{ asked: number; open: number }> {
    let asked = 0;
    for (const key of await this.due()) {
      const runId = await this.unitOfWork.run((tx) => this.runs.ask(tx, key, 'cut-off', null));
      if (runId !== null) asked += 1;
    }
    const open = await this.runs.open();
    for (const run of open) await this.queue.add(run);
    return { asked, open: open.length };
  }

  /** Writes a scheduler for every point and period, removes those whose service is gone. @returns schedulers kept */
  async rebuildSchedulers(): Promise<number> {
    const services = await this.depots.services();
    const wanted = new Map(services.map((service) => [`${SCHEDULER_PREFIX}${service.pointId}-${service.period}`, service]));
    for (const [id, service] of wanted) {
      await this.queue.queue.upsertJobScheduler(id,
        { pattern: `${service.cutoffMin % 60} ${Math.floor(service.cutoffMin / 60)} * * *`, tz: 'Asia/Shanghai' },
        { name: CUTOFF_JOB, data: {}, opts: { removeOnComplete: { count: 50 }, removeOnFail: { count: 50 } } });
    }
    for (const { key } of await this.queue.queue.getJobSchedulers(0, 5_000)) {
      if (key.startsWith(SCHEDULER_PREFIX) && !wanted.has(key)) {
        await this.queue.queue.removeJobScheduler(key);
        this.logger.log({ msg: 'cut-off scheduler removed', scheduler: key });
      }
    }
    return wanted.size;
  }

  /** Plans whose cut-off has passed, whose meal is not over, and whose run at the cut-off does not exist or failed long enough ago. */
  private async due(): Promise<PlanKey[]> {
    const now = this.clock.now();
    const today = this.clock.today();
    const days = Array.from({ length: LONGEST_OFFSET_DAYS + 1 }, (_, ahead) => addDays(today, ahead));
    const services = await this.depots.services();
    const past = services.flatMap((service) => days
      .filter((day) => cutoffInstant(service, day) <= now && now < instantOf(day, service.endMin))
      .map((day) => planOf(service, day)));
    past.push(...await this.kitchensDue(services, days, now));
    if (past.length === 0) return [];
    const runs = await this.unitOfWork.reader.query<PlanHistory[]>(
      `SELECT CONCAT(depot_id, business_day, period) AS name, MAX(once = 'cut-off') AS stands, SUM(state = 'failed') AS failures,
              MAX(IF(state = 'failed', finished_at, NULL)) AS failedAt
       FROM plan_run WHERE business_day IN (?) AND cause = 'cut-off' GROUP BY depot_id, business_day, period`, [days],
    );
    const names = new Set(runs.filter((run) => Number(run.stands) === 1 || mayNotRetryYet(run, now)).map((run) => run.name));
    return past.filter((key) => !names.has(`${key.depotId}${key.day}${key.period}`));
  }

  /** A kitchen carries what points gave it, and has no cut-off of its own: its plan is due once the last point of its street has closed, whatever that point gave. */
  private async kitchensDue(services: readonly PointService[], days: readonly BusinessDay[], now: Date): Promise<PlanKey[]> {
    const given = await this.unitOfWork.reader.query<(PlanKey & { streetId: string })[]>(
      `SELECT DISTINCT 'kitchen' AS depotKind, d.depot_id AS depotId, d.business_day AS day, d.period, k.street_id AS streetId
       FROM radius_decision d JOIN kitchen k ON k.id = d.depot_id WHERE d.depot_kind = 'kitchen' AND d.business_day IN (?)`, [days],
    );
    const points = new Map<string, Set<string>>();
    const due: PlanKey[] = [];
    for (const { streetId, ...key } of given) {
      const own = points.get(streetId) ?? new Set((await this.depots.pointsOf(streetId)).map((point) => String(point.depotId)));
      points.set(streetId, own);
      const serving = services.filter((service) => service.period === key.period && own.has(service.pointId));
      const closed = serving.every((service) => cutoffInstant(service, key.day) <= now);
      if (closed && serving.some((service) => now < instantOf(key.day, service.endMin))) due.push(key);
    }
    return due;
  }
}

interface PlanHistory { name: string; stands: string | number | null; failures: string | number; failedAt: Date | null }

function mayNotRetryYet({ failures, failedAt }: PlanHistory, now: Date): boolean {
  if (failedAt === null) return false;
  const waitMin = Math.min(RETRY_AFTER_MIN * 2 ** (Number(failures) - 1), LONGEST_RETRY_MIN);
  return now.getTime() - failedAt.getTime() < waitMin * 60_000;
}

function planOf(service: PointService, day: BusinessDay): PlanKey {
  return { depotKind: 'point', depotId: service.pointId, day, period: service.period };
}

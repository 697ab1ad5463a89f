import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type DemandDay, type ForecastCalendar, type MenuHistory, planWalkIns, type WalkInPlan, type WalkInSeries } from '../../domain/forecast/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { canonicalJson, sha256Hex } from '../../infra/crypto/digest.js';
import { parseJson } from '../../infra/database/columns.js';

export interface WalkInQuestion {
  readonly series: readonly WalkInSeries[];
  readonly day: BusinessDay;
  readonly quantile: number;
  readonly calendar: ForecastCalendar;
  readonly menus: MenuHistory;
}

const REMEMBERED_MOST = 24;
/** Changes when the same question would be answered otherwise by a newer release. */
const METHOD = 3;

/**
 * Forecasts in a thread of its own: learning from all points takes seconds of computing, and kiosks pay meanwhile. What
 * was learned is kept in the database under the digest of the question, so that neither a restart nor a second process
 * learns it again; who asks meanwhile waits for the one that learns.
 */
@Injectable()
export class WalkInPlanner {
  private readonly threadFile = fileURLToPath(new URL('./walk-in-thread.js', import.meta.url));
  private readonly remembered = new Map<string, { digest: string; plan: Promise<WalkInPlan> }>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  plan(kitchenId: string, period: MealPeriod, question: WalkInQuestion): Promise<WalkInPlan> {
    const digest = digestOf(question);
    const key = `${kitchenId}/${question.day}/${period}`;
    const known = this.remembered.get(key);
    if (known?.digest === digest) return known.plan;
    if (this.remembered.size >= REMEMBERED_MOST) this.remembered.clear();
    const plan = this.keptOrLearnt([kitchenId, question.day, period], digest, question);
    this.remembered.set(key, { digest, plan });
    plan.catch(() => this.remembered.delete(key));
    return plan;
  }

  private async keptOrLearnt(key: readonly [string, BusinessDay, MealPeriod], digest: string, question: WalkInQuestion): Promise<WalkInPlan> {
    const [kept] = await this.dataSource.query<{ plan: unknown }[]>('SELECT plan FROM walk_in_plan WHERE kitchen_id = ? AND business_day = ? AND period = ? AND digest = ?', [...key, digest]);
    if (kept !== undefined) return parseJson<WalkInPlan>(kept.plan);
    const learning = this.last.then(() => (existsSync(this.threadFile) ? this.inThread(question) : planWalkIns(question.series, question.day, question.quantile, question.calendar, question.menus)));
    this.last = learning.catch(() => undefined);
    const plan = await learning;
    await this.dataSource.query(
      `INSERT INTO walk_in_plan (kitchen_id, business_day, period, digest, plan, made_at) VALUES (?)
       ON DUPLICATE KEY UPDATE digest = VALUES(digest), plan = VALUES(plan), made_at = VALUES(made_at)`, [[...key, digest, JSON.stringify(plan), this.clock.now()]]);
    return plan;
  }

  /** Where the sources run uncompiled (the test runner compiles in memory), a thread would have no file to load. */
  private inThread(question: WalkInQuestion): Promise<WalkInPlan> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.threadFile, { workerData: question });
      worker.once('message', (plan: WalkInPlan) => resolve(plan));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`forecast thread ended with code ${code}`)));
    });
  }
}

/** Histories stay the same objects for minutes (see DemandHistory) and are long. */
const digests = new WeakMap<readonly DemandDay[] | MenuHistory, string>();

/** Names everything that the answer depends on. */
function digestOf({ series, day, quantile, calendar, menus }: WalkInQuestion): string {
  const { holidays, makeUpWorkdays = [], pensionDays = [], rainMm = [], highC = [] } = calendar;
  const shortOf = (long: readonly DemandDay[] | MenuHistory): string => {
    const known = digests.get(long) ?? sha256Hex(canonicalJson(long));
    digests.set(long, known);
    return known;
  };
  const histories = series.map(({ days, ...rest }) => ({ ...rest, days: shortOf(days) }));
  return sha256Hex(canonicalJson({ METHOD, histories, menus: shortOf(menus), day, quantile, calendar: [[...holidays], [...makeUpWorkdays], [...pensionDays], [...rainMm], [...highC]] }));
}

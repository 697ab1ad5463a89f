import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { type ForecastCalendar, planWalkIns, type WalkInPlan, type WalkInSeries } from '../../domain/forecast/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

export interface WalkInQuestion {
  readonly series: readonly WalkInSeries[];
  readonly day: BusinessDay;
  readonly quantile: number;
  readonly calendar: ForecastCalendar;
}

const REMEMBERED_MOST = 24;

/** Forecasts in a thread of its own: learning from all points takes seconds of computing, and kiosks pay meanwhile. */
@Injectable()
export class WalkInPlanner {
  private readonly threadFile = fileURLToPath(new URL('./walk-in-thread.js', import.meta.url));
  /** Histories stand still for minutes (see DemandHistory), and the same history gives the same plan. */
  private readonly remembered = new Map<string, { series: readonly WalkInSeries[]; plan: Promise<WalkInPlan> }>();
  private last: Promise<unknown> = Promise.resolve();

  /** @param key names kitchen, day and period; a plan is remembered while the days of its series are the same objects */
  plan(key: string, question: WalkInQuestion): Promise<WalkInPlan> {
    const known = this.remembered.get(key);
    if (known !== undefined && sameDays(known.series, question.series)) return known.plan;
    if (this.remembered.size >= REMEMBERED_MOST) this.remembered.clear();
    const plan = this.last.then(() => (existsSync(this.threadFile) ? this.inThread(question) : planWalkIns(question.series, question.day, question.quantile, question.calendar)));
    this.last = plan.catch(() => undefined);
    this.remembered.set(key, { series: question.series, plan });
    plan.catch(() => this.remembered.delete(key));
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

function sameDays(before: readonly WalkInSeries[], now: readonly WalkInSeries[]): boolean {
  return before.length === now.length && before.every((one, index) => one.days === now[index].days && one.setCode === now[index].setCode);
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';

export type RunStep = 'orders' | 'travel' | 'radius' | 'routes' | 'stored';
export type RunCause = 'cut-off' | 'asked' | 'rerouted';

/** The business identity of a plan: one depot, one day, one period. */
export interface PlanKey {
  readonly depotKind: 'point' | 'kitchen';
  readonly depotId: string;
  readonly day: BusinessDay;
  readonly period: MealPeriod;
}

export interface OpenRun extends PlanKey { readonly runId: string; readonly cause: RunCause }

/** The name of the job that carries a run; the same plan has the same name, so it waits in the queue once. */
export function planJobId(key: PlanKey): string {
  return `plan-${key.depotId}-${key.day}-${key.period}`;
}

const RUN_COLUMNS = 'id AS runId, depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period, cause';

/** Runs of plans in the database: what was asked, what runs, how it ended. Redis carries them and may forget them. */
@Injectable()
export class PlanRuns {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock) {}

  /**
   * Asks for a run. A run that waits serves this request too; one that runs already may have missed what this request
   * is about, so another follows it. The run at the cut-off is made once only.
   *
   * @returns the run that waits or runs, null when the run of the cut-off has already been
   */
  async ask(tx: EntityManager, key: PlanKey, cause: RunCause, requestedBy: string | null): Promise<string | null> {
    const runId = newId();
    const inserted: unknown = await tx.query(
      `INSERT IGNORE INTO plan_run (id, depot_kind, depot_id, business_day, period, cause, once, open, state, requested_by, requested_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1, 'queued', ?, ?)`,
      [runId, key.depotKind, key.depotId, key.day, key.period, cause, cause === 'cut-off' ? 'cut-off' : null, requestedBy, this.clock.now()],
    );
    if (affectedRows(inserted) === 1) return runId;
    const which = [key.depotId, key.day, key.period];
    await tx.query("UPDATE plan_run SET again = 1 WHERE depot_id = ? AND business_day = ? AND period = ? AND open = 1 AND state = 'running'", which);
    const [open] = await tx.query<{ id: string }[]>('SELECT id FROM plan_run WHERE depot_id = ? AND business_day = ? AND period = ? AND open = 1', which);
    return open?.id ?? null;
  }

  /** Runs that wait, and runs that were begun and not finished: what the queue must hold. */
  async open(): Promise<OpenRun[]> {
    return this.unitOfWork.reader.query<OpenRun[]>(`SELECT ${RUN_COLUMNS} FROM plan_run WHERE open = 1 ORDER BY requested_at LIMIT 500`);
  }

  /** Takes the open run of a plan to work on it; also one that a killed worker had begun. @returns null when nothing is open */
  async begin(key: PlanKey): Promise<OpenRun | null> {
    return this.unitOfWork.run(async (tx) => {
      const [run] = await tx.query<OpenRun[]>(
        `SELECT ${RUN_COLUMNS} FROM plan_run WHERE depot_id = ? AND business_day = ? AND period = ? AND open = 1 FOR UPDATE`,
        [key.depotId, key.day, key.period],
      );
      if (run === undefined) return null;
      await tx.query("UPDATE plan_run SET state = 'running', step = 'orders', started_at = ? WHERE id = ?", [this.clock.now(), run.runId]);
      return run;
    });
  }

  async reached(runId: string, step: RunStep): Promise<void> {
    await this.unitOfWork.reader.query('UPDATE plan_run SET step = ? WHERE id = ? AND open = 1', [step, runId]);
  }

  /** Closes a run in the transaction of its effect, and asks for the one that follows it, if any. */
  async finish(tx: EntityManager, run: OpenRun, changed: boolean): Promise<void> {
    const [row] = await tx.query<{ again: number }[]>('SELECT again FROM plan_run WHERE id = ? AND open = 1 FOR UPDATE', [run.runId]);
    if (row === undefined) return;
    await tx.query(
      "UPDATE plan_run SET state = 'done', step = 'stored', open = NULL, finished_at = ?, changed = ? WHERE id = ?",
      [this.clock.now(), changed ? 1 : 0, run.runId],
    );
    if (row.again === 1) await this.ask(tx, run, 'rerouted', null);
  }

  /** Closes a run that did not come to an end; that of the cut-off may then be asked for once more. */
  async fail(tx: EntityManager, runId: string, failure: string): Promise<void> {
    await tx.query(
      "UPDATE plan_run SET state = 'failed', open = NULL, once = NULL, finished_at = ?, failure = ? WHERE id = ? AND open = 1",
      [this.clock.now(), failure.slice(0, 60), runId],
    );
  }
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { diagnose, planRoutes, verifyPlan, type Diagnosis, type PlanViolation, type RoutePlan, type RouteProblem } from '../../domain/routing/index.js';

const ATTEMPTS = 16;

/** A verified plan, and for each door left out what binds and what would cure it. */
export interface PlannedRoutes { readonly plan: RoutePlan; readonly diagnoses: readonly Diagnosis[] }

interface PlanningAnswer extends PlannedRoutes { readonly violations: readonly PlanViolation[] }

/** Plans in a thread of its own, so that a large depot delays no other job, and hands out verified plans only. */
@Injectable()
export class RoutePlanner {
  private readonly threadFile = fileURLToPath(new URL('./planning-thread.js', import.meta.url));

  /** @throws InvariantError when the verifier finds a broken rule: such a plan is never stored or printed */
  async plan(problem: RouteProblem, seed: number): Promise<PlannedRoutes> {
    const { plan, diagnoses, violations } = existsSync(this.threadFile) ? await this.inThread(problem, seed) : this.here(problem, seed);
    if (violations.length > 0) throw new InvariantError(`plan broke ${violations.map((one) => one.rule).join(', ')}`);
    return { plan, diagnoses };
  }

  private inThread(problem: RouteProblem, seed: number): Promise<PlanningAnswer> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.threadFile, { workerData: { problem, seed, attempts: ATTEMPTS } });
      worker.once('message', (answer: PlanningAnswer) => resolve(answer));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`planning thread ended with code ${code}`)));
    });
  }

  /** Where the sources run uncompiled (the test runner compiles in memory), a thread would have no file to load. */
  private here(problem: RouteProblem, seed: number): PlanningAnswer {
    const plan = planRoutes(problem, { seed, stop: { attempts: ATTEMPTS } });
    return { plan, diagnoses: diagnose(problem, plan), violations: verifyPlan(problem, plan) };
  }
}

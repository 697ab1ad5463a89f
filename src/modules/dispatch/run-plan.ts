import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { DepotDirectory } from '../sites/index.js';
import { PlanDepot } from './plan-depot.js';
import { PlanNotices } from './plan-notices.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns, type OpenRun, type PlanKey, type RunStep } from './plan-runs.js';

/** Carries out the open run of a plan; without an open run the job was a repeat and nothing happens. */
@Injectable()
export class RunPlan {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: PlanRuns,
    private readonly planDepot: PlanDepot,
    private readonly queue: PlanQueue,
    private readonly depots: DepotDirectory,
    private readonly notices: PlanNotices,
  ) {}

  /**
   * @param report told of each step as it begins
   * @returns whether there was something to do
   */
  async execute(key: PlanKey, report: (step: RunStep) => Promise<void> = () => Promise.resolve()): Promise<boolean> {
    const run = await this.runs.begin(key);
    if (run === null) return false;
    const next = await this.planDepot.execute(run, {
      step: async (step) => {
        await this.runs.reached(run.runId, step);
        await report(step);
      },
    });
    for (const other of next) await this.queue.add(other);
    return true;
  }

  /** Gives the open run up after the last attempt, and says so to the street. */
  async giveUp(key: PlanKey, cause: string): Promise<void> {
    const depot = await this.depots.depot(key.depotKind, key.depotId);
    const run: OpenRun | null = await this.runs.begin(key);
    if (run === null) return;
    await this.unitOfWork.run(async (tx) => {
      await this.runs.fail(tx, run.runId, cause);
      await this.notices.failed(tx, run, depot);
    });
  }
}

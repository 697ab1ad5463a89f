import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ExceptionScan, type Finding } from '../../domain/exceptions/index.js';
import { addDays } from '../../domain/kernel/business-day.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { EventDays } from './event-days.query.js';
import { ExceptionSettingsBook } from './exception-settings-book.js';
import { FindingStore } from './finding-store.js';
import { ScanRuns, type ScanRun } from './scan-runs.js';
import { StandingFactsOfStreet } from './standing-facts.query.js';

export interface ScanResult { readonly meals: number; readonly added: number; readonly extended: number }

/**
 * Reads a street's days one after the other and stores what the checks find as it goes. A day is the batch: memory holds
 * one day, sums, and the last rows of each person, however long the run is. Broken off, it begins anew and finds the same.
 */
@Injectable()
export class RunScan {
  private readonly logger = new Logger(RunScan.name);

  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly days: EventDays, private readonly facts: StandingFactsOfStreet, private readonly settings: ExceptionSettingsBook,
    private readonly store: FindingStore, private readonly runs: ScanRuns,
  ) {}

  /** @returns null where the run is over already */
  async execute(scanId: string): Promise<ScanResult | null> {
    const run = await this.runs.find(scanId);
    if (run === null) return null;
    await this.runs.start(scanId);
    const result = await this.read(run);
    await this.runs.finish(scanId, null);
    this.logger.log({ msg: 'exceptions looked for', streetId: run.streetId, from: run.from, to: run.to, ...result });
    return result;
  }

  async giveUp(scanId: string, cause: string): Promise<void> {
    await this.runs.finish(scanId, cause);
  }

  private async read(run: ScanRun): Promise<ScanResult> {
    const { reader } = this.unitOfWork;
    const facts = await this.facts.read(reader, run.streetId);
    const pointIds = [...facts.points.keys()];
    const total = { meals: 0, added: 0, extended: 0 };
    if (pointIds.length === 0) return total;
    const scan = new ExceptionScan(facts, await this.settings.of(run.streetId), run.from);
    for (let day = run.from; day <= run.to; day = addDays(day, 1)) {
      const events = await this.days.read(reader, pointIds, day);
      const found = [...scan.readDay(events), ...(day === run.to ? scan.end() : [])];
      const saved = await this.unitOfWork.run((tx) => this.save(tx, run, day, found, events.meals.length));
      total.meals += events.meals.length;
      total.added += saved.added;
      total.extended += saved.extended;
      await breathe(); // other jobs of the worker get their turn between two days
    }
    return total;
  }

  private async save(tx: Parameters<FindingStore['save']>[0], run: ScanRun, day: ScanRun['to'], found: readonly Finding[], meals: number): Promise<{ added: number; extended: number }> {
    const saved = await this.store.save(tx, run.streetId, found);
    await this.runs.progress(tx, run.scanId, day, { meals, ...saved });
    return saved;
  }
}

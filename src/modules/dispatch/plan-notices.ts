import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RoutePlan } from '../../domain/routing/index.js';
import { Notices } from '../notices/index.js';
import type { DepotSite } from '../sites/index.js';
import type { Door } from './delivery-doors.js';
import type { OpenRun } from './plan-runs.js';
import type { StoreOutcome } from './plan-store.js';
import type { RadiusRecord } from './radius-book.js';

export interface PlanResult {
  readonly run: OpenRun;
  readonly depot: DepotSite;
  readonly plan: RoutePlan;
  readonly doors: readonly Door[];
  readonly records: readonly RadiusRecord[];
  readonly outcome: StoreOutcome;
  readonly final: boolean;
}

/** Tells the street what a person must know before departure: who is on no trip, who was given to another depot. */
@Injectable()
export class PlanNotices {
  constructor(private readonly notices: Notices) {}

  async tell(tx: EntityManager, result: PlanResult): Promise<void> {
    if (!result.final || result.outcome === 'same') return;
    const { run, depot, plan, doors, records } = result;
    const left = new Set(plan.unplanned.map((entry) => entry.stopId));
    const stranded = doors.filter((door) => door.stop.mustServe && left.has(door.stop.id)).reduce((sum, door) => sum + door.orders.length, 0);
    await this.decided(tx, { run, depot, records, stranded });
  }

  /** @param stranded people who must be served and are on no trip though inside the radius */
  async decided(tx: EntityManager, { run, depot, records, stranded }: Pick<PlanResult, 'run' | 'depot' | 'records'> & { stranded: number }): Promise<void> {
    const about = { recipientKind: 'street' as const, recipientId: depot.streetId };
    const facts = { depot: depot.name, day: run.day };
    const listed = stranded + records.filter((record) => record.mustServe && record.decision === 'listed').length;
    if (listed > 0) {
      await this.notices.request(tx, { ...about, kind: 'must-serve-unplanned', facts: { ...facts, count: listed }, dedupKey: `must-serve-unplanned-${run.runId}` });
    }
    const given = records.filter((record) => record.mustServe && record.depotId !== null).length;
    if (given > 0) {
      await this.notices.request(tx, { ...about, kind: 'radius-decided', facts: { ...facts, count: given }, dedupKey: `radius-decided-${run.runId}` });
    }
  }

  /** Crews ride already, and so many meals found no place on their trips. */
  async underWay(tx: EntityManager, run: OpenRun, depot: DepotSite, count: number): Promise<void> {
    await this.notices.request(tx, {
      kind: 'plan-under-way', recipientKind: 'street', recipientId: depot.streetId, facts: { depot: depot.name, day: run.day, count }, dedupKey: `plan-under-way-${run.runId}`,
    });
  }

  /** Times of a plan in hand changed (a blocked road), and so many doors become late or stale by it. */
  async doorsLate(tx: EntityManager, run: OpenRun, depot: DepotSite, count: number): Promise<void> {
    await this.notices.request(tx, {
      kind: 'plan-doors-late', recipientKind: 'street', recipientId: depot.streetId, facts: { depot: depot.name, day: run.day, count }, dedupKey: `plan-doors-late-${run.runId}`,
    });
  }

  /** The plan could not be made. */
  async failed(tx: EntityManager, run: OpenRun, depot: DepotSite): Promise<void> {
    await this.notices.request(tx, {
      kind: 'plan-failed', recipientKind: 'street', recipientId: depot.streetId,
      facts: { depot: depot.name, day: run.day, run: run.runId.slice(-6) }, dedupKey: `plan-failed-${run.runId}`,
    });
  }
}

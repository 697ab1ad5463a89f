import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestPlanRequest } from '../../contract/dispatch.js';
import { daysBetween, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DepotDirectory } from '../sites/index.js';
import { DepotScope } from './depot-scope.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns, type PlanKey } from './plan-runs.js';

const DAYS_AHEAD = 7;

/** A dispatcher asks for a depot's plan now. Before the cut-off the plan is a draft; the cut-off makes it final. */
@Injectable()
export class RequestPlan {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: DepotScope,
    private readonly depots: DepotDirectory,
    private readonly runs: PlanRuns,
    private readonly queue: PlanQueue,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns id of the run that waits or runs
   * @throws DomainError DISPATCH.DAY_OUT_OF_REACH, DISPATCH.NOT_SERVED; REQUEST.NOT_FOUND outside the scope
   */
  async execute(request: RequestPlanRequest, staff: StaffIdentity): Promise<string> {
    await this.scope.require(staff, request.depotKind, request.depotId);
    const key: PlanKey = { ...request, day: request.day as BusinessDay };
    this.requireReach(key.day);
    const runId = await this.unitOfWork.run((tx) => this.ask(tx, key, staff));
    await this.hand([key]);
    return runId;
  }

  /** @throws DomainError DISPATCH.DAY_OUT_OF_REACH for a day that is over or that nothing is planned for yet */
  requireReach(day: BusinessDay): void {
    const ahead = daysBetween(this.clock.today(), day);
    if (ahead < 0 || ahead > DAYS_AHEAD) throw new DomainError('DISPATCH.DAY_OUT_OF_REACH', 'refused', { day });
  }

  /**
   * Asks in the transaction of whatever makes the plan necessary; the scope is the caller's matter, and so is `hand` afterwards.
   *
   * @throws DomainError DISPATCH.NOT_SERVED
   */
  async ask(tx: EntityManager, key: PlanKey, staff: StaffIdentity): Promise<string> {
    if (key.depotKind === 'point' && await this.depots.service(tx, key.depotId, key.period) === null) throw new DomainError('DISPATCH.NOT_SERVED', 'refused');
    const asked = await this.runs.ask(tx, key, 'asked', staff.staffId);
    if (asked === null) throw new DomainError('DATABASE.BUSY', 'unavailable');
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'route-plan.requested', objectKind: key.depotKind, objectId: key.depotId, outcome: 'done',
      detail: { day: key.day, period: key.period },
    }, tx);
    return asked;
  }

  /** Hands runs that are committed to the queue; what it does not get, the sweep brings. */
  async hand(keys: readonly PlanKey[]): Promise<void> {
    for (const key of keys) await this.queue.add(key);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ChangeStandingPlanAnswer, CreateStandingPlanRequest, PauseStandingPlanRequest, StandingPlanAnswer } from '../../contract/ordering.js';
import { addDays } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { DepotDirectory } from '../sites/index.js';
import { CancelOrder } from './cancel-order.js';
import { OrderScope } from './order-scope.js';

interface PlanRow { id: string; seniorId: string; period: MealPeriod; validFrom: string; validTo: string | null }

/** Writes standing plans: meals until further notice, with pauses that end by themselves. */
@Injectable()
export class StandingPlans {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: OrderScope,
    private readonly menu: MenuDirectory,
    private readonly depots: DepotDirectory,
    private readonly orders: CancelOrder,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError PLAN.DAYS_EMPTY, PLAN.NOT_ON_MENU, PLAN.OVERLAP, PLAN.CUTOFF_PASSED, ORDER.SENIOR_NOT_ACTIVE; REQUEST.NOT_FOUND outside the scope */
  async create(request: CreateStandingPlanRequest, staff: StaffIdentity): Promise<StandingPlanAnswer> {
    requireDays(request.validFrom, request.validTo);
    return this.unitOfWork.run(async (tx) => {
      const senior = await this.scope.requireSenior(staff, request.seniorId, tx);
      if (!senior.active) throw new DomainError('ORDER.SENIOR_NOT_ACTIVE', 'refused');
      const asked = { pointId: senior.pointId, day: null, period: request.period, code: request.setCode, today: this.clock.today() };
      if (!await this.menu.isOffered(tx, asked)) throw new DomainError('PLAN.NOT_ON_MENU', 'refused', { code: request.setCode });
      await this.requireBeforeCutoff(tx, request, senior.pointId);
      // The senior's row is the lock under which two plans of one senior cannot miss each other.
      await tx.query('SELECT id FROM senior WHERE id = ? FOR UPDATE', [senior.id]);
      const mask = request.weekdays.reduce((bits, weekday) => bits | (1 << (weekday - 1)), 0);
      await this.requireNoOverlap(tx, request, mask);
      const planId = newId();
      await tx.query(
        `INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [planId, senior.id, request.period, mask, request.setCode, request.fulfilment, request.validFrom, request.validTo],
      );
      await this.note(tx, staff, 'standing-plan.created', planId);
      return { planId };
    });
  }

  /**
   * Pauses from a day on; a null beginning takes the pause away. Meals of those days that the plan has ordered already
   * are cancelled before their cut-off; the others are named.
   *
   * @throws DomainError PLAN.DAYS_EMPTY, PLAN.ENDED
   */
  async pause(planId: string, request: PauseStandingPlanRequest, staff: StaffIdentity): Promise<ChangeStandingPlanAnswer> {
    const { from } = request;
    if (from !== null) requireDays(from, request.to);
    return this.change(planId, staff, 'standing-plan.paused', async (tx, plan) => {
      if (from !== null && plan.validTo !== null && plan.validTo <= from) throw new DomainError('PLAN.ENDED', 'refused');
      await tx.query('UPDATE standing_plan SET paused_from = ?, paused_to = ? WHERE id = ?', [from, from === null ? null : request.to, planId]);
      return from === null ? null : { from, to: request.to };
    });
  }

  /** Ends a plan: `from` is the first day without a meal, at the earliest its first day; its own meals as at a pause. @throws DomainError PLAN.ENDED */
  async end(planId: string, from: string, staff: StaffIdentity): Promise<ChangeStandingPlanAnswer> {
    return this.change(planId, staff, 'standing-plan.ended', async (tx, plan) => {
      if (plan.validTo !== null && plan.validTo <= from) throw new DomainError('PLAN.ENDED', 'refused');
      await tx.query('UPDATE standing_plan SET valid_to = GREATEST(valid_from, ?) WHERE id = ?', [from, planId]);
      return { from, to: null };
    });
  }

  /** `work` returns the days for which the plan no longer asks. */
  private async change(
    planId: string, staff: StaffIdentity, action: string, work: (tx: EntityManager, plan: PlanRow) => Promise<{ from: string; to: string | null } | null>,
  ): Promise<ChangeStandingPlanAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const [plan] = await tx.query<PlanRow[]>(
        'SELECT id, senior_id AS seniorId, period, valid_from AS validFrom, valid_to AS validTo FROM standing_plan WHERE id = ? FOR UPDATE', [planId],
      );
      if (plan === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
      const { pointId } = await this.scope.requireSenior(staff, plan.seniorId, tx);
      // The lock of those who turn plans into orders: what they add under the plan as it was is seen and cancelled here.
      await this.depots.service(tx, pointId, plan.period, 'share');
      const days = await work(tx, plan);
      const orders = days === null ? { cancelled: 0, stillOn: [] } : await this.orders.ofPlan(tx, plan, days, staff.staffId);
      await this.note(tx, staff, action, planId);
      return { planId, ...orders };
    });
  }

  /** A plan asks from its first day on for which the kitchen still takes orders: what has been counted and planned is not added to. */
  private async requireBeforeCutoff(tx: EntityManager, request: CreateStandingPlanRequest, pointId: string): Promise<void> {
    const service = await this.depots.service(tx, pointId, request.period, 'share');
    if (service === null) return;
    const now = this.clock.now();
    let open = this.clock.today();
    while (cutoffInstant(service, open) <= now) open = addDays(open, 1);
    if (request.validFrom < open) throw new DomainError('PLAN.CUTOFF_PASSED', 'refused', { day: open });
  }

  private async requireNoOverlap(tx: EntityManager, request: CreateStandingPlanRequest, mask: number): Promise<void> {
    const [clash] = await tx.query<{ id: string }[]>(
      `SELECT id FROM standing_plan WHERE senior_id = ? AND period = ? AND (weekday_mask & ?) <> 0
         AND (valid_to IS NULL OR valid_to > ?) AND (? IS NULL OR valid_from < ?) LIMIT 1`,
      [request.seniorId, request.period, mask, request.validFrom, request.validTo, request.validTo],
    );
    if (clash !== undefined) throw new DomainError('PLAN.OVERLAP', 'conflict');
  }

  private note(tx: EntityManager, staff: StaffIdentity, action: string, planId: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'standing-plan', objectId: planId, outcome: 'done' }, tx);
  }
}

function requireDays(from: string, to: string | null): void {
  if (to !== null && to <= from) throw new DomainError('PLAN.DAYS_EMPTY', 'invalid', { from, to });
}

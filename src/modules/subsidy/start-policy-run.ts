import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { Outbox } from '../../infra/queue/outbox.js';
import { AuditTrail } from '../audit/index.js';
import { CarryOutPolicyRun } from './carry-out-policy-run.js';
import { countMeals, daysOfMonth } from './month-meals.query.js';
import { PolicyBook } from './policy-book.js';
import { PolicyDrafts, rulesHashOf } from './policy-drafts.js';
import { PolicyScope } from './policy-scope.js';
import type { PolicyRules } from '../../domain/subsidy/index.js';

/** Up to this many meals a run is carried out while the caller waits; a larger one goes to the worker. */
const AT_ONCE_MEALS = 3_000;

/** Starts a rehearsal of a policy or a replay of a month. */
@Injectable()
export class StartPolicyRun {
  constructor(
    private readonly units: UnitOfWork, private readonly drafts: PolicyDrafts, private readonly book: PolicyBook, private readonly scope: PolicyScope,
    private readonly carryOut: CarryOutPolicyRun, private readonly outbox: Outbox, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @param policyId null for a replay @returns the run's id @throws DomainError POLICY.MONTH_TO_COME; REQUEST.NOT_FOUND for a foreign policy */
  async execute(staff: StaffIdentity, policyId: string | null, month: string): Promise<string> {
    const { streetId } = await this.scope.streetOf(staff);
    if (month > this.clock.today().slice(0, 7)) throw new DomainError('POLICY.MONTH_TO_COME', 'invalid');
    const rules = policyId === null ? null : await this.rulesOf(staff, streetId, policyId);
    const { from, to } = daysOfMonth(month);
    const meals = await countMeals(this.units.reader, { streetId, reversed: policyId === null }, from, to);
    const policyRunId = newId();
    await this.units.run(async (tx) => {
      await this.insert(tx, { policyRunId, streetId, policyId, rules, month, meals, staff });
      if (meals > AT_ONCE_MEALS) await this.outbox.add(tx, { type: 'policy-run.requested', payload: { policyRunId } });
    });
    if (meals <= AT_ONCE_MEALS) await this.carryOut.execute({ policyRunId, messageId: null });
    return policyRunId;
  }

  private async rulesOf(staff: StaffIdentity, streetId: string, policyId: string): Promise<PolicyRules> {
    const draft = await this.drafts.find(this.units.reader, streetId, policyId);
    if (draft !== null) return draft.rules;
    const [own] = await this.units.reader.query<unknown[]>('SELECT 1 FROM policy_version WHERE id = ? AND street_id = ?', [policyId, streetId]);
    const version = own === undefined ? null : await this.book.version(this.units.reader, policyId);
    return version?.rules ?? this.scope.refuse(staff, 'policy', policyId);
  }

  private async insert(
    tx: EntityManager,
    run: { policyRunId: string; streetId: string; policyId: string | null; rules: PolicyRules | null; month: string; meals: number; staff: StaffIdentity },
  ): Promise<void> {
    const kind = run.policyId === null ? 'replay' : 'rehearsal';
    await tx.query(
      `INSERT INTO policy_run (id, street_id, kind, draft_id, rules, rules_hash, month, state, meals_total, requested_by, requested_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)`,
      [run.policyRunId, run.streetId, kind, run.policyId, run.rules === null ? null : JSON.stringify(run.rules), run.rules === null ? null : rulesHashOf(run.rules),
        run.month, run.meals, run.staff.staffId, this.clock.now()],
    );
    await this.audit.record({
      actorKind: 'staff', actorId: run.staff.staffId, action: kind === 'replay' ? 'policy.replayed' : 'policy.rehearsed', objectKind: 'policy',
      objectId: run.policyId ?? run.policyRunId, outcome: 'done', detail: { month: run.month, meals: run.meals },
    }, tx);
  }
}

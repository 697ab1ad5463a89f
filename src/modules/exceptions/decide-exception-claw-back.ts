import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DecideClawBackRequest } from '../../contract/exceptions.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../audit/index.js';
import { ReverseMeal } from '../payment/index.js';
import { FindingScope } from './finding-scope.js';

/**
 * A second person refuses that a meal is taken back, or approves it: then payment reverses the meal in the same
 * transaction, booked today, so that a signed month stays as it was. This room writes no ledger entry of its own.
 */
@Injectable()
export class DecideExceptionClawBack {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: FindingScope, private readonly reverseMeal: ReverseMeal, private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND, EXCEPTION.SECOND_PERSON, EXCEPTION.DECIDED, PAYMENT.ALREADY_REFUNDED */
  async execute(clawBackId: string, request: DecideClawBackRequest, actor: Actor, key: string): Promise<void> {
    await this.idempotency.run(
      { scope: `staff:${actor.staff.staffId}`, key, request: { exceptionClawBack: clawBackId, ...request } }, (tx) => this.decide(tx, clawBackId, request, actor, key),
    );
  }

  private async decide(tx: EntityManager, clawBackId: string, request: DecideClawBackRequest, actor: Actor, key: string): Promise<{ state: string }> {
    const [row] = await tx.query<{ findingId: string; mealId: string; askedBy: string; state: string }[]>(
      'SELECT finding_id AS findingId, meal_id AS mealId, asked_by AS askedBy, state FROM exception_claw_back WHERE id = ? FOR UPDATE', [clawBackId],
    );
    if (row === undefined) return this.scope.refuse(actor.staff, 'claw-back', clawBackId);
    await this.scope.locked(tx, row.findingId, actor.staff);
    if (row.state !== 'asked') throw new DomainError('EXCEPTION.DECIDED', 'conflict');
    if (row.askedBy === actor.staff.staffId) throw new DomainError('EXCEPTION.SECOND_PERSON', 'refused');
    if (request.decision === 'approved') {
      await this.reverseMeal.execute(tx, { mealId: row.mealId, reason: 'claw-back', note: request.note.slice(0, 120), staffId: actor.staff.staffId, key });
    }
    await tx.query(
      'UPDATE exception_claw_back SET state = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ?', [request.decision, actor.staff.staffId, this.clock.now(), request.note, clawBackId],
    );
    await this.audit.record({ ...auditActor(actor), action: `exception-claw-back.${request.decision}`, objectKind: 'meal', objectId: row.mealId, outcome: 'done' }, tx);
    return { state: request.decision };
  }
}

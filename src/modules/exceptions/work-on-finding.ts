import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AssignExceptionRequest, CloseExceptionRequest, CommentExceptionRequest } from '../../contract/exceptions.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import { ClawBacks } from '../life-events/index.js';
import { FindingLists } from './finding-list.query.js';
import { FindingScope } from './finding-scope.js';

interface Step { act: string; from: string; to: string; ownerId?: string; dueDay?: string; note: string }

/**
 * What people do with a finding: take or hand it over, comment, end it with an outcome. Every step adds a line of
 * history and an audit line; a finding that has ended moves no more unless new rows open it again.
 */
@Injectable()
export class WorkOnFinding {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: FindingScope, private readonly lists: FindingLists, private readonly clawBacks: ClawBacks,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND, EXCEPTION.CLOSED, EXCEPTION.OWNER_UNFIT */
  async assign(findingId: string, request: AssignExceptionRequest, actor: Actor): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const finding = await this.unsettled(tx, findingId, actor);
      const owners = await this.lists.owners(finding.streetId);
      if (!owners.some((owner) => owner.staffId === request.ownerId)) throw new DomainError('EXCEPTION.OWNER_UNFIT', 'refused');
      await tx.query(
        "UPDATE exception_finding SET state = 'in-work', owner_id = ?, due_day = COALESCE(?, due_day), changed_at = ? WHERE id = ?", [request.ownerId, request.dueDay ?? null, this.clock.now(), findingId],
      );
      await this.record(tx, findingId, { act: 'assigned', from: finding.state, to: 'in-work', ownerId: request.ownerId, dueDay: request.dueDay, note: request.note }, actor);
    });
  }

  /** @throws DomainError REQUEST.NOT_FOUND */
  async comment(findingId: string, request: CommentExceptionRequest, actor: Actor): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const { state } = await this.scope.locked(tx, findingId, actor.staff);
      await this.record(tx, findingId, { act: 'commented', from: state, to: state, note: request.note }, actor);
    });
  }

  /** A confirmed finding may ask for meals to be taken back; a second person decides. @throws DomainError REQUEST.NOT_FOUND, EXCEPTION.CLOSED, EXCEPTION.MEALS_UNFIT */
  async close(findingId: string, request: CloseExceptionRequest, actor: Actor): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const finding = await this.unsettled(tx, findingId, actor);
      const now = this.clock.now();
      await tx.query(
        'UPDATE exception_finding SET state = ?, note = ?, closed_by = ?, closed_at = ?, owner_id = COALESCE(owner_id, ?), changed_at = ? WHERE id = ?',
        [request.outcome, request.note, actor.staff.staffId, now, actor.staff.staffId, now, findingId],
      );
      await this.askBack(tx, findingId, [...new Set(request.clawBackMealIds)], request.note, actor);
      await this.record(tx, findingId, { act: 'closed', from: finding.state, to: request.outcome, note: request.note }, actor);
    });
  }

  private async unsettled(tx: EntityManager, findingId: string, actor: Actor): Promise<{ streetId: string; state: string }> {
    const finding = await this.scope.locked(tx, findingId, actor.staff);
    if (finding.state !== 'open' && finding.state !== 'in-work') throw new DomainError('EXCEPTION.CLOSED', 'conflict');
    return finding;
  }

  /** Only meals of this finding that still stand and that nothing else has asked for. */
  private async askBack(tx: EntityManager, findingId: string, mealIds: readonly string[], note: string, actor: Actor): Promise<void> {
    if (mealIds.length === 0) return;
    const meals = await tx.query<{ mealId: string }[]>(
      `SELECT m.id AS mealId FROM exception_evidence e JOIN meal m ON m.id = e.ref_id
       WHERE e.finding_id = ? AND e.ref_kind = 'meal' AND m.id IN (?)
         AND NOT EXISTS (SELECT 1 FROM meal_reversal r WHERE r.meal_id = m.id) AND NOT EXISTS (SELECT 1 FROM claw_back k WHERE k.meal_id = m.id)`,
      [findingId, mealIds],
    );
    if (meals.length !== mealIds.length) throw new DomainError('EXCEPTION.MEALS_UNFIT', 'refused');
    await this.clawBacks.askForFinding(tx, findingId, meals.map(({ mealId }) => mealId), note, actor);
  }

  private async record(tx: EntityManager, findingId: string, step: Step, actor: Actor): Promise<void> {
    await tx.query(
      'INSERT INTO exception_history (finding_id, at, actor_id, act, from_state, to_state, owner_id, due_day, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      [findingId, this.clock.now(), actor.staff.staffId, step.act, step.from, step.to, step.ownerId ?? null, step.dueDay ?? null, step.note],
    );
    await this.audit.record({ ...auditActor(actor), action: `exception.${step.act}`, objectKind: 'exception', objectId: findingId, outcome: 'done', detail: { from: step.from, to: step.to } }, tx);
  }
}

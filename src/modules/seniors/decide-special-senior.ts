import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApplySpecialSeniorRequest } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import {
  advanceSpecialSenior, requireFreshEyes, requireNoOverlap, SPECIAL_SENIOR, type SpecialSeniorApplication, type SpecialSeniorStep,
} from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { newId } from '../../infra/ids.js';
import { approvedOf } from './record-category.js';
import { SENIOR_SCOPE, SeniorRecords } from './senior-records.js';

interface ApplicationRow extends SpecialSeniorApplication { id: string; seniorId: string }

/** The three steps to a special senior, each by another person: apply, check in the community, decide in the street. */
@Injectable()
export class DecideSpecialSenior {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly clock: Clock) {}

  /** @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, SPECIAL_SENIOR.ALREADY_OPEN, SPECIAL_SENIOR.NOT_RENEWABLE */
  async apply(seniorId: string, request: ApplySpecialSeniorRequest, actor: Actor): Promise<{ id: string; status: 'applied' }> {
    return this.unitOfWork.run(async (tx) => {
      await this.records.findActive(seniorId, actor, tx, true);
      const [open] = await tx.query<{ id: string }[]>(
        "SELECT id FROM senior_category WHERE senior_id = ? AND code = ? AND status IN ('applied', 'community')", [seniorId, SPECIAL_SENIOR],
      );
      if (open !== undefined) throw new DomainError('SPECIAL_SENIOR.ALREADY_OPEN', 'conflict');
      const id = newId();
      await tx.query(
        `INSERT INTO senior_category (id, senior_id, code, status, source, evidence, valid_from, valid_to, applied_by, created_at)
         VALUES (?, ?, ?, 'applied', ?, ?, ?, NULL, ?, ?)`,
        [id, seniorId, SPECIAL_SENIOR, request.source, request.evidence, request.validFrom, actor.staff.staffId, this.clock.now()],
      );
      if (request.follows !== undefined) await this.link(tx, id, seniorId, request.follows);
      await this.records.note(tx, actor, 'special-senior.applied', seniorId, { applicationId: id, follows: request.follows?.kind ?? null });
      return { id, status: 'applied' };
    });
  }

  /**
   * @throws DomainError SPECIAL_SENIOR.NOT_FOUND also outside the scope, SPECIAL_SENIOR.NOT_YOUR_STEP,
   *   SPECIAL_SENIOR.SAME_PERSON, SPECIAL_SENIOR.STEP_OUT_OF_ORDER, SPECIAL_SENIOR.ALREADY_DECIDED, SPECIAL_SENIOR.APPEAL_SAME_PERSON,
   *   CATEGORY.OVERLAP
   */
  async step(applicationId: string, step: SpecialSeniorStep, actor: Actor): Promise<{ id: string; status: SpecialSeniorApplication['status'] }> {
    return this.unitOfWork.run(async (tx) => {
      const application = await this.find(tx, applicationId, actor);
      const after = advanceSpecialSenior(application, step, actor.staff.staffId);
      requireYourStep(application, step, actor);
      const appealed = await this.appealedAgainst(tx, applicationId);
      if (appealed !== null) requireFreshEyes(appealed, step, actor.staff.staffId);
      if (after.status === 'approved') {
        requireNoOverlap(await approvedOf(tx, application.seniorId), { code: SPECIAL_SENIOR, validFrom: after.validFrom, validTo: after.validTo });
      }
      await this.store(tx, applicationId, after);
      await this.records.note(tx, actor, `special-senior.${after.status}`, application.seniorId, { applicationId, validTo: after.validTo });
      return { id: applicationId, status: after.status };
    });
  }

  private async link(tx: EntityManager, id: string, seniorId: string, follows: NonNullable<ApplySpecialSeniorRequest['follows']>): Promise<void> {
    const [earlier] = await tx.query<{ status: string }[]>(
      'SELECT status FROM senior_category WHERE id = ? AND senior_id = ? AND code = ?', [follows.applicationId, seniorId, SPECIAL_SENIOR],
    );
    if (earlier?.status !== (follows.kind === 'renewal' ? 'approved' : 'refused')) throw new DomainError('SPECIAL_SENIOR.NOT_RENEWABLE', 'refused');
    await tx.query('INSERT INTO special_senior_link (application_id, kind, earlier_id) VALUES (?, ?, ?)', [id, follows.kind, follows.applicationId]);
  }

  private async appealedAgainst(tx: EntityManager, applicationId: string): Promise<{ communityCheckedBy: string | null; streetDecidedBy: string | null } | null> {
    const [row] = await tx.query<{ communityCheckedBy: string | null; streetDecidedBy: string | null }[]>(
      `SELECT e.community_checked_by AS communityCheckedBy, e.street_decided_by AS streetDecidedBy
       FROM special_senior_link l JOIN senior_category e ON e.id = l.earlier_id WHERE l.application_id = ? AND l.kind = 'appeal'`, [applicationId],
    );
    return row ?? null;
  }

  private async find(tx: EntityManager, applicationId: string, actor: Actor): Promise<ApplicationRow> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const [row] = await tx.query<ApplicationRow[]>(
      `SELECT k.id, k.senior_id AS seniorId, k.status, k.valid_from AS validFrom, k.valid_to AS validTo, k.applied_by AS appliedBy,
              k.community_checked_by AS communityCheckedBy, k.street_decided_by AS streetDecidedBy, k.refusal_reason AS refusalReason
       FROM senior_category k JOIN senior s ON s.id = k.senior_id
       WHERE k.id = ? AND k.code = ? AND ${scope.sql} FOR UPDATE`,
      [applicationId, SPECIAL_SENIOR, ...scope.params],
    );
    if (row === undefined) throw new DomainError('SPECIAL_SENIOR.NOT_FOUND', 'not-found');
    return row;
  }

  private async store(tx: EntityManager, applicationId: string, after: SpecialSeniorApplication): Promise<void> {
    const decided = after.status === 'approved' || after.status === 'refused';
    await tx.query(
      `UPDATE senior_category SET status = ?, valid_from = ?, valid_to = ?, community_checked_by = ?, street_decided_by = ?,
         refusal_reason = ?, decided_at = ? WHERE id = ?`,
      [after.status, after.validFrom, after.validTo, after.communityCheckedBy, after.streetDecidedBy, after.refusalReason,
        decided ? this.clock.now() : null, applicationId],
    );
  }
}

/** Who stands at which step: the community's people check what is applied for, the street's people decide what is checked. */
function requireYourStep(application: SpecialSeniorApplication, step: SpecialSeniorStep, actor: Actor): void {
  const atCommunity = step.kind === 'community-check' || (step.kind === 'refuse' && application.status === 'applied');
  if (actor.staff.scopeKind !== (atCommunity ? 'community' : 'street')) {
    throw new DomainError('SPECIAL_SENIOR.NOT_YOUR_STEP', 'forbidden');
  }
}

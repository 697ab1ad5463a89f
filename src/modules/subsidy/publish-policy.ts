import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PolicyStepRequest } from '../../contract/policy-editor.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { addDays } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PolicyDrafts, requireRevision, rulesHashOf, type PolicyDraft } from './policy-drafts.js';
import { PolicyScope } from './policy-scope.js';
import { policyForTrying, testResults } from './try-policy.js';

interface Neighbour { id: string; effectiveFrom: BusinessDay; effectiveTo: BusinessDay | null }

/**
 * The way of a draft to a version: its author proposes it once its test cases pass; a second person publishes it once it
 * was rehearsed, or sends it back. Publishing ends the version before; nothing that has priced a meal changes.
 */
@Injectable()
export class PublishPolicy {
  constructor(
    private readonly units: UnitOfWork, private readonly drafts: PolicyDrafts, private readonly scope: PolicyScope,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError POLICY.NOT_YOURS, POLICY.NOT_A_DRAFT, POLICY.CHANGED_MEANWHILE, POLICY.NO_TESTS, POLICY.TESTS_FAIL */
  async propose(staff: StaffIdentity, policyId: string, request: PolicyStepRequest): Promise<void> {
    await this.units.run(async (tx) => {
      const draft = await this.draft(tx, staff, policyId);
      if (draft.state !== 'draft') throw new DomainError('POLICY.NOT_A_DRAFT', 'conflict');
      if (draft.authorId !== staff.staffId) throw new DomainError('POLICY.NOT_YOURS', 'refused');
      requireRevision(draft, request.revision);
      requireTests(draft);
      await this.drafts.move(tx, policyId, 'proposed', request.note);
      await this.record(tx, staff, 'policy.proposed', draft, request.note);
    });
  }

  /** Back to its author: by the second person with a reason, or by the author. @throws DomainError POLICY.NOT_PROPOSED */
  async takeBack(staff: StaffIdentity, policyId: string, request: PolicyStepRequest): Promise<void> {
    await this.units.run(async (tx) => {
      const draft = await this.draft(tx, staff, policyId);
      if (draft.state !== 'proposed') throw new DomainError('POLICY.NOT_PROPOSED', 'conflict');
      requireRevision(draft, request.revision);
      await this.drafts.move(tx, policyId, 'draft', request.note);
      await this.record(tx, staff, 'policy.returned', draft, request.note);
    });
  }

  /**
   * @throws DomainError POLICY.SECOND_PERSON, POLICY.NOT_PROPOSED, POLICY.NOT_REHEARSED, POLICY.TESTS_FAIL,
   *   POLICY.BEGINS_IN_THE_PAST, POLICY.DAYS_HAVE_MEALS, POLICY.VERSIONS_OVERLAP
   */
  async publish(staff: StaffIdentity, policyId: string, request: PolicyStepRequest): Promise<void> {
    await this.units.run(async (tx) => {
      const { streetId } = await this.scope.streetOf(staff);
      // The street's row orders publishers: each sees every version that was stored before its own.
      await tx.query('SELECT id FROM street WHERE id = ? FOR UPDATE', [streetId]);
      const draft = await this.draft(tx, staff, policyId);
      if (draft.state !== 'proposed') throw new DomainError('POLICY.NOT_PROPOSED', 'conflict');
      if (draft.authorId === staff.staffId) throw new DomainError('POLICY.SECOND_PERSON', 'refused');
      requireRevision(draft, request.revision);
      requireTests(draft);
      await this.requireRehearsal(tx, draft);
      await this.makeRoom(tx, draft);
      await this.insertVersion(tx, draft, staff);
      await this.drafts.move(tx, policyId, 'published', request.note);
      await this.record(tx, staff, 'policy.published', draft, request.note);
    });
  }

  private async draft(tx: EntityManager, staff: StaffIdentity, policyId: string): Promise<PolicyDraft> {
    const { streetId } = await this.scope.streetOf(staff);
    return await this.drafts.locked(tx, streetId, policyId) ?? this.scope.refuse(staff, 'policy', policyId);
  }

  private async requireRehearsal(tx: EntityManager, draft: PolicyDraft): Promise<void> {
    const runs = await tx.query<unknown[]>(
      "SELECT 1 FROM policy_run WHERE draft_id = ? AND kind = 'rehearsal' AND state = 'done' AND rules_hash = ? LIMIT 1", [draft.id, rulesHashOf(draft.rules)],
    );
    if (runs.length === 0) throw new DomainError('POLICY.NOT_REHEARSED', 'refused');
  }

  /** Ends or replaces the versions of the draft's days; only days to come can change hands, and none that has meals. */
  private async makeRoom(tx: EntityManager, { streetId, effectiveFrom, effectiveTo, id }: PolicyDraft): Promise<void> {
    const others = await tx.query<Neighbour[]>(
      `SELECT id, effective_from AS effectiveFrom, effective_to AS effectiveTo FROM policy_version
       WHERE street_id = ? AND superseded_by IS NULL AND (? IS NULL OR effective_from < ?) AND (effective_to IS NULL OR effective_to > ?)
       ORDER BY effective_from FOR UPDATE`,
      [streetId, effectiveTo, effectiveTo, effectiveFrom],
    );
    if (others.length === 0) return;
    if (effectiveFrom <= this.clock.today()) throw new DomainError('POLICY.BEGINS_IN_THE_PAST', 'refused', { earliest: addDays(this.clock.today(), 1) });
    await this.requireNoMeals(tx, others, effectiveFrom);
    for (const other of others) {
      const outlives = effectiveTo !== null && (other.effectiveTo === null || other.effectiveTo > effectiveTo);
      // Whatever would be left of it after the new version's end has no text of its own: the author says what holds then.
      if (outlives) throw new DomainError('POLICY.VERSIONS_OVERLAP', 'conflict', { effectiveFrom: other.effectiveFrom, effectiveTo: other.effectiveTo });
      if (other.effectiveFrom < effectiveFrom) await tx.query('UPDATE policy_version SET effective_to = ? WHERE id = ?', [effectiveFrom, other.id]);
      else await tx.query('UPDATE policy_version SET superseded_by = ? WHERE id = ?', [id, other.id]);
    }
  }

  private async requireNoMeals(tx: EntityManager, others: readonly Neighbour[], from: BusinessDay): Promise<void> {
    const sold = await tx.query<{ day: BusinessDay }[]>(
      'SELECT business_day AS day FROM meal WHERE business_day >= ? AND policy_version_id IN (?) LIMIT 1', [from, others.map((other) => other.id)],
    );
    if (sold[0] !== undefined) throw new DomainError('POLICY.DAYS_HAVE_MEALS', 'refused', { day: sold[0].day });
  }

  private async insertVersion(tx: EntityManager, draft: PolicyDraft, publisher: StaffIdentity): Promise<void> {
    const [author] = await tx.query<{ name: string }[]>('SELECT display_name AS name FROM staff WHERE id = ?', [draft.authorId]);
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO policy_version (id, street_id, name, jurisdiction, source_document, author, effective_from, effective_to, policy, is_demo,
         created_at, author_id, published_by, published_at)
       SELECT ?, s.id, ?, ?, ?, ?, ?, ?, ?, s.is_demo, ?, ?, ?, ? FROM street s WHERE s.id = ?`,
      [draft.id, draft.name, draft.jurisdiction, draft.sourceDocument, author?.name ?? '', draft.effectiveFrom, draft.effectiveTo,
        JSON.stringify(draft.rules), now, draft.authorId, publisher.staffId, now, draft.streetId],
    );
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, draft: PolicyDraft, note: string): Promise<void> {
    return this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'policy', objectId: draft.id, outcome: 'done',
      detail: { effectiveFrom: draft.effectiveFrom, revision: draft.revision, note },
    }, tx);
  }
}

function requireTests({ rules, testCases }: PolicyDraft): void {
  if (testCases.length === 0) throw new DomainError('POLICY.NO_TESTS', 'refused');
  const failing = testResults(policyForTrying(rules), testCases).findIndex((result) => !result.passed);
  if (failing >= 0) throw new DomainError('POLICY.TESTS_FAIL', 'refused', { case: failing + 1, name: testCases[failing]?.name ?? '' });
}

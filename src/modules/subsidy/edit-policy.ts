import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { policyFileSchema, type CreatePolicyRequest, type SavePolicyRequest } from '../../contract/policy-editor.js';
import { issueProblem, placeWords, problemWords } from '../../contract/policy.words.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { policyProblems } from '../../domain/subsidy/index.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PolicyDrafts, requireRevision, type PolicyDraft } from './policy-drafts.js';
import { PolicyScope } from './policy-scope.js';

/** Drafts of a policy: made, imported, saved and thrown away by their author alone. */
@Injectable()
export class EditPolicy {
  constructor(
    private readonly units: UnitOfWork, private readonly drafts: PolicyDrafts, private readonly scope: PolicyScope, private readonly audit: AuditTrail,
  ) {}

  /** @returns the new draft's id @throws DomainError POLICY.TIERS_OVERLAP, POLICY.TIERS_GAP, POLICY.INVALID; REQUEST.NOT_FOUND for a foreign model */
  async create(staff: StaffIdentity, request: CreatePolicyRequest, action: 'policy.created' | 'policy.imported' = 'policy.created'): Promise<string> {
    const { streetId } = await this.scope.streetOf(staff);
    return this.units.run(async (tx) => {
      if (request.basedOnId !== null && !await this.exists(tx, streetId, request.basedOnId)) return this.scope.refuse(staff, 'policy', request.basedOnId);
      const id = await this.drafts.create(tx, { ...request, streetId, authorId: staff.staffId });
      await this.record(tx, staff, action, id);
      return id;
    });
  }

  /**
   * Makes a draft of an exported file.
   *
   * @throws DomainError POLICY.IMPORT_REFUSED with the place, its row and the reason: nothing is guessed
   */
  async import(staff: StaffIdentity, text: string): Promise<string> {
    const { format: _format, ...content } = readFile(text);
    return this.create(staff, { ...content, basedOnId: null }, 'policy.imported');
  }

  /** @throws DomainError POLICY.NOT_YOURS, POLICY.NOT_A_DRAFT, POLICY.CHANGED_MEANWHILE and what create throws */
  async save(staff: StaffIdentity, policyId: string, request: SavePolicyRequest): Promise<void> {
    await this.units.run(async (tx) => {
      const draft = await this.ownDraft(tx, staff, policyId);
      requireRevision(draft, request.revision);
      await this.drafts.save(tx, policyId, request);
      await this.record(tx, staff, 'policy.saved', policyId);
    });
  }

  /** Only a draft that nobody proposed, and only one's own; its rehearsals go with it. */
  async remove(staff: StaffIdentity, policyId: string): Promise<void> {
    await this.units.run(async (tx) => {
      await this.ownDraft(tx, staff, policyId);
      await tx.query('DELETE FROM policy_run WHERE draft_id = ?', [policyId]);
      await tx.query('DELETE FROM policy_draft WHERE id = ?', [policyId]);
      await this.record(tx, staff, 'policy.deleted', policyId);
    });
  }

  private async ownDraft(tx: EntityManager, staff: StaffIdentity, policyId: string): Promise<PolicyDraft> {
    const { streetId } = await this.scope.streetOf(staff);
    const draft = await this.drafts.locked(tx, streetId, policyId);
    if (draft === null) {
      if (await this.exists(tx, streetId, policyId)) throw new DomainError('POLICY.NOT_A_DRAFT', 'conflict');
      return this.scope.refuse(staff, 'policy', policyId);
    }
    if (draft.state !== 'draft') throw new DomainError('POLICY.NOT_A_DRAFT', 'conflict');
    if (draft.authorId !== staff.staffId) throw new DomainError('POLICY.NOT_YOURS', 'refused');
    return draft;
  }

  private async exists(tx: EntityManager, streetId: string, id: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      'SELECT 1 FROM policy_version WHERE id = ? AND street_id = ? UNION ALL SELECT 1 FROM policy_draft WHERE id = ? AND street_id = ?', [id, streetId, id, streetId],
    );
    return rows.length > 0;
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, policyId: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'policy', objectId: policyId, outcome: 'done' }, tx);
  }
}

function readFile(text: string): ReturnType<typeof policyFileSchema.parse> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw importRefusal('', { zh: `不是完整的 JSON 文件（${(error as Error).message.slice(0, 80)}）`, en: 'not a whole JSON file' });
  }
  const file = policyFileSchema.safeParse(content);
  if (!file.success) {
    const { path, reason } = issueProblem(file.error.issues[0]);
    throw importRefusal(path, reason);
  }
  const [problem] = policyProblems(file.data.rules);
  if (problem !== undefined) throw importRefusal(`rules.${problem.path}`, problemWords(problem.code, problem.details));
  if (file.data.effectiveTo !== null && file.data.effectiveTo <= file.data.effectiveFrom) {
    throw importRefusal('effectiveTo', problemWords('POLICY.INVALID', { problem: 'ends-before-it-begins' }));
  }
  return file.data;
}

/** `row` counts from 1 within the list that `path` names; 0 where the place is in no list. */
function importRefusal(path: string, reason: { zh: string; en: string }): DomainError {
  const place = placeWords(path.replace(/^rules\./, ''));
  const index = path.split('.').filter((part) => /^\d+$/.test(part)).map(Number).at(-1);
  return new DomainError('POLICY.IMPORT_REFUSED', 'invalid', {
    path, row: index === undefined ? 0 : index + 1, placeZh: place.zh, placeEn: place.en, reasonZh: reason.zh, reasonEn: reason.en,
  });
}

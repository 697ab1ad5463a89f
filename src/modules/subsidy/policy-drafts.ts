import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { policyTestCaseSchema, type PolicyTestCase } from '../../contract/policy-editor.js';
import { policyRulesSchema } from '../../contract/policy.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { definePolicy, type PolicyRules } from '../../domain/subsidy/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { canonicalJson, sha256Hex } from '../../infra/crypto/digest.js';
import { parseJson } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';

/** A policy that is being written, or was until it was published under the same id. */
export interface PolicyDraft {
  readonly id: string;
  readonly streetId: string;
  readonly state: 'draft' | 'proposed' | 'published';
  readonly revision: number;
  readonly name: string;
  readonly jurisdiction: string;
  readonly sourceDocument: string;
  readonly basedOnId: string | null;
  readonly effectiveFrom: BusinessDay;
  readonly effectiveTo: BusinessDay | null;
  readonly rules: PolicyRules;
  readonly testCases: PolicyTestCase[];
  readonly note: string;
  readonly authorId: string;
}

export type PolicyContent = Pick<PolicyDraft, 'name' | 'jurisdiction' | 'sourceDocument' | 'rules' | 'testCases'> & { effectiveFrom: string; effectiveTo: string | null };

type Row = Omit<PolicyDraft, 'rules' | 'testCases'> & { rules: unknown; testCases: unknown };

const COLUMNS = `id, street_id AS streetId, state, revision, name, jurisdiction, source_document AS sourceDocument, based_on_id AS basedOnId,
  effective_from AS effectiveFrom, effective_to AS effectiveTo, policy AS rules, test_cases AS testCases, note, author_id AS authorId`;

/** Tells rules from rules, whatever the order of their keys. */
export function rulesHashOf(rules: PolicyRules): string {
  return sha256Hex(canonicalJson(rules));
}

/** Drafts of policies. A save names the revision it was made from, so that no two people overwrite each other. */
@Injectable()
export class PolicyDrafts {
  constructor(private readonly clock: Clock) {}

  async find(tx: EntityManager, streetId: string, id: string): Promise<PolicyDraft | null> {
    const [row] = await tx.query<Row[]>(`SELECT ${COLUMNS} FROM policy_draft WHERE id = ? AND street_id = ?`, [id, streetId]);
    return row === undefined ? null : toDraft(row);
  }

  /** The draft, its row locked until the transaction ends; null where the street has none. */
  async locked(tx: EntityManager, streetId: string, id: string): Promise<PolicyDraft | null> {
    const [row] = await tx.query<Row[]>(`SELECT ${COLUMNS} FROM policy_draft WHERE id = ? AND street_id = ? FOR UPDATE`, [id, streetId]);
    return row === undefined ? null : toDraft(row);
  }

  /** @throws DomainError as definePolicy does: what cannot price is not kept */
  async create(tx: EntityManager, draft: PolicyContent & { streetId: string; authorId: string; basedOnId: string | null }): Promise<string> {
    const id = newId();
    requirePricing(id, draft);
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO policy_draft (id, street_id, state, revision, name, jurisdiction, source_document, based_on_id, effective_from, effective_to,
         policy, test_cases, author_id, created_at, updated_at) VALUES (?, ?, 'draft', 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, draft.streetId, draft.name, draft.jurisdiction, draft.sourceDocument, draft.basedOnId, draft.effectiveFrom, draft.effectiveTo,
        JSON.stringify(draft.rules), JSON.stringify(draft.testCases), draft.authorId, now, now],
    );
    return id;
  }

  /** @throws DomainError as definePolicy does */
  async save(tx: EntityManager, id: string, content: PolicyContent): Promise<void> {
    requirePricing(id, content);
    await tx.query(
      `UPDATE policy_draft SET revision = revision + 1, name = ?, jurisdiction = ?, source_document = ?, effective_from = ?, effective_to = ?,
         policy = ?, test_cases = ?, updated_at = ? WHERE id = ?`,
      [content.name, content.jurisdiction, content.sourceDocument, content.effectiveFrom, content.effectiveTo, JSON.stringify(content.rules),
        JSON.stringify(content.testCases), this.clock.now(), id],
    );
  }

  async move(tx: EntityManager, id: string, state: PolicyDraft['state'], note: string): Promise<void> {
    await tx.query('UPDATE policy_draft SET state = ?, note = ?, revision = revision + 1, updated_at = ? WHERE id = ?', [state, note, this.clock.now(), id]);
  }
}

function requirePricing(id: string, { effectiveFrom, effectiveTo, rules }: PolicyContent): void {
  definePolicy({ versionId: id, effectiveFrom: effectiveFrom as BusinessDay, effectiveTo: effectiveTo as BusinessDay | null, rules });
}

/** @throws DomainError POLICY.CHANGED_MEANWHILE unless the reader saw the newest revision */
export function requireRevision(draft: PolicyDraft, revision: number): void {
  if (draft.revision !== revision) throw new DomainError('POLICY.CHANGED_MEANWHILE', 'conflict', { revision: draft.revision });
}

function toDraft(row: Row): PolicyDraft {
  return {
    ...row, revision: Number(row.revision), rules: policyRulesSchema.parse(parseJson(row.rules)),
    testCases: policyTestCaseSchema.array().parse(parseJson(row.testCases)),
  };
}

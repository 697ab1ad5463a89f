import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { policyTestCaseSchema, type PolicyDetailAnswer, type PolicyListAnswer, type PolicyRow } from '../../contract/policy-editor.js';
import { policyRulesSchema } from '../../contract/policy.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { rulesHashOf } from './policy-drafts.js';
import { PolicyRuns } from './policy-runs.query.js';
import { PolicyScope } from './policy-scope.js';
import { tryPolicy } from './try-policy.js';

interface Row {
  policyId: string; state: PolicyRow['state']; name: string; jurisdiction: string; sourceDocument: string; authorId: string | null; authorName: string | null;
  publisherName: string | null; effectiveFrom: BusinessDay; effectiveTo: BusinessDay | null; changedAt: Date; supersededBy: string | null;
  basedOnId: string | null; revision: number; note: string; rules: unknown; testCases: unknown;
}

/** Published versions and what is still being written, in one shape; a draft that was published appears once. */
const POLICIES = `SELECT v.id AS policyId, 'published' AS state, v.street_id AS streetId, v.name, v.jurisdiction, v.source_document AS sourceDocument,
    v.author_id AS authorId, v.author AS authorName, p.display_name AS publisherName, v.effective_from AS effectiveFrom, v.effective_to AS effectiveTo,
    COALESCE(v.published_at, v.created_at) AS changedAt, v.superseded_by AS supersededBy, d.based_on_id AS basedOnId, COALESCE(d.revision, 1) AS revision,
    COALESCE(d.note, '') AS note, v.policy AS rules, d.test_cases AS testCases
  FROM policy_version v LEFT JOIN policy_draft d ON d.id = v.id LEFT JOIN staff p ON p.id = v.published_by
  UNION ALL
  SELECT d.id, d.state, d.street_id, d.name, d.jurisdiction, d.source_document, d.author_id, a.display_name, NULL, d.effective_from, d.effective_to,
    d.updated_at, NULL, d.based_on_id, d.revision, d.note, d.policy, d.test_cases
  FROM policy_draft d LEFT JOIN staff a ON a.id = d.author_id WHERE d.state <> 'published'`;

const WRITERS = ['street', 'finance'];

/** The policies of a street: the list, and one with everything that speaks for or against it. */
@Injectable()
export class Policies {
  constructor(private readonly dataSource: DataSource, private readonly scope: PolicyScope, private readonly runs: PolicyRuns, private readonly clock: Clock) {}

  async list(staff: StaffIdentity): Promise<PolicyListAnswer> {
    const { streetId } = await this.scope.streetOf(staff);
    const rows = await this.dataSource.query<Row[]>(`SELECT * FROM (${POLICIES}) p WHERE p.streetId = ? ORDER BY p.effectiveFrom DESC, p.changedAt DESC`, [streetId]);
    return { rows: rows.map((row) => this.rowOf(row, staff)), today: this.clock.today(), mayWrite: WRITERS.includes(staff.role) };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a policy of another street, which is audited */
  async detail(staff: StaffIdentity, policyId: string): Promise<PolicyDetailAnswer> {
    const { streetId, area } = await this.scope.streetOf(staff);
    const [row] = await this.dataSource.query<Row[]>(`SELECT * FROM (${POLICIES}) p WHERE p.policyId = ? AND p.streetId = ?`, [policyId, streetId]);
    if (row === undefined) return this.scope.refuse(staff, 'policy', policyId);
    const rules = policyRulesSchema.parse(parseJson(row.rules));
    const testCases = row.testCases === null ? [] : policyTestCaseSchema.array().parse(parseJson(row.testCases));
    const writes = WRITERS.includes(staff.role);
    const isMine = row.authorId === staff.staffId;
    return {
      ...this.rowOf(row, staff), rules, testCases, revision: Number(row.revision), note: row.note, streetArea: area,
      before: await this.before(streetId, row), check: tryPolicy(rules, testCases, 1_500, { area, today: this.clock.today() }),
      rehearsal: await this.runs.rehearsalOf(policyId, rulesHashOf(rules)), audit: await this.audit(policyId),
      may: {
        edit: writes && isMine && row.state === 'draft', remove: writes && isMine && row.state === 'draft', propose: writes && isMine && row.state === 'draft',
        takeBack: writes && row.state === 'proposed', publish: writes && !isMine && row.state === 'proposed',
      },
    };
  }

  private rowOf(row: Row, staff: StaffIdentity): PolicyRow {
    return {
      policyId: row.policyId, state: row.state, phase: this.phaseOf(row), name: row.name, jurisdiction: row.jurisdiction, sourceDocument: row.sourceDocument,
      authorName: row.authorName ?? '', publisherName: row.publisherName, effectiveFrom: row.effectiveFrom, effectiveTo: row.effectiveTo,
      changedAt: row.changedAt.toISOString(), isMine: row.authorId === staff.staffId,
    };
  }

  private phaseOf({ state, supersededBy, effectiveFrom, effectiveTo }: Row): PolicyRow['phase'] {
    const today = this.clock.today();
    if (state !== 'published') return null;
    if (supersededBy !== null) return 'superseded';
    if (effectiveFrom > today) return 'future';
    return effectiveTo !== null && effectiveTo <= today ? 'past' : 'current';
  }

  private async before(streetId: string, row: Row): Promise<PolicyDetailAnswer['before']> {
    const dayBefore = addDays(row.effectiveFrom, -1);
    const rows = await this.dataSource.query<{ policyId: string; name: string; effectiveFrom: BusinessDay; effectiveTo: BusinessDay | null; rules: unknown }[]>(
      `SELECT id AS policyId, name, effective_from AS effectiveFrom, effective_to AS effectiveTo, policy AS rules FROM policy_version
       WHERE street_id = ? AND id <> ? AND superseded_by IS NULL AND effective_from <= ? AND (effective_to IS NULL OR effective_to > ?) LIMIT 1`,
      [streetId, row.policyId, dayBefore, dayBefore],
    );
    const [before] = rows;
    return before === undefined ? null : { ...before, rules: policyRulesSchema.parse(parseJson(before.rules)) };
  }

  private async audit(policyId: string): Promise<PolicyDetailAnswer['audit']> {
    const rows = await this.dataSource.query<{ at: Date; actorName: string | null; action: string; note: string | null }[]>(
      `SELECT a.at, s.display_name AS actorName, a.action, JSON_UNQUOTE(JSON_EXTRACT(a.detail, '$.note')) AS note
       FROM audit_line a LEFT JOIN staff s ON s.id = a.actor_id WHERE a.object_kind = 'policy' AND a.object_id = ? AND a.outcome = 'done' ORDER BY a.id`,
      [policyId],
    );
    return rows.map((row) => ({ at: row.at.toISOString(), actorName: row.actorName ?? '', action: row.action, note: row.note ?? '' }));
  }
}

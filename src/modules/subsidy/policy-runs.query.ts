import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PolicyRunAnswer, RehearsalSummary, RehearsedPersonAnswer, ReplaySummary } from '../../contract/policy-editor.js';
import { policyRulesSchema } from '../../contract/policy.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import type { PersonDifference } from '../../domain/pricing/index.js';
import { parseJson } from '../../infra/database/columns.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { rulesHashOf } from './policy-drafts.js';
import { PolicyScope } from './policy-scope.js';
import { RehearseMonth, type StoredRehearsal } from './rehearse-month.js';

interface RunRow {
  policyRunId: string; kind: 'rehearsal' | 'replay'; policyId: string | null; month: string; state: PolicyRunAnswer['state'];
  mealsTotal: number; mealsDone: number; requestedByName: string | null; requestedAt: Date; finishedAt: Date | null;
  rulesHash: string | null; draftRules: unknown; summary: unknown;
}

interface PersonRow { id: string; personCode: string; name: string; sex: Sex }

const RUN_SQL = `SELECT r.id AS policyRunId, r.kind, r.draft_id AS policyId, r.month, r.state, r.meals_total AS mealsTotal, r.meals_done AS mealsDone,
    s.display_name AS requestedByName, r.requested_at AS requestedAt, r.finished_at AS finishedAt,
    r.rules_hash AS rulesHash, d.policy AS draftRules, r.summary
  FROM policy_run r LEFT JOIN staff s ON s.id = r.requested_by LEFT JOIN policy_draft d ON d.id = r.draft_id`;

/** Rehearsals and replays of a street, with the names of the people they list. */
@Injectable()
export class PolicyRuns {
  constructor(private readonly dataSource: DataSource, private readonly scope: PolicyScope, private readonly rehearse: RehearseMonth) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a run of another street, which is audited */
  async run(staff: StaffIdentity, policyRunId: string): Promise<PolicyRunAnswer> {
    const { streetId } = await this.scope.streetOf(staff);
    const [row] = await this.dataSource.query<RunRow[]>(`${RUN_SQL} WHERE r.id = ? AND r.street_id = ?`, [policyRunId, streetId]);
    return row === undefined ? this.scope.refuse(staff, 'policy-run', policyRunId) : this.answer(row);
  }

  /** The newest replays first. */
  async replays(staff: StaffIdentity): Promise<PolicyRunAnswer[]> {
    const { streetId } = await this.scope.streetOf(staff);
    const rows = await this.dataSource.query<RunRow[]>(`${RUN_SQL} WHERE r.street_id = ? AND r.kind = 'replay' ORDER BY r.requested_at DESC, r.id DESC LIMIT 12`, [streetId]);
    return Promise.all(rows.map((row) => this.answer(row)));
  }

  /** The newest finished rehearsal of exactly these rules. */
  async rehearsalOf(policyId: string, rulesHash: string): Promise<PolicyRunAnswer | null> {
    const [row] = await this.dataSource.query<RunRow[]>(
      `${RUN_SQL} WHERE r.draft_id = ? AND r.kind = 'rehearsal' AND r.state = 'done' AND r.rules_hash = ? ORDER BY r.requested_at DESC, r.id DESC LIMIT 1`,
      [policyId, rulesHash],
    );
    return row === undefined ? null : this.answer(row);
  }

  /** What a person paid in the rehearsed month, meal by meal, and would have paid. */
  async person(staff: StaffIdentity, policyRunId: string, personCode: string): Promise<RehearsedPersonAnswer> {
    const { streetId } = await this.scope.streetOf(staff);
    const [run] = await this.dataSource.query<{ month: string; rules: unknown }[]>(
      "SELECT month, rules FROM policy_run WHERE id = ? AND street_id = ? AND kind = 'rehearsal'", [policyRunId, streetId],
    );
    if (run === undefined) return this.scope.refuse(staff, 'policy-run', policyRunId);
    const [person] = await this.dataSource.query<PersonRow[]>(
      'SELECT id, person_code AS personCode, name, sex FROM senior WHERE person_code = ? AND street_id = ?', [personCode, streetId],
    );
    if (person === undefined) return this.scope.refuse(staff, 'senior', personCode);
    const meals = await this.rehearse.person(streetId, run.month, policyRulesSchema.parse(parseJson(run.rules)), person.id);
    return { personCode, maskedName: maskName(person.name, person.sex), meals };
  }

  private async answer({ summary, rulesHash, draftRules, ...row }: RunRow): Promise<PolicyRunAnswer> {
    const stored = summary === null ? null : parseJson<StoredRehearsal | ReplaySummary>(summary);
    return {
      ...row, mealsTotal: Number(row.mealsTotal), mealsDone: Number(row.mealsDone), requestedByName: row.requestedByName ?? '',
      requestedAt: row.requestedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null, isOutdated: rulesHash !== null && draftRules !== null && rulesHashOf(policyRulesSchema.parse(parseJson(draftRules))) !== rulesHash,
      rehearsal: row.kind === 'rehearsal' && stored !== null ? await this.withNames(stored as StoredRehearsal) : null,
      replay: row.kind === 'replay' && stored !== null ? stored as ReplaySummary : null,
    };
  }

  private async withNames(stored: StoredRehearsal): Promise<RehearsalSummary> {
    const ids = [...stored.topGain, ...stored.topLose].map((one) => one.seniorId);
    const people = ids.length === 0 ? [] : await this.dataSource.query<PersonRow[]>('SELECT id, person_code AS personCode, name, sex FROM senior WHERE id IN (?)', [ids]);
    const byId = new Map(people.map((person) => [person.id, person]));
    const named = (list: readonly PersonDifference[]): RehearsalSummary['topGain'] => list.flatMap(({ seniorId, meals, diffFen }) => {
      const person = byId.get(seniorId);
      return person === undefined ? [] : [{ personCode: person.personCode, maskedName: maskName(person.name, person.sex), meals, diffFen }];
    });
    return { ...stored, topGain: named(stored.topGain), topLose: named(stored.topLose) };
  }
}

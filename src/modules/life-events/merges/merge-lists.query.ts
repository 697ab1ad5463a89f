import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DuplicatesAnswer, MergeRow, MergesAnswer } from '../../../contract/life-events.js';
import { maskIdNumber } from '../../../domain/persons/index.js';
import { Keyring } from '../../../infra/crypto/keyring.js';
import type { Actor } from '../../../infra/http/actor.js';
import { scopeFilter } from '../../../infra/http/scope-filter.js';
import { SENIOR_SCOPE } from '../../seniors/index.js';

type Half = DuplicatesAnswer['rows'][number]['a'];
interface HalfRow extends Omit<Half, 'idNumberMasked'> { sealed: string }
interface CaseRow extends Omit<MergeRow, 'from' | 'into' | 'proposedAt' | 'mayDecide' | 'mayAskUndo' | 'mayDecideUndo'> {
  seniorId: string; intoId: string; proposedBy: string; undoBy: string | null; proposedAt: Date; recorded: number;
}

/** Records that look like one person, and what was proposed and decided about them. */
@Injectable()
export class MergeLists {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring) {}

  /** Pairs of active records with the same birth date and the same name or phone. */
  async duplicates(actor: Actor): Promise<DuplicatesAnswer> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const pairs = await this.dataSource.query<{ why: 'name-and-birth' | 'phone-and-birth'; a: string; b: string }[]>(
      `SELECT IF(s.name = t.name, 'name-and-birth', 'phone-and-birth') AS why, s.id AS a, t.id AS b
       FROM senior s JOIN senior t ON t.street_id = s.street_id AND t.birth_date = s.birth_date AND t.id > s.id AND (t.name = s.name OR t.phone_hash = s.phone_hash)
       WHERE s.status IN ('active', 'suspended') AND t.status IN ('active', 'suspended') AND ${scope.sql} ORDER BY s.name, s.id LIMIT 200`, [...scope.params],
    );
    const halves = await this.halvesOf([...new Set(pairs.flatMap(({ a, b }) => [a, b]))]);
    const rows = pairs.flatMap(({ why, a, b }) => {
      const [one, other] = [halves.get(a), halves.get(b)];
      return one === undefined || other === undefined ? [] : [{ why, a: one, b: other }];
    });
    return { rows, total: rows.length };
  }

  async merges(actor: Actor): Promise<MergesAnswer> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const cases = await this.dataSource.query<CaseRow[]>(
      `SELECT c.id, c.state, c.senior_id AS seniorId, c.into_senior_id AS intoId, c.evidence, c.proposed_by AS proposedBy, p.display_name AS proposedByName,
              c.proposed_at AS proposedAt, d.display_name AS decidedByName, c.decision_note AS decisionNote, c.undo_reason AS undoReason, c.undo_by AS undoBy,
              u.display_name AS undoByName, c.before_state IS NOT NULL AS recorded
       FROM person_merge_case c JOIN senior s ON s.id = c.senior_id LEFT JOIN staff p ON p.id = c.proposed_by LEFT JOIN staff d ON d.id = c.decided_by
       LEFT JOIN staff u ON u.id = c.undo_by
       WHERE ${scope.sql} ORDER BY c.state IN ('proposed', 'undo-asked') DESC, c.proposed_at DESC, c.id LIMIT 200`, [...scope.params],
    );
    const halves = await this.halvesOf([...new Set(cases.flatMap(({ seniorId, intoId }) => [seniorId, intoId]))]);
    const rows = cases.flatMap((row) => rowOf(row, halves, actor));
    return { rows, total: rows.length };
  }

  private async halvesOf(ids: readonly string[]): Promise<Map<string, Half>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<HalfRow[]>(
      `SELECT s.id, s.name, s.birth_date AS birthDate, p.name AS pointName, s.id_number_cipher AS sealed,
         (SELECT COUNT(*) FROM meal m WHERE m.senior_id = s.id) AS meals FROM senior s JOIN point p ON p.id = s.point_id WHERE s.id IN (?)`, [ids],
    );
    return new Map(rows.map(({ sealed, meals, ...row }) => [row.id, { ...row, meals: Number(meals), idNumberMasked: maskIdNumber(this.keyring.open('identity', sealed)) }]));
  }
}

function rowOf({ seniorId, intoId, proposedBy, undoBy, proposedAt, recorded, ...row }: CaseRow, halves: ReadonlyMap<string, Half>, { staff }: Actor): MergeRow[] {
  const [from, into] = [halves.get(seniorId), halves.get(intoId)];
  if (from === undefined || into === undefined) return [];
  const street = staff.role === 'street';
  return [{
    ...row, from, into, proposedByName: row.proposedByName ?? '', proposedAt: proposedAt.toISOString(),
    mayDecide: street && row.state === 'proposed' && proposedBy !== staff.staffId, mayAskUndo: street && row.state === 'merged' && Number(recorded) === 1,
    mayDecideUndo: street && row.state === 'undo-asked' && undoBy !== staff.staffId,
  }];
}

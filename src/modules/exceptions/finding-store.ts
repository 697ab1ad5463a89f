import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EXCEPTION_KINDS, mergeFindings, type Evidence, type Finding, type ReasonFacts } from '../../domain/exceptions/index.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows, parseJson } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';

/** Days until a finding is due: those that break a rule by themselves sooner than those that rest on a share (proposal, the street confirms). */
const DUE_DAYS = { certain: 7, likely: 14 } as const;
const CERTAIN_WEIGHT = 80;
const EVIDENCE_BATCH = 200;

interface StoredRow { id: string; state: string; score: number; facts: unknown; pointId: string | null; operatorId: string | null; seniorId: string | null; staffId: string | null }

/**
 * Findings by their business identity: the same matter found again adds nothing, with new rows it is extended, and one
 * that was explained opens again, because the explanation did not know them.
 */
@Injectable()
export class FindingStore {
  constructor(private readonly clock: Clock) {}

  /** @returns how many findings are new and how many got new rows */
  async save(tx: EntityManager, streetId: string, findings: readonly Finding[]): Promise<{ added: number; extended: number }> {
    let added = 0;
    let extended = 0;
    for (const finding of findings) {
      const id = newId();
      if (await this.insert(tx, id, streetId, finding)) added += 1;
      else if (await this.extend(tx, streetId, finding)) extended += 1;
    }
    return { added, extended };
  }

  private async insert(tx: EntityManager, id: string, streetId: string, finding: Finding): Promise<boolean> {
    const now = this.clock.now();
    const dueDays = EXCEPTION_KINDS[finding.kind].weight >= CERTAIN_WEIGHT ? DUE_DAYS.certain : DUE_DAYS.likely;
    const inserted: unknown = await tx.query(
      `INSERT IGNORE INTO exception_finding (id, street_id, kind, identity, point_id, operator_id, senior_id, staff_id, first_day, last_day, score, amount_fen, facts,
         reason_zh, reason_en, state, due_day, found_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)`,
      [id, streetId, finding.kind, finding.identity, finding.pointId, finding.operatorId, finding.seniorId, finding.staffId, finding.firstDay, finding.lastDay,
        finding.score, finding.amountFen, JSON.stringify(finding.facts), finding.reason.zh, finding.reason.en, addDays(this.clock.today(), dueDays), now, now],
    );
    if (affectedRows(inserted) !== 1) return false;
    await this.addEvidence(tx, id, finding.evidence);
    await this.note(tx, id, 'found', null, 'open', finding.evidence.length);
    return true;
  }

  private async extend(tx: EntityManager, streetId: string, finding: Finding): Promise<boolean> {
    const [stored] = await tx.query<StoredRow[]>(
      `SELECT id, state, score, facts, point_id AS pointId, operator_id AS operatorId, senior_id AS seniorId, staff_id AS staffId
       FROM exception_finding WHERE street_id = ? AND identity = ? FOR UPDATE`,
      [streetId, finding.identity],
    );
    if (stored === undefined) return false;
    const known = await this.evidenceOf(tx, stored.id);
    const names = new Set(known.map(nameOf));
    const fresh = finding.evidence.filter((row) => !names.has(nameOf(row)));
    if (fresh.length === 0) return false;
    const merged = mergeFindings({ ...finding, ...stored, facts: parseJson<ReasonFacts>(stored.facts), evidence: known }, finding);
    const state = stored.state === 'explained' ? 'open' : stored.state;
    await tx.query(
      `UPDATE exception_finding SET first_day = ?, last_day = ?, score = ?, amount_fen = ?, facts = ?, reason_zh = ?, reason_en = ?, state = ?,
         closed_by = IF(? = 'open', NULL, closed_by), closed_at = IF(? = 'open', NULL, closed_at), changed_at = ? WHERE id = ?`,
      [merged.firstDay, merged.lastDay, merged.score, merged.amountFen, JSON.stringify(merged.facts), merged.reason.zh, merged.reason.en, state, state, state,
        this.clock.now(), stored.id],
    );
    await this.addEvidence(tx, stored.id, fresh);
    await this.note(tx, stored.id, state === stored.state ? 'extended' : 'reopened', stored.state, state, fresh.length);
    return true;
  }

  private async evidenceOf(tx: EntityManager, findingId: string): Promise<Evidence[]> {
    const rows = await tx.query<{ kind: Evidence['kind']; id: string; day: BusinessDay; at: Date | null; amountFen: string | number }[]>(
      'SELECT ref_kind AS kind, ref_id AS id, business_day AS day, at, amount_fen AS amountFen FROM exception_evidence WHERE finding_id = ?', [findingId],
    );
    return rows.map(({ at, amountFen, ...row }) => ({ ...row, atMs: at?.getTime() ?? null, amountFen: Number(amountFen) }));
  }

  private async addEvidence(tx: EntityManager, findingId: string, rows: readonly Evidence[]): Promise<void> {
    const now = this.clock.now();
    for (let start = 0; start < rows.length; start += EVIDENCE_BATCH) {
      await tx.query('INSERT INTO exception_evidence (finding_id, ref_kind, ref_id, business_day, at, amount_fen, added_at) VALUES ?', [
        rows.slice(start, start + EVIDENCE_BATCH).map((row) => [findingId, row.kind, row.id, row.day, row.atMs === null ? null : new Date(row.atMs), row.amountFen, now]),
      ]);
    }
  }

  private async note(tx: EntityManager, findingId: string, act: string, from: string | null, to: string, evidenceRows: number): Promise<void> {
    await tx.query(
      'INSERT INTO exception_history (finding_id, at, act, from_state, to_state, evidence_rows) VALUES (?, ?, ?, ?, ?, ?)',
      [findingId, this.clock.now(), act, from, to, evidenceRows],
    );
  }
}

function nameOf(row: Evidence): string {
  return `${row.kind} ${row.id}`;
}


import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ExceptionAnswer, ExceptionEvidence } from '../../contract/exceptions.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { Sex } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { ClawBackLists } from './claw-back-list.query.js';
import { WORKING_ROLES } from './finding-list.query.js';
import { FINDING_SQL, FINDING_TABLES, findingRow, maskedName, type FindingSqlRow } from './finding-rows.js';
import { FindingScope } from './finding-scope.js';

/** A page shows so many rows; the rest are in the file of meals. */
const MOST_EVIDENCE = 500;

type HeadRow = FindingSqlRow & { note: string; closedByName: string | null; closedAt: Date | null; ownerId: string | null };
type EvidenceRow = Omit<ExceptionEvidence, 'at' | 'amountFen' | 'reversed' | 'dinerName'> & { at: Date | null; amountFen: string | number; reversed: number; name: string | null; sex: Sex | null };
type HistoryRow = Omit<ExceptionAnswer['history'][number], 'at' | 'dueDay'> & { at: Date; dueDay: BusinessDay | null };

/** One finding with its rows in the order of time, its history, and what is asked to be taken back. */
@Injectable()
export class FindingDetails {
  constructor(private readonly dataSource: DataSource, private readonly scope: FindingScope, private readonly clawBacks: ClawBackLists, private readonly clock: Clock) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async read(findingId: string, staff: StaffIdentity): Promise<ExceptionAnswer> {
    const condition = await this.scope.conditionOf(staff);
    const [head] = await this.dataSource.query<HeadRow[]>(
      `${FINDING_SQL}, f.note, f.owner_id AS ownerId, f.closed_at AS closedAt, x.display_name AS closedByName ${FINDING_TABLES} LEFT JOIN staff x ON x.id = f.closed_by
       WHERE f.id = ? AND ${condition.text}`,
      [findingId, ...condition.params],
    );
    if (head === undefined) return this.scope.refuse(staff, 'exception', findingId);
    const { note, closedAt, closedByName, ownerId, ...row } = head;
    return {
      ...findingRow(row, this.clock.today()), note, closedByName, ownerId, closedAt: closedAt?.toISOString() ?? null, evidence: await this.evidence(findingId),
      history: await this.history(findingId), clawBacks: await this.clawBacks.ofFinding(findingId), mayWork: WORKING_ROLES.some((role) => role === staff.role),
    };
  }

  private async evidence(findingId: string): Promise<ExceptionEvidence[]> {
    const rows = await this.dataSource.query<EvidenceRow[]>(
      `SELECT e.ref_kind AS kind, e.ref_id AS refId, e.business_day AS day, e.at, e.amount_fen AS amountFen,
              COALESCE(p.name, q.name) AS pointName, m.channel, m.identified_by AS identifiedBy, w.display_name AS staffName, s.name, s.sex, r.meal_id IS NOT NULL AS reversed
       FROM exception_evidence e
       LEFT JOIN meal m ON e.ref_kind = 'meal' AND m.id = e.ref_id LEFT JOIN meal_reversal r ON r.meal_id = m.id LEFT JOIN point p ON p.id = m.point_id
       LEFT JOIN route_stop t ON e.ref_kind = 'stop' AND t.id = e.ref_id LEFT JOIN meal_order o ON o.id = t.meal_order_id LEFT JOIN point q ON q.id = o.point_id
       LEFT JOIN senior s ON s.id = COALESCE(m.senior_id, t.senior_id) LEFT JOIN staff w ON w.id = COALESCE(m.staff_id, t.result_by)
       WHERE e.finding_id = ? ORDER BY e.business_day, e.at, e.ref_kind, e.ref_id LIMIT ?`,
      [findingId, MOST_EVIDENCE],
    );
    return rows.map(({ name, sex, ...row }) => ({
      ...row, at: row.at?.toISOString() ?? null, amountFen: Number(row.amountFen), reversed: Number(row.reversed) === 1, dinerName: maskedName(name, sex),
    }));
  }

  private async history(findingId: string): Promise<ExceptionAnswer['history']> {
    const rows = await this.dataSource.query<HistoryRow[]>(
      `SELECT h.at, a.display_name AS actorName, h.act, h.from_state AS fromState, h.to_state AS toState, b.display_name AS ownerName, h.due_day AS dueDay,
              h.evidence_rows AS evidenceRows, h.note
       FROM exception_history h LEFT JOIN staff a ON a.id = h.actor_id LEFT JOIN staff b ON b.id = h.owner_id WHERE h.finding_id = ? ORDER BY h.id`,
      [findingId],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }
}

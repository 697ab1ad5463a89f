import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AdvanceRow, AdvancesAnswer, DecideAdvanceRequest, RequestAdvanceRequest } from '../../contract/contractor.js';
import { advanceLimitFen } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { fen, sumFen } from '../../domain/kernel/money.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { ClosingSettingsBook } from './closing-settings-book.js';
import { OperatorScope, type ScopedOperator } from './operator-scope.js';

interface FreeDay { pointId: string; day: BusinessDay; subsidyFen: number; streetId: string }
type Row = Omit<AdvanceRow, 'askedAt'> & { askedAt: Date };

const SQL = `SELECT a.id, a.operator_id AS operatorId, o.name AS operatorName, a.first_day AS firstDay, a.last_day AS lastDay,
    (SELECT COUNT(*) FROM advance_day d WHERE d.advance_id = a.id) AS days, a.base_fen AS baseFen, a.share_percent AS sharePercent, a.amount_fen AS amountFen,
    a.reason, a.state, s.display_name AS askedBy, a.asked_at AS askedAt, f.display_name AS firstBy, g.display_name AS secondBy, a.refusal, a.deducted_in AS deductedIn
  FROM advance_request a JOIN operator o ON o.id = a.operator_id LEFT JOIN staff s ON s.id = a.asked_by LEFT JOIN staff f ON f.id = a.first_by
  LEFT JOIN staff g ON g.id = a.second_by`;

/** Money before the month's claim: asked for on closed days, up to the street's share, approved by two, deducted from the claim. */
@Injectable()
export class Advances {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly idempotency: Idempotency, private readonly scope: OperatorScope,
    private readonly settings: ClosingSettingsBook, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async list(operators: readonly ScopedOperator[]): Promise<AdvancesAnswer> {
    if (operators.length === 0) return { rows: [], open: [] };
    const rows = await this.dataSource.query<Row[]>(`${SQL} WHERE a.operator_id IN (?) ORDER BY a.asked_at DESC LIMIT 100`, [operators.map(({ id }) => id)]);
    const open: AdvancesAnswer['open'][number][] = [];
    for (const operator of operators) {
      const days = await this.freeDays(this.dataSource.manager, operator.id);
      const [first] = days;
      if (first === undefined) continue;
      const sharePercent = await this.shareOf(first.streetId, this.dataSource.manager);
      const baseFen = sumFen(days.map(({ subsidyFen }) => subsidyFen));
      open.push({
        operatorId: operator.id, operatorName: operator.name, days: days.length, firstDay: first.day, lastDay: days.at(-1)?.day ?? first.day, baseFen, sharePercent,
        mostFen: advanceLimitFen(baseFen, sharePercent),
      });
    }
    return { rows: rows.map(rowOf), open };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for another operator, ADVANCE.NO_DAYS, ADVANCE.TOO_MUCH */
  async ask(request: RequestAdvanceRequest, staff: StaffIdentity, key: string): Promise<AdvanceRow> {
    const operator = await this.scope.one(staff, request.operatorId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { advance: operator.id, ...request } };
    const { answer } = await this.idempotency.run(run, (tx) => this.askWithin(tx, operator, request, staff));
    return this.one(this.dataSource.manager, answer.advanceId);
  }

  private async askWithin(tx: EntityManager, operator: ScopedOperator, request: RequestAdvanceRequest, staff: StaffIdentity): Promise<{ advanceId: string }> {
    const days = await this.freeDays(tx, operator.id);
    const [first] = days;
    if (first === undefined) throw new DomainError('ADVANCE.NO_DAYS', 'refused');
    const sharePercent = await this.shareOf(first.streetId, tx);
    const baseFen = sumFen(days.map(({ subsidyFen }) => subsidyFen));
    const mostFen = advanceLimitFen(baseFen, sharePercent);
    if (request.amountFen > mostFen) throw new DomainError('ADVANCE.TOO_MUCH', 'refused', { mostFen });
    const advanceId = newId();
    await tx.query(
      `INSERT INTO advance_request (id, operator_id, street_id, first_day, last_day, base_fen, share_percent, amount_fen, reason, state, asked_by, asked_at) VALUES (?)`,
      [[
        advanceId, operator.id, first.streetId, first.day, days.at(-1)?.day, baseFen, sharePercent, request.amountFen, request.reason, 'asked', staff.staffId, this.clock.now(),
      ]],
    );
    try {
      await tx.query('INSERT INTO advance_day (advance_id, point_id, business_day, subsidy_fen, active) VALUES ?',
        [days.map(({ pointId, day, subsidyFen }) => [advanceId, pointId, day, subsidyFen, 1])]);
    } catch (error) {
      // Another request took the same days a moment ago.
      if (isDuplicateKey(error, 'uq_advance_day')) throw new DomainError('ADVANCE.NO_DAYS', 'refused');
      throw error;
    }
    await this.record(tx, staff, 'advance.asked', advanceId, request.amountFen);
    return { advanceId };
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope, ADVANCE.NOT_OPEN, ADVANCE.SAME_PERSON */
  async decide(advanceId: string, request: DecideAdvanceRequest, staff: StaffIdentity): Promise<AdvanceRow> {
    const [known] = await this.dataSource.query<{ streetId: string }[]>('SELECT street_id AS streetId FROM advance_request WHERE id = ?', [advanceId]);
    if (known === undefined || staff.scopeKind !== 'street' || known.streetId !== staff.scopeId) return this.scope.refuse(staff, 'advance', advanceId);
    return this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<{ state: string; askedBy: string; firstBy: string | null; amountFen: number }[]>(
        'SELECT state, asked_by AS askedBy, first_by AS firstBy, amount_fen AS amountFen FROM advance_request WHERE id = ? FOR UPDATE', [advanceId],
      );
      if (row === undefined || (row.state !== 'asked' && row.state !== 'once-approved')) throw new DomainError('ADVANCE.NOT_OPEN', 'conflict');
      if (request.approve && (row.askedBy === staff.staffId || row.firstBy === staff.staffId)) throw new DomainError('ADVANCE.SAME_PERSON', 'refused');
      const now = this.clock.now();
      if (!request.approve) {
        await tx.query("UPDATE advance_request SET state = 'refused', refusal = ? WHERE id = ?", [request.reason, advanceId]);
        await tx.query('UPDATE advance_day SET active = NULL WHERE advance_id = ?', [advanceId]);
      } else if (row.state === 'asked') {
        await tx.query("UPDATE advance_request SET state = 'once-approved', first_by = ?, first_at = ? WHERE id = ?", [staff.staffId, now, advanceId]);
      } else {
        await tx.query("UPDATE advance_request SET state = 'approved', second_by = ?, second_at = ? WHERE id = ?", [staff.staffId, now, advanceId]);
      }
      await this.record(tx, staff, request.approve ? 'advance.approved' : 'advance.refused', advanceId, Number(row.amountFen));
      return this.one(tx, advanceId);
    });
  }

  /** Approved advances of an operator that no claim has deducted yet, oldest first: for the month's claim. */
  async toDeduct(operatorId: string, tx: EntityManager = this.dataSource.manager): Promise<{ id: string; amountFen: number; lastDay: BusinessDay }[]> {
    const rows = await tx.query<{ id: string; amountFen: number; lastDay: BusinessDay }[]>(
      "SELECT id, amount_fen AS amountFen, last_day AS lastDay FROM advance_request WHERE operator_id = ? AND state = 'approved' ORDER BY second_at, id", [operatorId],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
  }

  /** Marks an advance as deducted in a month's claim, once. @returns false when another claim has done so */
  async deduct(tx: EntityManager, advanceId: string, month: string): Promise<boolean> {
    const result: unknown = await tx.query(
      "UPDATE advance_request SET state = 'deducted', deducted_in = ?, deducted_at = ? WHERE id = ? AND state = 'approved'", [month, this.clock.now(), advanceId],
    );
    return affectedRows(result) === 1;
  }

  /** Closed days of an operator on which no advance rests. */
  private async freeDays(tx: EntityManager, operatorId: string): Promise<FreeDay[]> {
    const rows = await tx.query<FreeDay[]>(
      `SELECT d.point_id AS pointId, d.business_day AS day, d.subsidy_fen AS subsidyFen, c.street_id AS streetId
       FROM point_day_close d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id
       LEFT JOIN advance_day a ON a.point_id = d.point_id AND a.business_day = d.business_day AND a.active = 1
       WHERE d.operator_id = ? AND d.state = 'closed' AND d.subsidy_fen > 0 AND a.advance_id IS NULL ORDER BY d.business_day, d.point_id`, [operatorId],
    );
    return rows.map((row) => ({ ...row, subsidyFen: Number(row.subsidyFen) }));
  }

  private async shareOf(streetId: string, tx: EntityManager): Promise<number> {
    return (await this.settings.ofStreet(streetId, tx)).advanceSharePercent;
  }

  private async one(tx: EntityManager, advanceId: string): Promise<AdvanceRow> {
    const [row] = await tx.query<Row[]>(`${SQL} WHERE a.id = ?`, [advanceId]);
    if (row === undefined) throw new InvariantError('the advance is not there');
    return rowOf(row);
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, advanceId: string, amountFen: number): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'advance', objectId: advanceId, outcome: 'done', detail: { amountFen } }, tx);
  }
}

function rowOf(row: Row): AdvanceRow {
  return { ...row, askedAt: row.askedAt.toISOString(), days: Number(row.days), baseFen: fen(Number(row.baseFen)), amountFen: Number(row.amountFen) };
}

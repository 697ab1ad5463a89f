import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AdvanceRow, AdvancesAnswer, DecideAdvanceRequest, PayAdvanceRequest, RequestAdvanceRequest } from '../../contract/contractor.js';
import { advanceLimitFen } from '../../domain/closing/index.js';
import { businessDayOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { fen } from '../../domain/kernel/money.js';
import { advancePostings } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { BankReferences, Ledger } from '../ledger/index.js';
import { OperatorContracts } from '../operators/index.js';
import { AdvanceDays, type FreeMonth } from './advance-days.query.js';
import { ClosingSettingsBook } from './closing-settings-book.js';
import { ContractorScope, streetOf, type ScopedOperator } from './contractor-scope.js';

interface Known { readonly streetId: string; readonly operatorId: string; readonly firstDay: BusinessDay }
interface PayableRow { state: string; amountFen: string; askedBy: string; firstBy: string | null; secondBy: string | null; secondAt: Date | null }
type Row = Omit<AdvanceRow, 'askedAt'> & { askedAt: Date };

const SQL = `SELECT a.id, a.operator_id AS operatorId, o.name AS operatorName, a.first_day AS firstDay, a.last_day AS lastDay,
    (SELECT COUNT(*) FROM advance_day d WHERE d.advance_id = a.id) AS days, a.base_fen AS baseFen, a.share_percent AS sharePercent, a.amount_fen AS amountFen,
    a.reason, a.state, s.display_name AS askedBy, a.asked_at AS askedAt, f.display_name AS firstBy, g.display_name AS secondBy, a.refusal, a.deducted_in AS deductedIn,
    a.paid_on AS paidOn, h.display_name AS paidBy, a.bank_reference AS bankReference
  FROM advance_request a JOIN operator o ON o.id = a.operator_id LEFT JOIN staff s ON s.id = a.asked_by LEFT JOIN staff f ON f.id = a.first_by
  LEFT JOIN staff g ON g.id = a.second_by LEFT JOIN staff h ON h.id = a.paid_by`;

const APPROVABLE = ['asked', 'once-approved'];
const REFUSABLE = [...APPROVABLE, 'approved'];

/** Money before the month's claim: asked for on closed days, up to the street's share, approved by two, paid by a fourth, deducted from the claim. */
@Injectable()
export class Advances {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly idempotency: Idempotency, private readonly scope: ContractorScope,
    private readonly days: AdvanceDays, private readonly contracts: OperatorContracts, private readonly settings: ClosingSettingsBook, private readonly ledger: Ledger,
    private readonly references: BankReferences, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Of one street for its staff, of every street for a contractor itself. */
  async list(operators: readonly ScopedOperator[], staff: StaffIdentity): Promise<AdvancesAnswer> {
    if (operators.length === 0) return { rows: [], open: [], owed: [] };
    const streetId = streetOf(staff);
    const where = ['a.operator_id IN (?) AND (? IS NULL OR a.street_id = ?)', [operators.map(({ id }) => id), streetId, streetId]] as const;
    const rows = await this.dataSource.query<Row[]>(`${SQL} WHERE ${where[0]} ORDER BY a.asked_at DESC LIMIT 100`, [...where[1]]);
    const open: AdvancesAnswer['open'][number][] = [];
    for (const operator of operators) {
      for (const { streetName, month, firstDay, lastDay, days, baseFen, ...of } of await this.days.free(this.dataSource.manager, operator.id, streetId)) {
        const sharePercent = await this.shareOf(of.streetId, this.dataSource.manager);
        open.push({
          operatorId: operator.id, operatorName: operator.name, streetId: of.streetId, streetName, month, days: days.length, firstDay, lastDay, baseFen, sharePercent,
          mostFen: advanceLimitFen(baseFen, sharePercent),
        });
      }
    }
    const owed = await this.dataSource.query<(Omit<AdvancesAnswer['owed'][number], 'ended'>)[]>(
      `SELECT a.operator_id AS operatorId, o.name AS operatorName, COUNT(*) AS advances, SUM(a.amount_fen) AS amountFen, MIN(a.first_day) AS firstDay
       FROM advance_request a JOIN operator o ON o.id = a.operator_id WHERE ${where[0]} AND a.state = 'paid' GROUP BY a.operator_id, o.name ORDER BY o.name, a.operator_id`, [...where[1]],
    );
    return { rows: rows.map(rowOf), open, owed: await Promise.all(owed.map((one) => this.owedOf(one))) };
  }

  private async owedOf(one: Omit<AdvancesAnswer['owed'][number], 'ended'>): Promise<AdvancesAnswer['owed'][number]> {
    const ended = (await this.contracts.unfitDays(one.operatorId, [this.clock.today()])).length > 0;
    return { ...one, advances: Number(one.advances), amountFen: Number(one.amountFen), ended };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for another operator, ADVANCE.NO_DAYS, ADVANCE.ONE_MONTH, ADVANCE.OPERATOR_UNFIT, ADVANCE.TOO_MUCH */
  async ask(request: RequestAdvanceRequest, staff: StaffIdentity, key: string): Promise<AdvanceRow> {
    const operator = await this.scope.one(staff, request.operatorId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { advance: operator.id, ...request } };
    const { answer } = await this.idempotency.run(run, (tx) => this.askWithin(tx, operator, request, staff));
    return this.one(this.dataSource.manager, answer.advanceId);
  }

  private async askWithin(tx: EntityManager, operator: ScopedOperator, request: RequestAdvanceRequest, staff: StaffIdentity): Promise<{ advanceId: string }> {
    const { streetId, firstDay, lastDay, days, baseFen } = await this.monthAsked(tx, operator.id, request, staff);
    await this.days.requireFit(tx, operator.id, days.map(({ day }) => day));
    const sharePercent = await this.shareOf(streetId, tx);
    const mostFen = advanceLimitFen(baseFen, sharePercent);
    if (request.amountFen > mostFen) throw new DomainError('ADVANCE.TOO_MUCH', 'refused', { mostFen });
    const advanceId = newId();
    await tx.query(
      `INSERT INTO advance_request (id, operator_id, street_id, first_day, last_day, base_fen, share_percent, amount_fen, reason, state, asked_by, asked_at) VALUES (?)`,
      [[advanceId, operator.id, streetId, firstDay, lastDay, baseFen, sharePercent, request.amountFen, request.reason, 'asked', staff.staffId, this.clock.now()]],
    );
    try {
      await tx.query('INSERT INTO advance_day (advance_id, point_id, business_day, subsidy_fen, active) VALUES ?',
        [days.map(({ pointId, day, claimableFen }) => [advanceId, pointId, day, claimableFen, 1])]);
    } catch (error) {
      // Another request took the same days a moment ago.
      if (isDuplicateKey(error, 'uq_advance_day')) throw new DomainError('ADVANCE.NO_DAYS', 'refused');
      throw error;
    }
    await this.record(tx, staff, 'advance.asked', advanceId, request.amountFen);
    return { advanceId };
  }

  /** The one month of one street that is asked for. Claims are made by street and month: an advance over two would be taken off by neither whole. */
  private async monthAsked(tx: EntityManager, operatorId: string, request: RequestAdvanceRequest, staff: StaffIdentity): Promise<FreeMonth> {
    const open = (await this.days.free(tx, operatorId, streetOf(staff)))
      .filter((one) => (request.month === undefined || one.month === request.month) && (request.streetId === undefined || one.streetId === request.streetId));
    const [first] = open;
    if (first === undefined) throw new DomainError('ADVANCE.NO_DAYS', 'refused');
    if (open.length > 1) throw new DomainError('ADVANCE.ONE_MONTH', 'refused', { months: [...new Set(open.map(({ month }) => month))].join(', ') });
    return first;
  }

  /**
   * Two approve; one refuses, even what both have approved, as long as it is not paid: a claim waits for it otherwise.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, ADVANCE.NOT_OPEN, ADVANCE.SAME_PERSON, ADVANCE.CLAIMED, ADVANCE.OPERATOR_UNFIT
   */
  async decide(advanceId: string, request: DecideAdvanceRequest, staff: StaffIdentity): Promise<AdvanceRow> {
    const known = await this.known(advanceId, staff);
    return this.unitOfWork.run(async (tx) => {
      const claimed = await this.days.isClaimed(tx, known);
      const [row] = await tx.query<{ state: string; askedBy: string; firstBy: string | null; amountFen: number }[]>(
        'SELECT state, asked_by AS askedBy, first_by AS firstBy, amount_fen AS amountFen FROM advance_request WHERE id = ? FOR UPDATE', [advanceId],
      );
      if (row === undefined || !(request.approve ? APPROVABLE : REFUSABLE).includes(row.state)) throw new DomainError('ADVANCE.NOT_OPEN', 'conflict');
      if (request.approve && (row.askedBy === staff.staffId || row.firstBy === staff.staffId)) throw new DomainError('ADVANCE.SAME_PERSON', 'refused');
      if (request.approve) await this.requirePayable(tx, advanceId, known.operatorId, claimed);
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

  /**
   * Records that the bank paid an approved advance, and posts it, so that the ledger knows what the operator already has.
   * Once a frozen claim covers its days nothing is paid ahead of it any more: it can only be refused.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, ADVANCE.NOT_APPROVED, ADVANCE.SAME_PERSON, ADVANCE.REFERENCE_USED, ADVANCE.CLAIMED,
   *   ADVANCE.OPERATOR_UNFIT, ADVANCE.PAYMENT_DAY
   */
  async pay(advanceId: string, request: PayAdvanceRequest, staff: StaffIdentity, key: string): Promise<AdvanceRow> {
    const known = await this.known(advanceId, staff);
    const scope = `staff:${staff.staffId}`;
    await this.idempotency.run({ scope, key, request: { payAdvance: advanceId, ...request } }, async (tx) => {
      const claimed = await this.days.isClaimed(tx, known);
      const [row] = await tx.query<PayableRow[]>(
        `SELECT state, amount_fen AS amountFen, asked_by AS askedBy, first_by AS firstBy, second_by AS secondBy, second_at AS secondAt
         FROM advance_request WHERE id = ? FOR UPDATE`, [advanceId],
      );
      if (row?.state !== 'approved') throw new DomainError('ADVANCE.NOT_APPROVED', 'conflict');
      if ([row.askedBy, row.firstBy, row.secondBy].includes(staff.staffId)) throw new DomainError('ADVANCE.SAME_PERSON', 'refused');
      await this.requirePayable(tx, advanceId, known.operatorId, claimed);
      if (request.paidOn > this.clock.today() || (row.secondAt !== null && request.paidOn < businessDayOf(row.secondAt))) throw new DomainError('ADVANCE.PAYMENT_DAY', 'invalid');
      if (!await this.references.use(tx, { streetId: known.streetId, reference: request.bankReference, by: 'advance', id: advanceId })) throw new DomainError('ADVANCE.REFERENCE_USED', 'conflict');
      const amountFen = fen(Number(row.amountFen));
      const transferId = await this.ledger.post(tx, {
        kind: 'advance-payment', businessDay: this.clock.today(), pointId: null, idempotencyScope: scope, idempotencyKey: key, actorKind: 'staff', actorId: staff.staffId,
        memo: `advance ${advanceId}`, postings: advancePostings({ streetId: known.streetId, operatorId: known.operatorId, amountFen }),
      });
      await tx.query("UPDATE advance_request SET state = 'paid', bank_reference = ?, paid_on = ?, paid_by = ?, paid_at = ?, transfer_id = ? WHERE id = ?",
        [request.bankReference, request.paidOn, staff.staffId, this.clock.now(), transferId, advanceId]);
      await this.record(tx, staff, 'advance.paid', advanceId, amountFen);
      return { advanceId };
    });
    return this.one(this.dataSource.manager, advanceId);
  }

  /** @throws DomainError REQUEST.NOT_FOUND for an advance of another street */
  private async known(advanceId: string, staff: StaffIdentity): Promise<Known> {
    const [known] = await this.dataSource.query<Known[]>('SELECT street_id AS streetId, operator_id AS operatorId, first_day AS firstDay FROM advance_request WHERE id = ?', [advanceId]);
    return known !== undefined && known.streetId === streetOf(staff) ? known : this.scope.refuse(staff, 'advance', advanceId);
  }

  private async requirePayable(tx: EntityManager, advanceId: string, operatorId: string, claimed: boolean): Promise<void> {
    if (claimed) throw new DomainError('ADVANCE.CLAIMED', 'conflict');
    const days = await tx.query<{ day: BusinessDay }[]>('SELECT DISTINCT business_day AS day FROM advance_day WHERE advance_id = ?', [advanceId]);
    await this.days.requireFit(tx, operatorId, days.map(({ day }) => day));
  }

  /** Paid advances of an operator that no claim has deducted yet, whose days begin by `through`, oldest first: for the month's claim. */
  async toDeduct(of: { operatorId: string; streetId: string; through: BusinessDay }, tx: EntityManager = this.dataSource.manager): Promise<{ id: string; amountFen: number; lastDay: BusinessDay }[]> {
    const rows = await tx.query<{ id: string; amountFen: number; lastDay: BusinessDay }[]>(
      `SELECT id, amount_fen AS amountFen, last_day AS lastDay FROM advance_request
       WHERE operator_id = ? AND street_id = ? AND state = 'paid' AND first_day <= ? ORDER BY paid_at, id`, [of.operatorId, of.streetId, of.through],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
  }

  /** How many requests on days through `through` are neither refused nor paid: a claim that left them out would be paid too high. */
  async undecided(of: { operatorId: string; streetId: string; through: BusinessDay }, tx: EntityManager): Promise<number> {
    const [row] = await tx.query<{ n: string }[]>(
      `SELECT COUNT(*) AS n FROM advance_request WHERE operator_id = ? AND street_id = ? AND state IN ('asked', 'once-approved', 'approved') AND first_day <= ?`,
      [of.operatorId, of.streetId, of.through],
    );
    return Number(row?.n ?? 0);
  }

  /** Marks an advance as deducted in a month's claim, once. @returns false when another claim has done so */
  async deduct(tx: EntityManager, advanceId: string, month: string): Promise<boolean> {
    const result: unknown = await tx.query(
      "UPDATE advance_request SET state = 'deducted', deducted_in = ?, deducted_at = ? WHERE id = ? AND state = 'paid'", [month, this.clock.now(), advanceId],
    );
    return affectedRows(result) === 1;
  }

  /** Whether a claim has taken the advance off. */
  async isDeducted(tx: EntityManager, advanceId: string): Promise<boolean> {
    const [row] = await tx.query<{ state: string }[]>('SELECT state FROM advance_request WHERE id = ? FOR UPDATE', [advanceId]);
    return row?.state === 'deducted';
  }

  /** A paid advance that the operator never got, or that was never paid, is closed and gives its days free. @returns false once a claim has taken it off */
  async takeBack(tx: EntityManager, advanceId: string, reason: string): Promise<boolean> {
    const result: unknown = await tx.query("UPDATE advance_request SET state = 'refused', refusal = ? WHERE id = ? AND state = 'paid'", [reason, advanceId]);
    if (affectedRows(result) !== 1) return false;
    await tx.query('UPDATE advance_day SET active = NULL WHERE advance_id = ?', [advanceId]);
    return true;
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

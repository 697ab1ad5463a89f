import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DecideRequest, MoneyRequestAnswer, MONEY_REQUEST_KINDS } from '../../contract/wallets.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { fen } from '../../domain/kernel/money.js';
import { bankOf, cashAt, channelAt, debtOf, moving, refundPostings, walletOf, writeOffAt, type AccountRef } from '../../domain/ledger/index.js';
import { refundFor, settleDebtFirst, type RefundCause } from '../../domain/stored-value/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows, parseJson } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger, type TransferDraft } from '../ledger/index.js';
import { DayGate } from '../sites/index.js';
import { FailedRefunds } from './channels/failed-refunds.js';
import { CashShifts } from './cash-shifts.js';
import { requireRefundDue } from './refund-due.js';
import { ValueWallet } from './value-wallet.js';
import { unseenAs, WalletPeople, type WalletOwner } from './wallet-people.js';

interface RequestRow {
  id: string; kind: (typeof MONEY_REQUEST_KINDS)[number]; state: 'asked' | 'done' | 'refused'; seniorId: string; pointId: string; amountFen: number;
  cause: RefundCause | null; subjectId: string | null; payToKind: string | null; detail: unknown; askedBy: string;
}
interface RefundDetail { payoutFen: number; withheldFen: number; settledFen: number }
type By = Omit<TransferDraft, 'kind' | 'postings' | 'memo' | 'pointId' | 'reversesId'>;

const REQUEST_SQL = `SELECT id, kind, state, senior_id AS seniorId, point_id AS pointId, amount_fen AS amountFen, cause, subject_id AS subjectId,
  pay_to_kind AS payToKind, detail, asked_by AS askedBy FROM money_request`;

/** The second of two people: looks at what was asked and lets it happen, or refuses. Money moves here, once. */
@Injectable()
export class DecideMoneyRequest {
  constructor(
    private readonly idempotency: Idempotency, private readonly unitOfWork: UnitOfWork, private readonly people: WalletPeople, private readonly values: ValueWallet,
    private readonly failed: FailedRefunds, private readonly gate: DayGate, private readonly shifts: CashShifts, private readonly ledger: Ledger, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError REQUEST.UNKNOWN, REQUEST.DECIDED, REQUEST.SAME_PERSON, REFUND.CHANGED, REFUND.NOT_DECEASED, REFUND.DECEASED, REFUND.USE_RELEASE, RELEASE.NOT_OPEN, REFUND.CHANNEL, REFUND.NOT_FAILED,
   *   SHIFT.NOT_OPEN and SHIFT.OTHER_DAY (of who asked, for cash), CLOSE.DAY_CLOSED (for cash and QR), TOPUP.UNDONE, TOPUP.NOT_TODAY, WRITEOFF.UNDONE, WRITEOFF.RETURNED,
   *   DEBT.TOO_MUCH, PAYMENT.INSUFFICIENT_BALANCE
   */
  async approve(staff: StaffIdentity, requestId: string, key: string, { note }: DecideRequest): Promise<MoneyRequestAnswer> {
    const scope = `staff:${staff.staffId}`;
    const { answer } = await this.idempotency.run({ scope, key, request: { approve: requestId, note } }, async (tx) => {
      const { request, owner } = await this.open(tx, staff, requestId);
      const by: By = { businessDay: this.clock.today(), idempotencyScope: scope, idempotencyKey: key, actorKind: 'staff', actorId: staff.staffId };
      const transferId = await this.carryOut(tx, request, owner, by);
      await this.decide(tx, staff, request, 'done', note, transferId);
      return { requestId, state: 'done' as const, amountFen: Number(request.amountFen) };
    });
    return answer;
  }

  /** @throws DomainError REQUEST.UNKNOWN, REQUEST.DECIDED */
  async refuse(staff: StaffIdentity, requestId: string, { note }: DecideRequest): Promise<MoneyRequestAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const { request } = await this.open(tx, staff, requestId);
      await this.decide(tx, staff, request, 'refused', note, null);
      return { requestId, state: 'refused', amountFen: Number(request.amountFen) };
    });
  }

  private async open(tx: EntityManager, staff: StaffIdentity, requestId: string): Promise<{ request: RequestRow; owner: WalletOwner }> {
    const [seen] = await tx.query<RequestRow[]>(`${REQUEST_SQL} WHERE id = ?`, [requestId]);
    if (seen === undefined) throw new DomainError('REQUEST.UNKNOWN', 'not-found');
    await this.people.find(staff, seen.seniorId, tx).catch(unseenAs('REQUEST.UNKNOWN'));
    // The senior's row first, as everywhere; then nobody else decides or pays in meanwhile.
    const owner = await this.people.lock(tx, seen.seniorId);
    const [request] = await tx.query<RequestRow[]>(`${REQUEST_SQL} WHERE id = ? FOR UPDATE`, [requestId]);
    if (request?.state !== 'asked') throw new DomainError('REQUEST.DECIDED', 'conflict');
    if (request.askedBy === staff.staffId) throw new DomainError('REQUEST.SAME_PERSON', 'forbidden');
    // Freed money is paid out by finance.
    if (request.kind === 'release' && staff.role !== 'finance') throw new DomainError('ACCESS.DENIED', 'forbidden');
    if (staff.role === 'attendant' && request.kind !== 'top-up-undo') throw new DomainError('ACCESS.DENIED', 'forbidden');
    return { request, owner };
  }

  private carryOut(tx: EntityManager, request: RequestRow, owner: WalletOwner, by: By): Promise<TransferId> {
    switch (request.kind) {
      case 'refund': return this.refund(tx, request, owner, by);
      case 'write-off': return this.writeOff(tx, request, owner, by);
      case 'top-up-undo': return this.undo(tx, request, by);
      case 'write-off-undo': return this.restoreDebt(tx, request, by);
      case 'release': return this.release(tx, request, owner, by);
      case 'channel-refund': return this.byBankInstead(tx, request, owner, by);
    }
  }

  private async refund(tx: EntityManager, request: RequestRow, owner: WalletOwner, by: By): Promise<TransferId> {
    await requireRefundDue(tx, owner, request.cause ?? 'consumer');
    // The wallet's row is locked before it is valued: a meal paid at this instant is either seen, or waits.
    await this.ledger.lockedBalanceOf(tx, walletOf(owner.seniorId));
    const value = await this.values.of(tx, owner);
    const asked = parseJson<RefundDetail>(request.detail);
    const { payoutFen: beforeDebtFen, withheldFen } = refundFor(value, request.cause ?? 'consumer');
    const { payoutFen, settledFen } = settleDebtFirst(beforeDebtFen, fen(value.debtFen));
    if (payoutFen !== asked.payoutFen || withheldFen !== asked.withheldFen || settledFen !== asked.settledFen) throw new DomainError('REFUND.CHANGED', 'conflict');
    const shiftId = request.payToKind === 'cash' && payoutFen > 0 ? await this.drawerOf(tx, request, by) : null;
    const transferId = await this.ledger.post(tx, {
      ...by, kind: 'wallet-refund', pointId: request.pointId, memo: `refund ${request.cause ?? ''} ${request.payToKind ?? ''}`,
      postings: refundPostings({ seniorId: owner.seniorId, pointId: owner.pointId, payoutTo: await this.payoutTo(tx, request, owner, payoutFen), payoutFen, withheldFen, debtFen: settledFen }),
    });
    if (shiftId !== null) await this.shifts.enter(tx, shiftId, transferId, -payoutFen);
    return transferId;
  }

  /** A refund through the channel is owed from here on; the channel is told after the commit. */
  private async payoutTo(tx: EntityManager, request: RequestRow, owner: WalletOwner, payoutFen: number): Promise<AccountRef> {
    if (request.payToKind === 'cash') return cashAt(request.pointId);
    if (request.payToKind === 'bank') return bankOf(owner.streetId);
    const [order] = await tx.query<{ channel: string; pointId: string }[]>('SELECT channel, point_id AS pointId FROM channel_order WHERE id = ?', [request.subjectId]);
    // A debt took all of it: no channel pays out nothing.
    if (order !== undefined && payoutFen === 0) return channelAt(order.channel, order.pointId);
    const taken: unknown = await tx.query(
      "UPDATE channel_order SET refunded_fen = refunded_fen + ? WHERE id = ? AND state = 'paid' AND refunded_fen + ? <= amount_fen", [payoutFen, request.subjectId, payoutFen],
    );
    if (order === undefined || affectedRows(taken) !== 1) throw new DomainError('REFUND.CHANNEL', 'refused');
    const id = newId();
    await tx.query(
      "INSERT INTO channel_refund (id, order_id, refund_no, amount_fen, state, created_at) VALUES (?, ?, ?, ?, 'due', ?)",
      [id, request.subjectId, id.replaceAll('-', ''), payoutFen, this.clock.now()],
    );
    return channelAt(order.channel, order.pointId);
  }

  private async release(tx: EntityManager, request: RequestRow, owner: WalletOwner, by: By): Promise<TransferId> {
    const balanceFen = await this.ledger.lockedBalanceOf(tx, walletOf(owner.seniorId));
    const { payoutFen, settledFen } = settleDebtFirst(balanceFen, await this.people.debtFen(tx, owner.seniorId));
    const asked = parseJson<RefundDetail>(request.detail);
    if (payoutFen !== asked.payoutFen || settledFen !== asked.settledFen) throw new DomainError('REFUND.CHANGED', 'conflict');
    const transferId = await this.ledger.post(tx, {
      ...by, kind: 'wallet-release', pointId: owner.pointId, memo: `release ${request.subjectId ?? ''}`,
      postings: refundPostings({ seniorId: owner.seniorId, pointId: owner.pointId, payoutTo: bankOf(owner.streetId), payoutFen, withheldFen: fen(0), debtFen: settledFen }),
    });
    const paid: unknown = await tx.query(
      "UPDATE wallet_release SET state = 'paid', open = NULL, paid_fen = ?, paid_by = ?, paid_at = ?, transfer_id = ? WHERE id = ? AND state = 'freed'",
      [payoutFen, by.actorId, this.clock.now(), transferId, request.subjectId],
    );
    if (affectedRows(paid) !== 1) throw new DomainError('RELEASE.NOT_OPEN', 'conflict');
    return transferId;
  }

  /** What the channel keeps of the payer's money is ours to claim from it; the payer is paid from the bank. */
  private async byBankInstead(tx: EntityManager, request: RequestRow, owner: WalletOwner, by: By): Promise<TransferId> {
    await this.failed.settle(tx, request.subjectId ?? '', request.id);
    const { channel } = parseJson<{ channel: string }>(request.detail);
    return this.ledger.post(tx, {
      ...by, kind: 'refund-by-bank', pointId: request.pointId, memo: `channel refund ${request.subjectId ?? ''}`,
      postings: moving(channelAt(channel, request.pointId), [{ account: bankOf(owner.streetId), amountFen: fen(Number(request.amountFen)) }]),
    });
  }

  private async writeOff(tx: EntityManager, request: RequestRow, owner: WalletOwner, by: By): Promise<TransferId> {
    const amountFen = fen(Number(request.amountFen));
    const debtFen = await this.people.debtFen(tx, owner.seniorId);
    if (amountFen > debtFen) throw new DomainError('DEBT.TOO_MUCH', 'refused', { debtFen });
    return this.ledger.post(tx, {
      ...by, kind: 'debt-write-off', pointId: owner.pointId, memo: `write-off ${request.id}`,
      postings: moving(writeOffAt(owner.pointId), [{ account: debtOf(owner.seniorId), amountFen }]),
    });
  }

  /** What was given up is owed again, by the exact opposite of the write-off. */
  private async restoreDebt(tx: EntityManager, request: RequestRow, by: By): Promise<TransferId> {
    const [writeOff] = await tx.query<{ transferId: string }[]>('SELECT transfer_id AS transferId FROM money_request WHERE id = ?', [request.subjectId]);
    const [returned] = await tx.query<unknown[]>(
      `SELECT 1 FROM account a JOIN entry e ON e.account_id = a.id JOIN transfer t ON t.id = e.transfer_id AND t.kind = 'debt-return'
       JOIN entry w ON w.transfer_id = t.id JOIN account k ON k.id = w.account_id AND k.kind = 'write-off'
       WHERE a.kind = 'debt' AND a.owner_code = ? AND t.position > (SELECT position FROM transfer WHERE id = ?) LIMIT 1`, [request.seniorId, writeOff?.transferId],
    );
    // What a meal that was taken back returned to the write-offs is owed no more: it cannot become a debt again.
    if (returned !== undefined) throw new DomainError('WRITEOFF.RETURNED', 'refused');
    try {
      return await this.ledger.reverse(tx, writeOff?.transferId as TransferId, { ...by, kind: 'write-off-reversal', pointId: request.pointId, memo: `undo ${request.id}` });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_transfer_reverses')) throw new DomainError('WRITEOFF.UNDONE', 'conflict');
      throw error;
    }
  }

  private async undo(tx: EntityManager, request: RequestRow, by: By): Promise<TransferId> {
    const [topUp] = await tx.query<{ day: string }[]>('SELECT business_day AS day FROM transfer WHERE id = ?', [request.subjectId]);
    if (topUp?.day !== this.clock.today()) throw new DomainError('TOPUP.NOT_TODAY', 'refused');
    const isCash = parseJson<{ tender: string }>(request.detail).tender === 'cash';
    if (!isCash) await this.gate.requireOpen(tx, request.pointId, by.businessDay);
    const shiftId = isCash ? await this.drawerOf(tx, request, by) : null;
    try {
      const transferId = await this.ledger.reverse(tx, request.subjectId as TransferId, { ...by, kind: 'top-up-reversal', pointId: request.pointId, memo: `undo ${request.id}` });
      if (shiftId !== null) await this.shifts.enter(tx, shiftId, transferId, -Number(request.amountFen));
      return transferId;
    } catch (error) {
      if (isDuplicateKey(error, 'uq_transfer_reverses')) throw new DomainError('TOPUP.UNDONE', 'conflict');
      throw error;
    }
  }

  /** The drawer that gives the cash: of the person who asked, of today, while the point's day takes entries. */
  private async drawerOf(tx: EntityManager, request: RequestRow, by: By): Promise<string> {
    await this.gate.requireOpen(tx, request.pointId, by.businessDay);
    return this.shifts.requireOpen(tx, request.askedBy, request.pointId, by.businessDay);
  }

  private async decide(tx: EntityManager, staff: StaffIdentity, request: RequestRow, state: 'done' | 'refused', note: string, transferId: TransferId | null): Promise<void> {
    await tx.query(
      'UPDATE money_request SET state = ?, decided_by = ?, decided_at = ?, decision_note = ?, transfer_id = ? WHERE id = ?',
      [state, staff.staffId, this.clock.now(), note, transferId, request.id],
    );
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: `money-request.${state}`, objectKind: 'senior', objectId: request.seniorId, outcome: 'done',
      detail: { requestId: request.id, kind: request.kind, amountFen: Number(request.amountFen) },
    }, tx);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ChannelRefundByBankRequest } from '../../contract/payment-channels.js';
import type { MoneyRequestAnswer, PayReleaseRequest, RefundRequest, UndoTopUpRequest, WriteOffRequest } from '../../contract/wallets.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { fen } from '../../domain/kernel/money.js';
import { CASH_REFUND_MAX_FEN, refundFor, settleDebtFirst } from '../../domain/stored-value/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { FailedRefunds } from './channels/failed-refunds.js';
import { requireRefundDue } from './refund-due.js';
import { ValueWallet } from './value-wallet.js';
import { unseenAs, WalletPeople, type WalletOwner } from './wallet-people.js';

interface NewRequest {
  readonly kind: 'refund' | 'write-off' | 'top-up-undo' | 'write-off-undo' | 'release' | 'channel-refund';
  readonly owner: WalletOwner;
  readonly pointId: string;
  readonly amountFen: number;
  readonly reason: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  readonly cause?: string;
  readonly subjectId?: string;
  readonly payToKind?: string;
  readonly payToCipher?: string;
  readonly payToLabel?: string;
}

/** The first of two people: says what shall happen to money and why. Nothing moves yet. */
@Injectable()
export class AskMoneyRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly people: WalletPeople, private readonly values: ValueWallet,
    private readonly failed: FailedRefunds, private readonly keyring: Keyring, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND, REFUND.NOTHING, REFUND.CASH_LIMIT, REFUND.NAME_DIFFERS, REFUND.NOT_DECEASED, REFUND.DECEASED, REFUND.CHANNEL, REFUND.USE_RELEASE, REQUEST.PENDING */
  async refund(staff: StaffIdentity, seniorId: string, request: RefundRequest): Promise<MoneyRequestAnswer> {
    await this.people.find(staff, seniorId);
    return this.unitOfWork.run(async (tx) => {
      const owner = await this.people.lock(tx, seniorId);
      await requireRefundDue(tx, owner, request.cause);
      const value = await this.values.of(tx, owner);
      const { payoutFen: beforeDebtFen, withheldFen } = refundFor(value, request.cause);
      if (beforeDebtFen === 0) throw new DomainError('REFUND.NOTHING', 'refused');
      const { payoutFen, settledFen } = settleDebtFirst(beforeDebtFen, fen(value.debtFen));
      await this.requirePayTo(tx, owner, request, payoutFen);
      const { payTo } = request;
      return this.store(tx, staff, {
        kind: 'refund', owner, pointId: staff.scopeKind === 'point' ? staff.scopeId : owner.pointId, amountFen: payoutFen + withheldFen + settledFen, reason: request.reason, cause: request.cause,
        detail: {
          payoutFen, withheldFen, settledFen, consumerFen: value.consumerFen, operatorFen: value.operatorFen, basis: value.basis,
          mealsGrossFen: value.mealsGrossFen, mealsPaidFen: value.mealsPaidFen, prepaidFen: value.prepaidFen, heirRelation: request.heir?.relation ?? null,
        },
        payToKind: payTo.kind,
        ...(payTo.kind === 'bank' ? {
          payToCipher: this.keyring.seal('identity', JSON.stringify({ ...payTo, heir: request.heir })),
          payToLabel: `${payTo.bankName.slice(0, 40)} **** ${payTo.accountNo.slice(-4)}`,
        } : request.heir === null ? {} : { payToCipher: this.keyring.seal('identity', JSON.stringify({ heir: request.heir })) }),
        ...(payTo.kind === 'channel' ? { subjectId: payTo.channelOrderId } : {}),
      });
    });
  }

  /**
   * Freed own money to its payee: everything that is stored, debts first.
   *
   * @throws DomainError RELEASE.UNKNOWN, RELEASE.NOT_OPEN, RELEASE.NO_PAYEE, REFUND.NAME_DIFFERS, REFUND.NOTHING, REQUEST.PENDING
   */
  async release(staff: StaffIdentity, releaseId: string, request: PayReleaseRequest): Promise<MoneyRequestAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const [seen] = await tx.query<{ seniorId: string }[]>('SELECT senior_id AS seniorId FROM wallet_release WHERE id = ?', [releaseId]);
      if (seen === undefined) throw new DomainError('RELEASE.UNKNOWN', 'not-found');
      await this.people.find(staff, seen.seniorId, tx).catch(() => { throw new DomainError('RELEASE.UNKNOWN', 'not-found'); });
      const owner = await this.people.lock(tx, seen.seniorId);
      const [release] = await tx.query<{ state: string; payee: string | null; relation: string | null; proof: string | null }[]>(
        'SELECT state, payee_name_cipher AS payee, payee_relation AS relation, proof FROM wallet_release WHERE id = ? FOR UPDATE', [releaseId],
      );
      if (release?.state !== 'freed') throw new DomainError('RELEASE.NOT_OPEN', 'conflict');
      if (release.payee === null || release.proof === null) throw new DomainError('RELEASE.NO_PAYEE', 'refused');
      if (this.keyring.open('identity', release.payee) !== request.accountName) throw new DomainError('REFUND.NAME_DIFFERS', 'refused');
      const value = await this.values.of(tx, owner);
      const { payoutFen, settledFen } = settleDebtFirst(fen(value.balanceFen), fen(value.debtFen));
      if (payoutFen + settledFen === 0) throw new DomainError('REFUND.NOTHING', 'refused');
      const { bankName, accountNo, reason } = request;
      return this.store(tx, staff, {
        kind: 'release', owner, pointId: owner.pointId, amountFen: payoutFen + settledFen, reason, subjectId: releaseId,
        detail: { payoutFen, settledFen, heirRelation: release.relation, proof: release.proof }, payToKind: 'bank',
        payToCipher: this.keyring.seal('identity', JSON.stringify(request)), payToLabel: `${bankName.slice(0, 40)} **** ${accountNo.slice(-4)}`,
      });
    });
  }

  /**
   * A refund that its channel gave up, to the payer's bank account.
   *
   * @throws DomainError REFUND.UNKNOWN, REFUND.NOT_FAILED, REQUEST.PENDING
   */
  async channelRefund(staff: StaffIdentity, channelRefundId: string, request: ChannelRefundByBankRequest): Promise<MoneyRequestAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const refund = await this.failed.find(tx, staff, channelRefundId);
      const owner = await this.people.lock(tx, refund.seniorId);
      const { bankName, accountNo, reason } = request;
      return this.store(tx, staff, {
        kind: 'channel-refund', owner, pointId: refund.pointId, amountFen: refund.amountFen, reason, subjectId: channelRefundId,
        detail: { payoutFen: refund.amountFen, channel: refund.channel, orderNo: refund.orderNo, refundNo: refund.refundNo }, payToKind: 'bank',
        payToCipher: this.keyring.seal('identity', JSON.stringify(request)), payToLabel: `${bankName.slice(0, 40)} **** ${accountNo.slice(-4)}`,
      });
    });
  }

  /** @throws DomainError SENIOR.NOT_FOUND, DEBT.NONE, DEBT.TOO_MUCH, REQUEST.PENDING */
  async writeOff(staff: StaffIdentity, seniorId: string, request: WriteOffRequest): Promise<MoneyRequestAnswer> {
    await this.people.find(staff, seniorId);
    return this.unitOfWork.run(async (tx) => {
      const owner = await this.people.lock(tx, seniorId);
      const debtFen = await this.people.debtFen(tx, seniorId);
      if (debtFen === 0) throw new DomainError('DEBT.NONE', 'refused');
      if (request.amountFen > debtFen) throw new DomainError('DEBT.TOO_MUCH', 'refused', { debtFen });
      return this.store(tx, staff, { kind: 'write-off', owner, pointId: owner.pointId, amountFen: request.amountFen, reason: request.reason, detail: { debtFen } });
    });
  }

  /** @throws DomainError TOPUP.NOT_FOUND, TOPUP.NOT_TODAY, TOPUP.UNDONE, REQUEST.PENDING */
  async undoTopUp(staff: StaffIdentity, transferId: string, request: UndoTopUpRequest): Promise<MoneyRequestAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<{ seniorId: string; pointId: string; day: string; amountFen: number; undone: number; tender: string }[]>(
        `SELECT a.owner_code AS seniorId, t.point_id AS pointId, t.business_day AS day, f.kind AS tender,
                -(SELECT SUM(x.amount_fen) FROM entry x WHERE x.transfer_id = t.id AND x.amount_fen < 0) AS amountFen,
                EXISTS (SELECT 1 FROM transfer r WHERE r.reverses_id = t.id) AS undone
         FROM transfer t JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id AND a.kind IN ('wallet', 'debt')
         JOIN entry g ON g.transfer_id = t.id AND g.amount_fen < 0 JOIN account f ON f.id = g.account_id
         WHERE t.id = ? AND t.kind = 'top-up' LIMIT 1`, [transferId],
      );
      if (row === undefined) throw new DomainError('TOPUP.NOT_FOUND', 'not-found');
      await this.people.find(staff, row.seniorId, tx).catch(unseenAs('TOPUP.NOT_FOUND'));
      const owner = await this.people.lock(tx, row.seniorId);
      if (Number(row.undone) === 1) throw new DomainError('TOPUP.UNDONE', 'conflict');
      if (row.day !== this.clock.today() || (row.tender !== 'cash' && row.tender !== 'qr')) throw new DomainError('TOPUP.NOT_TODAY', 'refused');
      return this.store(tx, staff, {
        kind: 'top-up-undo', owner, pointId: row.pointId, amountFen: Number(row.amountFen), reason: request.reason, subjectId: transferId, detail: { tender: row.tender },
      });
    });
  }

  /** A debt that was written off and is owed after all. @throws DomainError REQUEST.UNKNOWN, WRITEOFF.NOT_DONE, WRITEOFF.UNDONE, REQUEST.PENDING */
  async undoWriteOff(staff: StaffIdentity, requestId: string, request: UndoTopUpRequest): Promise<MoneyRequestAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<{ seniorId: string; pointId: string; kind: string; state: string; amountFen: number; undone: number }[]>(
        `SELECT r.senior_id AS seniorId, r.point_id AS pointId, r.kind, r.state, r.amount_fen AS amountFen, EXISTS (SELECT 1 FROM transfer x WHERE x.reverses_id = r.transfer_id) AS undone
         FROM money_request r WHERE r.id = ?`, [requestId],
      );
      if (row === undefined) throw new DomainError('REQUEST.UNKNOWN', 'not-found');
      await this.people.find(staff, row.seniorId, tx).catch(unseenAs('REQUEST.UNKNOWN'));
      const owner = await this.people.lock(tx, row.seniorId);
      if (row.kind !== 'write-off' || row.state !== 'done') throw new DomainError('WRITEOFF.NOT_DONE', 'conflict');
      if (Number(row.undone) === 1) throw new DomainError('WRITEOFF.UNDONE', 'conflict');
      return this.store(tx, staff, { kind: 'write-off-undo', owner, pointId: row.pointId, amountFen: Number(row.amountFen), reason: request.reason, subjectId: requestId, detail: {} });
    });
  }

  private async requirePayTo(tx: EntityManager, owner: WalletOwner, { payTo, heir }: RefundRequest, payoutFen: number): Promise<void> {
    if (payTo.kind === 'cash' && payoutFen > CASH_REFUND_MAX_FEN) throw new DomainError('REFUND.CASH_LIMIT', 'refused', { cashMaxFen: CASH_REFUND_MAX_FEN });
    if (payTo.kind === 'bank' && payTo.accountName !== (heir?.name ?? owner.name)) throw new DomainError('REFUND.NAME_DIFFERS', 'refused');
    if (payTo.kind !== 'channel') return;
    const [order] = await tx.query<{ leftFen: number }[]>(
      "SELECT amount_fen - refunded_fen AS leftFen FROM channel_order WHERE id = ? AND senior_id = ? AND state = 'paid' AND channel <> 'senior-card'", [payTo.channelOrderId, owner.seniorId],
    );
    if (order === undefined || Number(order.leftFen) < payoutFen) throw new DomainError('REFUND.CHANNEL', 'refused');
  }

  private async store(tx: EntityManager, staff: StaffIdentity, request: NewRequest): Promise<MoneyRequestAnswer> {
    const { owner, kind } = request;
    const [pending] = await tx.query<unknown[]>(
      "SELECT 1 FROM money_request WHERE senior_id = ? AND kind = ? AND state = 'asked' AND (kind NOT IN ('top-up-undo', 'write-off-undo', 'channel-refund') OR subject_id = ?)",
      [owner.seniorId, kind, request.subjectId ?? ''],
    );
    if (pending !== undefined) throw new DomainError('REQUEST.PENDING', 'conflict');
    const requestId = newId();
    await tx.query(
      `INSERT INTO money_request (id, kind, state, senior_id, point_id, amount_fen, cause, subject_id, pay_to_kind, pay_to_cipher, pay_to_label, detail, reason, asked_by, asked_at)
       VALUES (?, ?, 'asked', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [requestId, kind, owner.seniorId, request.pointId, request.amountFen, request.cause ?? null, request.subjectId ?? null, request.payToKind ?? null,
        request.payToCipher ?? null, request.payToLabel ?? '', JSON.stringify(request.detail), request.reason, staff.staffId, this.clock.now()],
    );
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'money-request.asked', objectKind: 'senior', objectId: owner.seniorId, outcome: 'done', detail: { requestId, kind, amountFen: request.amountFen },
    }, tx);
    return { requestId, state: 'asked', amountFen: request.amountFen };
  }
}

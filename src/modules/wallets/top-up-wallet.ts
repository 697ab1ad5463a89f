import { Injectable } from '@nestjs/common';
import type { DebtPaymentRequest, DeskTopUpAnswer, DeskTopUpRequest } from '../../contract/desk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { fen } from '../../domain/kernel/money.js';
import { cashAt, debtPaymentPostings, qrAt, walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/index.js';
import { Ledger } from '../ledger/index.js';
import { DayGate } from '../sites/index.js';
import { CashShifts } from './cash-shifts.js';
import { CreditWallet, type Credited } from './credit-wallet.js';
import { WalletPeople, type WalletOwner } from './wallet-people.js';

interface DeskCommand<Request> {
  readonly pointId: PointId;
  readonly staffId: string;
  readonly key: string;
  readonly request: Request;
}

/** Takes a senior's money at a point: into the wallet after what is owed, or for what is owed alone. */
@Injectable()
export class TopUpWallet {
  constructor(
    private readonly idempotency: Idempotency, private readonly gate: DayGate, private readonly people: WalletPeople, private readonly shifts: CashShifts,
    private readonly creditWallet: CreditWallet, private readonly ledger: Ledger, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError TOPUP.LIMIT, SHIFT.NOT_OPEN, SHIFT.OTHER_DAY, CLOSE.DAY_CLOSED, PAYMENT.SENIOR_UNKNOWN (also for a senior of another point),
   *   PAYMENT.SENIOR_SUSPENDED
   */
  async execute(command: DeskCommand<DeskTopUpRequest>): Promise<DeskTopUpAnswer> {
    const { pointId, staffId, key, request } = command;
    const { answer } = await this.idempotency.run({ scope: `staff:${staffId}`, key, request: { topUp: request } }, async (tx) => {
      await this.gate.requireOpen(tx, pointId, this.clock.today());
      const shiftId = request.tender === 'cash' ? await this.shifts.requireOpen(tx, staffId, pointId, this.clock.today()) : null;
      const owner = await this.ownOwner(tx, pointId, request.seniorId);
      if (owner.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
      const credited = await this.creditWallet.credit(tx, {
        owner, amountFen: fen(request.amountFen), source: request.tender === 'cash' ? cashAt(pointId) : qrAt(pointId), pointId, how: request.tender,
        by: { idempotencyScope: `staff:${staffId}`, idempotencyKey: key, actorKind: 'staff', actorId: staffId },
      });
      if (shiftId !== null) await this.shifts.enter(tx, shiftId, credited.transferId, request.amountFen);
      return this.receipt(owner, request.amountFen, credited);
    });
    return answer;
  }

  /** @throws DomainError DEBT.NONE, DEBT.TOO_MUCH, SHIFT.NOT_OPEN, SHIFT.OTHER_DAY, PAYMENT.SENIOR_UNKNOWN; a debt is taken from anybody who owes */
  async payDebt(command: DeskCommand<DebtPaymentRequest>): Promise<DeskTopUpAnswer> {
    const { pointId, staffId, key, request } = command;
    const { answer } = await this.idempotency.run({ scope: `staff:${staffId}`, key, request: { payDebt: request } }, async (tx) => {
      await this.gate.requireOpen(tx, pointId, this.clock.today());
      const shiftId = request.tender === 'cash' ? await this.shifts.requireOpen(tx, staffId, pointId, this.clock.today()) : null;
      const owner = await this.ownOwner(tx, pointId, request.seniorId);
      const debtFen = await this.people.debtFen(tx, owner.seniorId);
      if (debtFen === 0) throw new DomainError('DEBT.NONE', 'refused');
      if (request.amountFen > debtFen) throw new DomainError('DEBT.TOO_MUCH', 'refused', { debtFen });
      const amountFen = fen(request.amountFen);
      const transferId = await this.ledger.post(tx, {
        kind: 'debt-payment', businessDay: this.clock.today(), pointId, idempotencyScope: `staff:${staffId}`, idempotencyKey: key, actorKind: 'staff',
        actorId: staffId, memo: `debt ${request.tender}`,
        postings: debtPaymentPostings({ seniorId: owner.seniorId, source: request.tender === 'cash' ? cashAt(pointId) : qrAt(pointId), amountFen }),
      });
      if (shiftId !== null) await this.shifts.enter(tx, shiftId, transferId, request.amountFen);
      await this.audit.record({
        actorKind: 'staff', actorId: staffId, action: 'debt.paid', objectKind: 'senior', objectId: owner.seniorId, outcome: 'done',
        detail: { amountFen, tender: request.tender },
      }, tx);
      return this.receipt(owner, request.amountFen, {
        transferId, settledDebtFen: amountFen, storedFen: fen(0), debtLeftFen: fen(debtFen - amountFen), balanceFen: await this.ledger.balanceOf(walletOf(owner.seniorId), tx),
      });
    });
    return answer;
  }

  private receipt(owner: WalletOwner, amountFen: number, credited: Credited): DeskTopUpAnswer {
    return {
      ...credited, amountFen, receiptNo: credited.transferId.slice(-8).toUpperCase(), at: this.clock.now().toISOString(),
      pointName: owner.pointName, maskedName: owner.maskedName,
    };
  }

  private async ownOwner(tx: EntityManager, pointId: PointId, seniorId: string): Promise<WalletOwner> {
    const owner = await this.people.lock(tx, seniorId).catch((error: unknown) => {
      if (error instanceof DomainError) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'not-found');
      throw error;
    });
    if (owner.pointId !== pointId) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'not-found');
    return owner;
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DeskRefundAnswer, DeskRefundRequest } from '../../contract/desk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId, SetMealId, TransferId } from '../../domain/kernel/ids.js';
import { walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory } from '../menu/index.js';
import { DayGate, SiteDirectory } from '../sites/index.js';
import { MealClaims } from './meal-claims.js';
import { CashShifts } from '../wallets/index.js';
import { ReturnDebtPayment } from './return-debt-payment.js';
import { TakeBackDifference } from './take-back-difference.js';
import { MealPricing } from './meal-pricing.js';

export interface SoldMeal {
  mealId: string; transferId: TransferId; seniorId: string | null; setMealId: SetMealId; businessDay: BusinessDay; period: string;
  channel: string; dueFen: number; tender: string | null; isLate: number;
}

/** Who gives a meal back, whose drawer gives cash, and who looked at it beside them. */
export interface RefundCommand {
  readonly pointId: PointId;
  /** Who asked for it; cash goes out of their drawer. */
  readonly staffId: string;
  /** The second person, whose request this then is. */
  readonly approvedBy?: string;
  readonly key: string;
  readonly request: DeskRefundRequest;
}

/** Takes a whole meal back while its period lasts: a reversing transfer, the portion and the entitlement returned. */
@Injectable()
export class RefundMeal {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly gate: DayGate,
    private readonly sites: SiteDirectory,
    private readonly pricing: MealPricing,
    private readonly menu: MenuDirectory,
    private readonly ledger: Ledger,
    private readonly claims: MealClaims,
    private readonly debts: ReturnDebtPayment,
    private readonly differences: TakeBackDifference,
    private readonly shifts: CashShifts,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError PAYMENT.NOT_FOUND (also for another point's meal), PAYMENT.REFUND_CLOSED once the period is
   *   over and for a meal of another day that was booked late (that is clawed back), PAYMENT.ALREADY_REFUNDED, CLOSE.DAY_CLOSED, SHIFT.NOT_OPEN and SHIFT.OTHER_DAY when cash goes back
   */
  async execute(command: RefundCommand): Promise<DeskRefundAnswer> {
    const { answer } = await this.idempotency.run(
      { scope: `staff:${command.staffId}`, key: command.key, request: { refund: command.request } }, (tx) => this.within(tx, command),
    );
    return answer;
  }

  /** What can still be given back of it. @throws DomainError PAYMENT.NOT_FOUND, PAYMENT.REFUND_CLOSED, PAYMENT.ALREADY_REFUNDED, CLOSE.DAY_CLOSED */
  async requireRefundable(tx: EntityManager, command: Pick<RefundCommand, 'pointId' | 'request'>): Promise<SoldMeal> {
    const meal = await this.soldMeal(tx, command.pointId, command.request.mealId);
    const site = await this.sites.point(command.pointId, tx);
    const serving = await this.pricing.servingNow(site, tx);
    if (serving === null || serving.day !== meal.businessDay || serving.period !== meal.period || meal.channel === 'delivery' || Number(meal.isLate) === 1) {
      throw new DomainError('PAYMENT.REFUND_CLOSED', 'refused');
    }
    await this.gate.requireOpen(tx, command.pointId, meal.businessDay);
    return meal;
  }

  /** As `execute`, in the transaction of a request that is already noted. */
  async within(tx: EntityManager, command: RefundCommand): Promise<DeskRefundAnswer> {
    const meal = await this.requireRefundable(tx, command);
    const actorId = command.approvedBy ?? command.staffId;
    const givesCash = meal.tender === 'cash';
    const shiftId = givesCash ? await this.shifts.requireOpen(tx, command.staffId, command.pointId, meal.businessDay) : null;
    const act = { businessDay: meal.businessDay, pointId: command.pointId, idempotencyScope: `staff:${actorId}`, actorKind: 'staff' as const, actorId };
    await this.differences.execute(tx, meal.mealId, 'debt', act);
    const settled = await this.debts.settlementOf(tx, meal.seniorId, meal.transferId);
    const transferId = await this.reverse(tx, meal, command);
    await this.differences.execute(tx, meal.mealId, 'wallet', act);
    const returnedFen = await this.debts.give(tx, settled, meal, act);
    if (shiftId !== null) await this.shifts.enter(tx, shiftId, transferId, -Number(meal.dueFen));
    await this.menu.returnPortion(tx, command.pointId, meal.setMealId, meal.channel === 'eat-in' ? 'served' : 'collected');
    await this.audit.record({
      actorKind: 'staff', actorId, action: 'meal.refunded', objectKind: 'meal', objectId: meal.mealId, outcome: 'done',
      detail: { reason: command.request.reason, dueFen: Number(meal.dueFen), ...(command.approvedBy === undefined ? {} : { askedBy: command.staffId }) },
    }, tx);
    const tender = meal.tender ?? 'none';
    return {
      mealId: meal.mealId, refundedFen: Number(meal.dueFen), tender, waits: false,
      balanceFen: meal.seniorId !== null && (tender === 'wallet' || returnedFen > 0) ? await this.ledger.balanceOf(walletOf(meal.seniorId), tx) : null,
    };
  }

  private async reverse(tx: EntityManager, meal: SoldMeal, command: RefundCommand): Promise<TransferId> {
    const actorId = command.approvedBy ?? command.staffId;
    const now = this.clock.now();
    await this.claims.release(tx, meal.mealId);
    try {
      const transferId = await this.ledger.reverse(tx, meal.transferId, {
        kind: 'meal-reversal', businessDay: meal.businessDay, pointId: command.pointId, idempotencyScope: `staff:${actorId}`,
        idempotencyKey: command.key, actorKind: 'staff', actorId, memo: `refund ${command.request.reason}`,
      });
      await tx.query(
        'INSERT INTO meal_reversal (meal_id, transfer_id, reason, note, staff_id, approved_by, business_day, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        [meal.mealId, transferId, command.request.reason, command.request.note, command.staffId, command.approvedBy ?? null, this.clock.today(), now],
      );
      return transferId;
    } catch (error) {
      if (isDuplicateKey(error, 'PRIMARY') || isDuplicateKey(error, 'uq_transfer_reverses')) throw new DomainError('PAYMENT.ALREADY_REFUNDED', 'conflict');
      throw error;
    }
  }

  private async soldMeal(tx: EntityManager, pointId: PointId, mealId: string): Promise<SoldMeal> {
    const [meal] = await tx.query<(SoldMeal & { reversedAt: Date | null })[]>(
      `SELECT m.id AS mealId, m.transfer_id AS transferId, m.senior_id AS seniorId, m.set_meal_id AS setMealId,
              m.business_day AS businessDay, m.period, m.channel, m.due_fen AS dueFen, r.at AS reversedAt,
              EXISTS (SELECT 1 FROM late_line l WHERE l.meal_id = m.id AND l.meal_day <> m.business_day) AS isLate,
              (SELECT a.kind FROM entry e JOIN account a ON a.id = e.account_id
               WHERE e.transfer_id = m.transfer_id AND a.kind IN ('wallet', 'donation', 'cash', 'qr', 'debt') LIMIT 1) AS tender
       FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id WHERE m.id = ? AND m.point_id = ?`,
      [mealId, pointId],
    );
    if (meal === undefined) throw new DomainError('PAYMENT.NOT_FOUND', 'not-found');
    if (meal.reversedAt !== null) throw new DomainError('PAYMENT.ALREADY_REFUNDED', 'conflict');
    return meal;
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { fen } from '../../domain/kernel/money.js';
import { cashAt, paidInPostings, qrAt } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { Ledger } from '../ledger/index.js';
import { DayGate } from '../sites/index.js';
import { WalletPeople } from '../wallets/index.js';
import { MealClaims } from './meal-claims.js';
import { ReturnDebtPayment } from './return-debt-payment.js';
import { TakeBackDifference } from './take-back-difference.js';

/** The reason of a meal that was taken back without its portion: the food is gone. Every other reason returns one. */
export const CLAW_BACK = 'claw-back';

export interface MealReversal {
  readonly mealId: string;
  readonly note: string;
  readonly staffId: string;
  readonly key: string;
}
interface SoldMeal { readonly transferId: TransferId; readonly pointId: string; readonly seniorId: string | null }
interface HandedOver { readonly kind: 'cash' | 'qr'; readonly amountFen: number }

/**
 * Takes a meal back whatever its day, as a claw-back does: the transfer reversed on today's day, so that a month which is
 * already signed stays as it was; the entitlement released. No portion returns, because the food is gone.
 *
 * What the diner paid in cash or by QR code does not leave the till again: nobody stands at the counter, no drawer would
 * give it, and a day whose cash nobody paid out could not be closed. The reversal books it out, a second transfer takes
 * it from the same till into the diner's wallet, debts first. There it is own money like any other: refunded by two
 * people, after a death to the heir.
 */
@Injectable()
export class ReverseMeal {
  constructor(
    private readonly ledger: Ledger, private readonly claims: MealClaims, private readonly gate: DayGate, private readonly people: WalletPeople, private readonly debts: ReturnDebtPayment,
    private readonly differences: TakeBackDifference, private readonly clock: Clock,
  ) {}

  /** @throws DomainError PAYMENT.NOT_FOUND, PAYMENT.ALREADY_REFUNDED, PAYMENT.NOBODY_TO_REPAY, CLOSE.DAY_CLOSED while the point's today is signed */
  async execute(tx: EntityManager, reversal: MealReversal): Promise<{ transferId: TransferId; bookedOn: BusinessDay }> {
    const [meal] = await tx.query<SoldMeal[]>(
      'SELECT transfer_id AS transferId, point_id AS pointId, senior_id AS seniorId FROM meal WHERE id = ?', [reversal.mealId],
    );
    if (meal === undefined) throw new DomainError('PAYMENT.NOT_FOUND', 'not-found');
    const bookedOn = this.clock.today();
    await this.gate.requireOpen(tx, meal.pointId, bookedOn);
    await this.differences.execute(tx, reversal.mealId, 'debt', this.act(meal, reversal, bookedOn));
    const settled = await this.debts.settlementOf(tx, meal.seniorId, meal.transferId);
    await this.claims.release(tx, reversal.mealId);
    try {
      const transferId = await this.ledger.reverse(tx, meal.transferId, {
        ...this.act(meal, reversal, bookedOn), kind: 'meal-reversal', idempotencyKey: reversal.key, memo: `reversal ${CLAW_BACK}`,
      });
      await tx.query(
        'INSERT INTO meal_reversal (meal_id, transfer_id, reason, note, staff_id, business_day, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [reversal.mealId, transferId, CLAW_BACK, reversal.note, reversal.staffId, bookedOn, this.clock.now()],
      );
      await this.differences.execute(tx, reversal.mealId, 'wallet', this.act(meal, reversal, bookedOn));
      await this.debts.give(tx, settled, { seniorId: meal.seniorId, mealId: reversal.mealId }, this.act(meal, reversal, bookedOn));
      await this.repay(tx, meal, reversal, bookedOn);
      return { transferId, bookedOn };
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('PAYMENT.ALREADY_REFUNDED', 'conflict');
      throw error;
    }
  }

  /** The diner's own part that lies in the till stays there and becomes stored value. */
  private async repay(tx: EntityManager, meal: SoldMeal, reversal: MealReversal, bookedOn: BusinessDay): Promise<void> {
    const [handed] = await tx.query<HandedOver[]>(
      `SELECT a.kind, -e.amount_fen AS amountFen FROM entry e JOIN account a ON a.id = e.account_id
       WHERE e.transfer_id = ? AND a.kind IN ('cash', 'qr') AND e.amount_fen < 0`, [meal.transferId],
    );
    if (handed === undefined) return;
    const { seniorId, pointId } = meal;
    if (seniorId === null) throw new DomainError('PAYMENT.NOBODY_TO_REPAY', 'refused');
    await this.ledger.post(tx, {
      ...this.act(meal, reversal, bookedOn), kind: 'meal-repayment', idempotencyKey: `own-${reversal.mealId}`, memo: `repayment ${CLAW_BACK} ${handed.kind}`,
      postings: paidInPostings({
        seniorId, source: handed.kind === 'cash' ? cashAt(pointId) : qrAt(pointId), amountFen: fen(Number(handed.amountFen)), debtFen: await this.people.debtFen(tx, seniorId),
      }),
    });
  }

  private act(meal: SoldMeal, reversal: MealReversal, businessDay: BusinessDay) {
    return { businessDay, pointId: meal.pointId, idempotencyScope: `staff:${reversal.staffId}`, actorKind: 'staff' as const, actorId: reversal.staffId };
  }
}

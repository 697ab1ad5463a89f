import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { Ledger } from '../ledger/index.js';
import { MealClaims } from './meal-claims.js';

export interface MealReversal {
  readonly mealId: string;
  /** A code: reports group by it. */
  readonly reason: string;
  readonly note: string;
  readonly staffId: string;
  readonly key: string;
}

/**
 * Takes a meal back whatever its day, as a claw-back does: the transfer reversed on today's day, so that a month which is
 * already signed stays as it was; the entitlement released. No portion returns, because the food is gone.
 */
@Injectable()
export class ReverseMeal {
  constructor(private readonly ledger: Ledger, private readonly claims: MealClaims, private readonly clock: Clock) {}

  /** @throws DomainError PAYMENT.NOT_FOUND, PAYMENT.ALREADY_REFUNDED */
  async execute(tx: EntityManager, reversal: MealReversal): Promise<{ transferId: TransferId; bookedOn: BusinessDay }> {
    const [meal] = await tx.query<{ transferId: TransferId; pointId: string }[]>(
      'SELECT transfer_id AS transferId, point_id AS pointId FROM meal WHERE id = ?', [reversal.mealId],
    );
    if (meal === undefined) throw new DomainError('PAYMENT.NOT_FOUND', 'not-found');
    const bookedOn = this.clock.today();
    await this.claims.release(tx, reversal.mealId);
    try {
      const transferId = await this.ledger.reverse(tx, meal.transferId, {
        kind: 'meal-reversal', businessDay: bookedOn, pointId: meal.pointId, idempotencyScope: `staff:${reversal.staffId}`,
        idempotencyKey: reversal.key, actorKind: 'staff', actorId: reversal.staffId, memo: `reversal ${reversal.reason}`,
      });
      await tx.query(
        'INSERT INTO meal_reversal (meal_id, transfer_id, reason, note, staff_id, business_day, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [reversal.mealId, transferId, reversal.reason, reversal.note, reversal.staffId, bookedOn, this.clock.now()],
      );
      return { transferId, bookedOn };
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('PAYMENT.ALREADY_REFUNDED', 'conflict');
      throw error;
    }
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealId, PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import type { MealChannel } from '../../domain/kernel/meal-period.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { donationOf, walletOf, type Tender } from '../../domain/ledger/index.js';
import type { QuoteFacts } from '../../domain/pricing/index.js';
import { parseJson } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory } from '../menu/index.js';
import { SeniorDirectory, type Diner } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import { MealClaims } from './meal-claims.js';
import { MealPricing } from './meal-pricing.js';
import type { PricedMeal } from './priced-meal.js';
import { RecordMeal } from './record-meal.js';

interface SoldMeal {
  mealId: string; pointId: PointId; seniorId: SeniorId; operatorId: string; setMealId: SetMealId; channel: MealChannel; grossFen: string; dueFen: string; facts: unknown; tender: string | null; soldAt: Date;
}

/**
 * The price of a meal under what is known now of its own day: somebody whose category had ended ate all the same, and only
 * what was too much of the subsidy goes back. The meal is taken back and booked again; everything but the person's
 * categories and stays is as it was when it was sold.
 */
@Injectable()
export class RepriceMeal {
  constructor(
    private readonly seniors: SeniorDirectory, private readonly sites: SiteDirectory, private readonly menu: MenuDirectory, private readonly pricing: MealPricing,
    private readonly claims: MealClaims, private readonly recordMeal: RecordMeal, private readonly ledger: Ledger,
  ) {}

  /** By how much the diner's own part would rise; nothing is changed. @throws DomainError PAYMENT.NOT_FOUND and what pricing throws */
  async differenceFen(tx: EntityManager, mealId: string): Promise<Fen> {
    const meal = await this.sold(tx, mealId);
    await tx.query('SAVEPOINT repricing');
    await this.claims.release(tx, mealId);
    const { priced } = await this.priceOf(tx, meal);
    await tx.query('ROLLBACK TO SAVEPOINT repricing');
    return fen(priced.quote.dueFen - Number(meal.dueFen));
  }

  /**
   * Books the meal again, after it was taken back in this transaction.
   *
   * @param again the day on which it counts, and the late line by which it is known
   * @returns the new meal with its own part
   */
  async bookAgain(tx: EntityManager, mealId: string, again: { readonly bookedOn: BusinessDay; readonly lineId: string; readonly staffId: string }): Promise<{ mealId: MealId; seniorId: SeniorId; pointId: PointId; mealDay: BusinessDay; dueFen: Fen }> {
    const meal = await this.sold(tx, mealId);
    const { priced, diner } = await this.priceOf(tx, meal);
    const newMealId = newId<MealId>();
    await this.recordMeal.claimSlots(tx, newMealId, priced, diner);
    await this.recordMeal.write(tx, newMealId, {
      priced, diner, tender: await this.tenderFor(tx, meal, priced.quote.dueFen), actor: { kind: 'staff', id: again.staffId }, key: `late-${again.lineId}`, identifiedBy: 'staff',
      identification: { reason: 'repriced', repriced: mealId, mealDay: priced.offer.businessDay, late: true }, pickupNo: '', routeStopId: null, bookedOn: again.bookedOn, soldAt: meal.soldAt,
    });
    return { mealId: newMealId, seniorId: meal.seniorId, pointId: meal.pointId, mealDay: priced.offer.businessDay, dueFen: priced.quote.dueFen };
  }

  private async priceOf(tx: EntityManager, meal: SoldMeal): Promise<{ priced: PricedMeal; diner: Diner }> {
    const facts = parseJson<QuoteFacts>(meal.facts);
    if (facts.diner === null) throw new DomainError('PAYMENT.NOT_FOUND', 'not-found');
    const [now, place, listed] = [await this.seniors.byId(meal.seniorId, tx), await this.sites.point(meal.pointId, tx), await this.menu.offer(meal.pointId, meal.setMealId, tx)];
    const { birthDate, hukouArea, residenceArea } = facts.diner;
    const diner: Diner = { ...now, birthDate, hukouArea, residenceArea };
    const site = { ...place, operatorId: meal.operatorId as typeof place.operatorId, area: facts.pointArea };
    const offer = { ...listed, grossFen: fen(Number(meal.grossFen) - (facts.deliveryFeeFen ?? 0)), dietTags: facts.dietTags ?? listed.dietTags };
    return { priced: await this.pricing.priceFor(tx, { site, offer, channel: meal.channel, diner, mealKind: facts.mealKind }), diner };
  }

  /** From where it was paid before, if there is enough; otherwise it is owed. The account's row stays locked. */
  private async tenderFor(tx: EntityManager, meal: SoldMeal, dueFen: Fen): Promise<Tender> {
    const from = meal.tender === 'donation' ? donationOf(meal.seniorId) : walletOf(meal.seniorId);
    if (dueFen > 0 && await this.ledger.lockedBalanceOf(tx, from) < dueFen) return 'debt';
    return meal.tender === 'donation' ? 'donation' : 'wallet';
  }

  private async sold(tx: EntityManager, mealId: string): Promise<SoldMeal> {
    const [meal] = await tx.query<SoldMeal[]>(
      `SELECT id AS mealId, point_id AS pointId, senior_id AS seniorId, operator_id AS operatorId, set_meal_id AS setMealId, channel, gross_fen AS grossFen, due_fen AS dueFen, facts, tender,
         sold_at AS soldAt FROM meal WHERE id = ? AND senior_id IS NOT NULL`, [mealId],
    );
    if (meal === undefined) throw new DomainError('PAYMENT.NOT_FOUND', 'not-found');
    return meal;
  }
}

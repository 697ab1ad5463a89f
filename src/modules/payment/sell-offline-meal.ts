import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealId, PersonCode, PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import type { Fen } from '../../domain/kernel/money.js';
import { walletOf, type Tender } from '../../domain/ledger/index.js';
import { newId } from '../../infra/ids.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory } from '../menu/index.js';
import { SeniorDirectory } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import { MealPricing } from './meal-pricing.js';
import { RecordMeal, type MealRecord } from './record-meal.js';

/** A meal that a kiosk sold while it had no network. */
export interface OfflineMeal {
  readonly pointId: PointId;
  readonly deviceId: string;
  readonly personCode: string;
  readonly setMealId: SetMealId;
  /** The kiosk's key; one transfer per key and device. */
  readonly key: string;
  readonly soldAt: Date;
  readonly identifiedBy: Extract<MealRecord['identifiedBy'], 'face' | 'face-digits' | 'digits' | 'card'>;
  readonly identification: MealRecord['identification'];
  /** What the kiosk said was to pay. */
  readonly shownFen: number;
  /** Set where a person has agreed to a price above what was shown, or to post what was sold after a recall began. */
  readonly mayExceed: boolean;
  /** null: on the day of the meal, whose portions it takes; otherwise the open day on which it counts. */
  readonly bookedOn: BusinessDay | null;
}

export interface SoldOfflineMeal {
  readonly mealId: MealId;
  readonly seniorId: SeniorId;
  readonly dueFen: Fen;
  /** `debt` where the wallet lacked the money: the meal is eaten. */
  readonly tender: Tender;
}

/** Prices and posts such a meal by the one pricing path, under the policy, entitlement and menu of the meal's own day. */
@Injectable()
export class SellOfflineMeal {
  constructor(
    private readonly seniors: SeniorDirectory, private readonly sites: SiteDirectory, private readonly menu: MenuDirectory,
    private readonly pricing: MealPricing, private readonly ledger: Ledger, private readonly recordMeal: RecordMeal,
  ) {}

  /**
   * @param tx the caller's transaction, in which the day of the booking is held open and the key is taken
   * @throws DomainError OFFLINE.PRICE_DIFFERS with dueFen where more is due than was shown, PAYMENT.ALREADY_SERVED,
   *   PAYMENT.SOLD_OUT, PAYMENT.MEAL_RECALLED where it was sold after a recall began and nobody has agreed, PAYMENT.SENIOR_UNKNOWN,
   *   PAYMENT.SENIOR_SUSPENDED, PAYMENT.SENIOR_GONE, and what pricing throws
   */
  async execute(tx: EntityManager, sold: OfflineMeal): Promise<SoldOfflineMeal> {
    const diner = await this.seniors.byPersonCode(sold.personCode as PersonCode, tx);
    const site = await this.sites.point(sold.pointId, tx);
    if (diner.streetId !== site.streetId) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'refused');
    const offer = await this.menu.offer(sold.pointId, sold.setMealId, tx);
    await this.seniors.holdPresent(tx, diner.seniorId, offer.businessDay);
    if (diner.status === 'suspended' && !sold.mayExceed) throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
    const priced = await this.pricing.priceFor(tx, { site, offer, channel: 'eat-in', diner });
    if (priced.facts.usedSlots.includes(`meal:${offer.period}`)) throw new DomainError('PAYMENT.ALREADY_SERVED', 'conflict');
    const { dueFen } = priced.quote;
    if (dueFen > sold.shownFen && !sold.mayExceed) throw new DomainError('OFFLINE.PRICE_DIFFERS', 'refused', { dueFen, shownFen: sold.shownFen });
    const mealId = newId<MealId>();
    await this.recordMeal.claimSlots(tx, mealId, priced, diner);
    const pickupNo = sold.bookedOn === null
      ? `${offer.code}${String(await this.menu.takePortion(tx, sold.pointId, sold.setMealId, 'served', sold.mayExceed ? 'decided' : sold.soldAt)).padStart(3, '0')}` : '';
    const tender: Tender = dueFen === 0 || await this.ledger.lockedBalanceOf(tx, walletOf(diner.seniorId)) >= dueFen ? 'wallet' : 'debt';
    await this.recordMeal.write(tx, mealId, {
      priced, diner, tender, actor: { kind: 'device', id: sold.deviceId }, key: sold.key, identifiedBy: sold.identifiedBy,
      identification: sold.identification, pickupNo, routeStopId: null, soldAt: sold.soldAt,
      ...(sold.bookedOn === null ? {} : { bookedOn: sold.bookedOn }),
    });
    return { mealId, seniorId: diner.seniorId, dueFen, tender };
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { MealId, PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import type { Fen } from '../../domain/kernel/money.js';
import { walletOf, type Tender } from '../../domain/ledger/index.js';
import { newId } from '../../infra/ids.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory } from '../menu/index.js';
import { SeniorDirectory } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import { MealPricing } from './meal-pricing.js';
import { RecordMeal } from './record-meal.js';

export interface DeliveredMeal {
  readonly seniorId: SeniorId;
  /** The point on whose account the meal goes: the senior's own. */
  readonly pointId: PointId;
  readonly setMealId: SetMealId;
  readonly routeStopId: string;
  readonly staffId: string;
  /** Who took it and what proves it, as codes. */
  readonly proof: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Posts a meal that was handed over at a door, in the transaction of the stop's result: the event is the claim. The meal
 * has been given, so money never refuses it: what the wallet lacks becomes the diner's debt, shown to the street. The
 * portion was taken from the load when the crate was packed, so no stock moves here.
 */
@Injectable()
export class SellDeliveredMeal {
  constructor(
    private readonly seniors: SeniorDirectory,
    private readonly sites: SiteDirectory,
    private readonly menu: MenuDirectory,
    private readonly pricing: MealPricing,
    private readonly ledger: Ledger,
    private readonly recordMeal: RecordMeal,
  ) {}

  /**
   * @param tx the transaction that records the stop's result
   * @throws DomainError PAYMENT.ALREADY_SERVED when this senior has had the meal of the period already;
   *   PAYMENT.SENIOR_GONE after a death or a move
   */
  async execute(tx: EntityManager, delivered: DeliveredMeal): Promise<{ mealId: MealId; grossFen: Fen; dueFen: Fen }> {
    const diner = await this.seniors.byId(delivered.seniorId, tx);
    const site = await this.sites.point(delivered.pointId, tx);
    const offer = await this.menu.offer(delivered.pointId, delivered.setMealId, tx);
    await this.seniors.holdPresent(tx, delivered.seniorId, offer.businessDay);
    const priced = await this.pricing.priceFor(tx, { site, offer, channel: 'delivery', diner });
    const mealId = newId<MealId>();
    await this.recordMeal.claimSlots(tx, mealId, priced, diner);
    await this.recordMeal.write(tx, mealId, {
      priced, diner, tender: await this.tenderFor(tx, delivered.seniorId, priced.quote.dueFen),
      actor: { kind: 'staff', id: delivered.staffId }, key: `stop-${delivered.routeStopId}`, identifiedBy: 'crew',
      identification: delivered.proof, pickupNo: '', routeStopId: delivered.routeStopId,
    });
    return { mealId, grossFen: priced.quote.grossFen, dueFen: priced.quote.dueFen };
  }

  /** Locks the wallet's row, so that the balance seen here is the balance charged. */
  private async tenderFor(tx: EntityManager, seniorId: SeniorId, dueFen: Fen): Promise<Tender> {
    if (dueFen === 0) return 'wallet';
    return await this.ledger.lockedBalanceOf(tx, walletOf(seniorId)) >= dueFen ? 'wallet' : 'debt';
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealId, PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import type { MealChannel } from '../../domain/kernel/meal-period.js';
import type { Fen } from '../../domain/kernel/money.js';
import { walletOf, type Tender } from '../../domain/ledger/index.js';
import { newId } from '../../infra/ids.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory } from '../menu/index.js';
import { SeniorDirectory } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import { CashShifts } from '../wallets/index.js';
import { MealPricing } from './meal-pricing.js';
import { RecordMeal, type MealRecord } from './record-meal.js';

/** A meal that was eaten or handed over earlier and reaches the books only now: from paper, or after its day was closed. */
export interface HeldMeal {
  readonly pointId: PointId;
  readonly seniorId: SeniorId;
  readonly setMealId: SetMealId;
  readonly channel: MealChannel;
  /** What was noted; `wallet` becomes a debt where the wallet lacks the money, because the meal is eaten. */
  readonly tender: 'wallet' | 'cash' | 'qr';
  readonly staffId: string;
  readonly identifiedBy: Extract<MealRecord['identifiedBy'], 'paper' | 'crew'>;
  readonly identification: MealRecord['identification'];
  readonly routeStopId: string | null;
  /** One transfer per key in the scope of the staff member: list number and line, or the late line. */
  readonly key: string;
  /** null: on the day of the meal, whose portions it takes; otherwise the open day on which it counts. */
  readonly bookedOn: BusinessDay | null;
  /** A second person has agreed to post it, also where its meal is recalled meanwhile. */
  readonly decided?: boolean;
}

/** Posts such a meal by the one pricing path, under the policy, entitlement and menu of the meal's own day. */
@Injectable()
export class SellHeldMeal {
  constructor(
    private readonly seniors: SeniorDirectory, private readonly sites: SiteDirectory, private readonly menu: MenuDirectory,
    private readonly pricing: MealPricing, private readonly ledger: Ledger, private readonly recordMeal: RecordMeal,
    private readonly shifts: CashShifts,
  ) {}

  /**
   * @param tx the caller's transaction, in which the day of the booking is held open
   * @throws DomainError PAYMENT.ALREADY_SERVED, PAYMENT.SOLD_OUT, PAYMENT.MEAL_RECALLED, PAYMENT.SENIOR_UNKNOWN, PAYMENT.SENIOR_SUSPENDED
   *   (paper only), PAYMENT.SENIOR_GONE after a death or a move, and what pricing throws
   */
  async execute(tx: EntityManager, held: HeldMeal): Promise<{ mealId: MealId; grossFen: Fen; dueFen: Fen }> {
    const diner = await this.seniors.byId(held.seniorId, tx);
    const site = await this.sites.point(held.pointId, tx);
    if (diner.streetId !== site.streetId) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'not-found');
    if (held.identifiedBy === 'paper' && diner.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
    const offer = await this.menu.offer(held.pointId, held.setMealId, tx);
    await this.seniors.holdPresent(tx, held.seniorId, offer.businessDay);
    const priced = await this.pricing.priceFor(tx, { site, offer, channel: held.channel, diner });
    if (priced.facts.usedSlots.includes(`meal:${offer.period}`)) throw new DomainError('PAYMENT.ALREADY_SERVED', 'conflict');
    const mealId = newId<MealId>();
    await this.recordMeal.claimSlots(tx, mealId, priced, diner);
    const pickupNo = held.bookedOn === null && held.routeStopId === null ? await this.takePortion(tx, held, offer.code) : '';
    const shiftId = held.tender === 'cash' && priced.quote.dueFen > 0 ? await this.drawerOf(tx, held, held.bookedOn ?? offer.businessDay) : null;
    const transferId = await this.recordMeal.write(tx, mealId, {
      priced, diner, tender: await this.tenderFor(tx, held, priced.quote.dueFen), actor: { kind: 'staff', id: held.staffId }, key: held.key,
      identifiedBy: held.identifiedBy, identification: held.identification, pickupNo, routeStopId: held.routeStopId,
      ...(held.bookedOn === null ? {} : { bookedOn: held.bookedOn }),
    });
    if (shiftId !== null) await this.shifts.enter(tx, shiftId, transferId, priced.quote.dueFen);
    return { mealId, grossFen: priced.quote.grossFen, dueFen: priced.quote.dueFen };
  }

  /** The cash lies in the drawer of whoever entered the list, if one of the day on which it is booked is open; otherwise that day's count will show it. */
  private async drawerOf(tx: EntityManager, held: HeldMeal, day: BusinessDay): Promise<string | null> {
    return this.shifts.requireOpen(tx, held.staffId, held.pointId, day).catch((error: unknown) => {
      if (error instanceof DomainError && (error.code === 'SHIFT.NOT_OPEN' || error.code === 'SHIFT.OTHER_DAY')) return null;
      throw error;
    });
  }

  private async takePortion(tx: EntityManager, held: HeldMeal, code: string): Promise<string> {
    const portionNo = await this.menu.takePortion(tx, held.pointId, held.setMealId, held.channel === 'eat-in' ? 'served' : 'collected', held.decided === true ? 'decided' : 'now');
    return `${code}${String(portionNo).padStart(3, '0')}`;
  }

  /** Locks the wallet's row, so that the balance seen here is the balance charged. */
  private async tenderFor(tx: EntityManager, held: HeldMeal, dueFen: Fen): Promise<Tender> {
    if (held.tender !== 'wallet' || dueFen === 0) return held.tender;
    return await this.ledger.lockedBalanceOf(tx, walletOf(held.seniorId)) >= dueFen ? 'wallet' : 'debt';
  }
}

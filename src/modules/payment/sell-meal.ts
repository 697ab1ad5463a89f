import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SaleAnswer } from '../../contract/desk.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealId, PointId, SetMealId } from '../../domain/kernel/ids.js';
import { walletOf } from '../../domain/ledger/index.js';
import type { WeighedLine } from '../../domain/pricing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Metrics } from '../../infra/health/metrics.js';
import { Idempotency, type IdempotentRequest } from '../../infra/idempotency/idempotency.js';
import { newId } from '../../infra/ids.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory } from '../menu/index.js';
import { Notices } from '../notices/index.js';
import { DayGate } from '../sites/index.js';
import { CashShifts } from '../wallets/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { SeniorDirectory, type Diner } from '../seniors/index.js';
import { MealPricing } from './meal-pricing.js';
import type { PricedMeal } from './priced-meal.js';
import { receiptNoOf } from './receipt-no.js';
import { RecordMeal, type MealRecord } from './record-meal.js';
import { ShortWallet } from './short-wallet.js';

/** Who was found and how; made by the channel (kiosk or desk) inside the transaction. */
export interface IdentifiedDiner {
  readonly diner: Diner | null;
  readonly identifiedBy: MealRecord['identifiedBy'];
  readonly identification: MealRecord['identification'];
}

export interface SaleCommand {
  readonly pointId: PointId;
  readonly actor: { readonly kind: 'staff' | 'device'; readonly id: string };
  /** Made and stored by the client before sending. */
  readonly key: string;
  /** The whole request as sent; its hash tells a repeat from another request. */
  readonly request: unknown;
  readonly setMealId: SetMealId;
  /** What the scale showed, for a set meal that is sold by weight. */
  readonly plate?: readonly WeighedLine[] | undefined;
  readonly channel: 'eat-in' | 'take-away';
  readonly tender: 'wallet' | 'cash' | 'qr' | 'donation';
  /** Somebody else stands there: what is left in the wallet is not theirs to know. */
  readonly hidesBalance?: boolean;
  readonly expectedDueFen: number;
  readonly identify: (tx: EntityManager) => Promise<IdentifiedDiner>;
}

/**
 * Sells one meal that is being served now: one transaction with the entitlement, the portion, the balanced transfer,
 * the meal and the stored answer. Redis is not touched; no row is shared by more than one point.
 */
@Injectable()
export class SellMeal {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly gate: DayGate,
    private readonly pricing: MealPricing,
    private readonly menu: MenuDirectory,
    private readonly suitability: MealSuitability,
    private readonly ledger: Ledger,
    private readonly recordMeal: RecordMeal,
    private readonly shifts: CashShifts,
    private readonly seniors: SeniorDirectory,
    private readonly notices: Notices,
    private readonly short: ShortWallet,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @throws DomainError of identification, PAYMENT.PRICE_CHANGED, PAYMENT.ALREADY_SERVED, PAYMENT.NOT_SUITABLE, PAYMENT.SOLD_OUT,
   *   PAYMENT.INSUFFICIENT_BALANCE, SHIFT.NOT_OPEN for cash, PAYMENT.NOT_SERVING, PAYMENT.MEAL_UNKNOWN, CLOSE.DAY_CLOSED, IDEMPOTENCY.KEY_REUSED
   */
  async execute(command: SaleCommand): Promise<SaleAnswer & { replayed: boolean }> {
    const stopTimer = this.metrics.paymentSeconds.startTimer();
    const who: { diner: Diner | null } = { diner: null };
    const identify = async (tx: EntityManager): Promise<IdentifiedDiner> => {
      const found = await command.identify(tx);
      who.diner = found.diner;
      return found;
    };
    try {
      const { answer, replayed } = await this.idempotency.run(requestOf(command), (tx) => this.sell(tx, { ...command, identify }));
      return { ...answer, replayed };
    } catch (error) {
      if (error instanceof DomainError) this.metrics.refusals.inc({ code: error.code });
      if (error instanceof DomainError && error.code === 'PAYMENT.INSUFFICIENT_BALANCE' && who.diner !== null) await this.short.tell(who.diner);
      throw error;
    } finally {
      stopTimer();
    }
  }

  /** Whether this very sale has been made: then a repeat is answered and nothing is proved anew. @throws DomainError IDEMPOTENCY.KEY_REUSED */
  isMade(command: SaleCommand): Promise<boolean> {
    return this.idempotency.isAnswered(requestOf(command));
  }

  private async sell(tx: EntityManager, command: SaleCommand): Promise<SaleAnswer> {
    const { diner, identifiedBy, identification } = await command.identify(tx);
    if (diner) await this.seniors.holdActive(tx, diner.seniorId);
    const priced = await this.pricing.priceNow(tx, { pointId: command.pointId, setMealId: command.setMealId, channel: command.channel, diner, plate: command.plate });
    if (priced.facts.usedSlots.includes(`meal:${priced.offer.period}`)) throw new DomainError('PAYMENT.ALREADY_SERVED', 'conflict');
    if (diner) {
      const at = { day: priced.offer.businessDay, period: priced.offer.period, door: { counterOf: command.pointId } };
      await this.suitability.require(tx, diner.seniorId, at, priced.offer.setMealId, 'PAYMENT.NOT_SUITABLE');
    }
    if (priced.quote.dueFen !== command.expectedDueFen) {
      throw new DomainError('PAYMENT.PRICE_CHANGED', 'conflict', { dueFen: priced.quote.dueFen });
    }
    await this.gate.requireOpen(tx, command.pointId, priced.offer.businessDay);
    const takesCash = command.tender === 'cash' && priced.quote.dueFen > 0;
    const shiftId = takesCash ? await this.shifts.requireOpen(tx, command.actor.id, command.pointId, priced.offer.businessDay) : null;
    const mealId = newId<MealId>();
    if (diner) await this.recordMeal.claimSlots(tx, mealId, priced, diner);
    const use = command.channel === 'eat-in' ? 'served' : 'collected';
    await this.menu.requireOnSale(tx, command.pointId, priced.offer.setMealId, diner?.seniorId ?? null);
    const portionNo = await this.menu.takePortion(tx, command.pointId, priced.offer.setMealId, use);
    const pickupNo = `${priced.offer.code}${String(portionNo).padStart(3, '0')}`;
    const transferId = await this.recordMeal.write(tx, mealId, {
      priced, diner, tender: command.tender, actor: command.actor, key: command.key, identifiedBy, identification, pickupNo, routeStopId: null,
    });
    if (diner && 'collectorId' in identification) await this.tellCollected(tx, mealId, priced, diner);
    if (shiftId !== null) await this.shifts.enter(tx, shiftId, transferId, priced.quote.dueFen);
    this.metrics.payments.inc({ identified_by: identifiedBy });
    return this.answer(tx, mealId, pickupNo, priced, diner, command.tender === 'wallet' && command.hidesBalance !== true);
  }

  /** Whoever named a collector hears of each meal that was taken away in their name. */
  private async tellCollected(tx: EntityManager, mealId: MealId, { offer, site }: PricedMeal, diner: Diner): Promise<void> {
    await this.notices.request(tx, {
      kind: 'meal-collected', recipientKind: 'senior', recipientId: diner.seniorId, dedupKey: `meal-collected-${mealId}`,
      facts: { time: clockText(this.clock.now()), meal: offer.name, phone: site.phone },
    });
  }

  private async answer(tx: EntityManager, mealId: MealId, pickupNo: string, priced: PricedMeal, diner: Diner | null, tellsBalance: boolean): Promise<SaleAnswer> {
    const { quote, offer, site, payers } = priced;
    return {
      mealId, receiptNo: receiptNoOf(mealId), pickupNo, maskedName: diner?.maskedName ?? '', mealName: offer.name,
      pointName: site.name, grossFen: quote.grossFen, dueFen: quote.dueFen, payers: [...payers], explanation: quote.explanation,
      balanceFen: diner && tellsBalance ? await this.ledger.balanceOf(walletOf(diner.seniorId), tx) : null,
      soldAt: this.clock.now().toISOString(),
    };
  }
}

function requestOf(command: SaleCommand): IdempotentRequest {
  return { scope: `${command.actor.kind}:${command.actor.id}`, key: command.key, request: command.request };
}

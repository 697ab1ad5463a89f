import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { minuteOfDay, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import type { MealChannel, MealPeriod } from '../../domain/kernel/meal-period.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { isInNursingHomeOn } from '../../domain/persons/index.js';
import { amountKeysOf, priceOfPlate, quoteMeal, type MealQuote, type PricedLine, type QuoteFacts, type WeighedLine } from '../../domain/pricing/index.js';
import type { SubsidyPolicy } from '../../domain/subsidy/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { canonicalJson, sha256Hex } from '../../infra/crypto/digest.js';
import { MenuDirectory, WeighedMenu, type MealOffer } from '../menu/index.js';
import { OperatorContracts } from '../operators/index.js';
import type { Diner } from '../seniors/index.js';
import { SiteDirectory, type PointSite } from '../sites/index.js';
import { DeliveryFees, PolicyBook } from '../subsidy/index.js';
import { MealClaims, type UsedEntitlement } from './meal-claims.js';
import type { PricedMeal } from './priced-meal.js';

/** The one way by which every channel arrives at a price. */
@Injectable()
export class MealPricing {
  constructor(
    private readonly sites: SiteDirectory,
    private readonly menu: MenuDirectory,
    private readonly weighed: WeighedMenu,
    private readonly policies: PolicyBook,
    private readonly claims: MealClaims,
    private readonly contracts: OperatorContracts,
    private readonly fees: DeliveryFees,
    private readonly clock: Clock,
  ) {}

  /** The day and period that a point serves right now; null outside of serving hours. */
  async servingNow(site: PointSite, tx?: EntityManager): Promise<{ day: BusinessDay; period: MealPeriod; endMin: number } | null> {
    const minute = minuteOfDay(this.clock.now());
    const services = await this.sites.mealServices(site.pointId, tx);
    const service = services.find((candidate) => candidate.startMin <= minute && minute < candidate.endMin);
    return service ? { day: this.clock.today(), period: service.period, endMin: service.endMin } : null;
  }

  /**
   * Prices a set meal that is being served now.
   *
   * @param diner null for the public price
   * @param plate what the scale showed, for a set meal that is sold by weight
   * @throws DomainError PAYMENT.NOT_SERVING, PAYMENT.MEAL_UNKNOWN, PAYMENT.WEIGH_FIRST and what priceFor throws
   */
  async priceNow(tx: EntityManager, request: { pointId: PointId; setMealId: SetMealId; channel: MealChannel; diner: Diner | null; plate?: readonly WeighedLine[] | undefined }): Promise<PricedMeal> {
    const site = await this.sites.point(request.pointId, tx);
    const offer = await this.menu.offer(request.pointId, request.setMealId, tx);
    const serving = await this.servingNow(site, tx);
    if (serving === null || serving.day !== offer.businessDay || serving.period !== offer.period) {
      throw new DomainError('PAYMENT.NOT_SERVING', 'refused');
    }
    const plate = await this.plateOf(tx, request.setMealId, request.plate);
    const { channel, diner } = request;
    if (plate === null) return this.priceFor(tx, { site, offer, channel, diner });
    return { ...await this.priceFor(tx, { site, offer: { ...offer, grossFen: plate.grossFen }, channel, diner, mealKind: 'a-la-carte' }), weighed: plate.lines };
  }

  /** Null for what is sold by the portion. A weight without prices, or the other way round, is not sold. */
  private async plateOf(tx: EntityManager, setMealId: SetMealId, lines: readonly WeighedLine[] | undefined): Promise<{ grossFen: Fen; lines: readonly PricedLine[] } | null> {
    const prices = (await this.weighed.pricesOf(tx, [setMealId])).get(setMealId);
    if (prices === undefined && lines === undefined) return null;
    const plate = prices === undefined || lines === undefined ? null : priceOfPlate(lines, prices);
    if (plate === null) throw new DomainError('PAYMENT.WEIGH_FIRST', 'refused');
    return plate;
  }

  /**
   * Prices a given meal by the policy of its own day.
   *
   * @throws DomainError PAYMENT.NO_POLICY, PAYMENT.OPERATOR_NOT_LICENSED (no subsidy can arise without contract and licence)
   */
  async priceFor(tx: EntityManager, request: { site: PointSite; offer: MealOffer; channel: MealChannel; diner: Diner | null; mealKind?: QuoteFacts['mealKind'] }): Promise<PricedMeal> {
    const { site, offer, diner } = request;
    const day = offer.businessDay;
    const policy = diner === null ? null : await this.policyFor(tx, site, day);
    const keys = policy === null ? [] : amountKeysOf(policy, { day, period: offer.period });
    const used = diner === null ? NOTHING_USED : await this.claims.used(tx, diner.seniorId, day, keys);
    return pricedBy(policy, { ...request, used, feeFen: await this.feeOf(tx, site, request.channel, day) });
  }

  /**
   * Prices many people's meals of one day, with what each has used by now. Nothing is reserved, so each price is one of
   * this moment.
   *
   * @throws DomainError what priceFor throws
   */
  async priceEach(tx: EntityManager, request: { site: PointSite; offers: readonly MealOffer[]; channel: MealChannel; diners: readonly Diner[]; day: BusinessDay }): Promise<{
    policyVersionId: string; prices: ReadonlyMap<SeniorId, readonly PricedMeal[]>;
  }> {
    const { site, offers, channel, diners, day } = request;
    const policy = await this.policyFor(tx, site, day);
    const keys = [...new Set(offers.flatMap((offer) => amountKeysOf(policy, { day, period: offer.period })))];
    const feeFen = await this.feeOf(tx, site, channel, day);
    const used = await this.claims.usedByEach(tx, diners.map(({ seniorId }) => seniorId), day, keys);
    return {
      policyVersionId: policy.versionId,
      prices: new Map(diners.map((diner) => {
        const own = used.get(diner.seniorId) ?? NOTHING_USED;
        return [diner.seniorId, offers.map((offer) => {
          const wanted = amountKeysOf(policy, { day, period: offer.period });
          return pricedBy(policy, { site, offer, channel, diner, feeFen, used: { slots: own.slots, amounts: own.amounts.filter(({ key }) => wanted.includes(key)) } });
        })];
      })),
    };
  }

  /** Part of the price of a meal that is brought; percentages and minimum spends leave it out. */
  private async feeOf(tx: EntityManager, site: PointSite, channel: MealChannel, day: BusinessDay): Promise<Fen> {
    return channel === 'delivery' ? this.fees.on(tx, site.streetId, day) : fen(0);
  }

  private async policyFor(tx: EntityManager, site: PointSite, day: BusinessDay): Promise<SubsidyPolicy> {
    if (!await this.contracts.maySellOn(site.operatorId, day, tx)) {
      throw new DomainError('PAYMENT.OPERATOR_NOT_LICENSED', 'refused');
    }
    const policy = await this.policies.forDay(tx, site.streetId, day);
    if (policy === null) throw new DomainError('PAYMENT.NO_POLICY', 'refused');
    return policy;
  }
}

const NOTHING_USED: UsedEntitlement = { slots: [], amounts: [] };

function pricedBy(
  policy: SubsidyPolicy | null, request: { site: PointSite; offer: MealOffer; channel: MealChannel; diner: Diner | null; used: UsedEntitlement; feeFen: Fen; mealKind?: QuoteFacts['mealKind'] },
): PricedMeal {
  const { site, offer, channel, diner, used, feeFen } = request;
  const facts: QuoteFacts = {
    grossFen: fen(offer.grossFen + feeFen), ...(feeFen === 0 ? {} : { deliveryFeeFen: feeFen }), day: offer.businessDay, period: offer.period, channel, mealKind: request.mealKind ?? 'set', dietTags: [...offer.dietTags], pointArea: site.area,
    diner: diner === null ? null : {
      birthDate: diner.birthDate, hukouArea: diner.hukouArea, residenceArea: diner.residenceArea, categories: diner.categories,
      inNursingHome: isInNursingHomeOn(diner.stays, offer.businessDay),
    },
    usedSlots: used.slots, ...(used.amounts.length === 0 ? {} : { usedAmounts: used.amounts }),
  };
  const quote = quoteMeal({ ...facts, policy });
  return { site, offer, channel, facts, quote, payers: payersOf(quote, policy), priceHash: priceHashOf(quote) };
}

function payersOf(quote: MealQuote, policy: SubsidyPolicy | null): PricedMeal['payers'] {
  const sums = new Map<string, number>();
  for (const relief of quote.reliefs) {
    for (const payer of relief.payers) sums.set(payer.payerCode, (sums.get(payer.payerCode) ?? 0) + payer.amountFen);
  }
  return [...sums].filter(([, amountFen]) => amountFen > 0).map(([payerCode, amountFen]) => ({
    payerCode, amountFen: amountFen as Fen,
    label: policy?.rules.payers.find((payer) => payer.code === payerCode)?.label ?? { zh: payerCode, en: payerCode },
  }));
}

function priceHashOf(quote: MealQuote): string {
  return sha256Hex(canonicalJson([quote.grossFen, quote.dueFen, quote.policyVersionId, quote.reliefs]));
}

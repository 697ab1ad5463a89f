import { Injectable } from '@nestjs/common';
import type { DeskQuoteAnswer, DeskQuoteRequest, DeskSaleRequest, DeskSalesAnswer, DeskSalesAsked, DeskTodayAnswer, SaleAnswer } from '../../contract/desk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import { donationOf, walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory, WeighedMenu } from '../menu/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { SeatZones } from '../seating/index.js';
import { SiteDirectory } from '../sites/index.js';
import { WalletPeople } from '../wallets/index.js';
import { DeskIdentification } from './desk-identification.js';
import { DeskSalesQuery } from './desk-sales.query.js';
import { offerOnScreen } from './kiosk-counter.js';
import { MealPricing } from './meal-pricing.js';
import { RefundAtDesk } from './refund-at-desk.js';
import { SecondFactorBrake, type SecondFactorAttempt } from './second-factor-brake.js';
import { SellMeal, type SaleCommand } from './sell-meal.js';

/** A proof that names nobody, or another person. */
const REFUSED_PROOFS: ReadonlySet<string> = new Set(['PAYMENT.SECOND_FACTOR', 'PAYMENT.SECOND_FACTOR_SEEN', 'PAYMENT.SENIOR_UNKNOWN']);

/** What an attendant sees and sells at the point. */
@Injectable()
export class DeskCounter {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sites: SiteDirectory,
    private readonly menu: MenuDirectory,
    private readonly weighedMenu: WeighedMenu,
    private readonly identification: DeskIdentification,
    private readonly pricing: MealPricing,
    private readonly suitability: MealSuitability,
    private readonly sales: DeskSalesQuery,
    private readonly refunds: RefundAtDesk,
    private readonly sellMeal: SellMeal,
    private readonly brake: SecondFactorBrake,
    private readonly ledger: Ledger,
    private readonly wallets: WalletPeople,
    private readonly seats: SeatZones,
    private readonly clock: Clock,
  ) {}

  async today(pointId: PointId): Promise<DeskTodayAnswer> {
    const site = await this.sites.point(pointId);
    const serving = await this.pricing.servingNow(site);
    const all = serving ? await this.menu.offers(pointId, serving.day, serving.period) : [];
    const weighed = await this.weighedMenu.pricesOf(this.unitOfWork.reader, all.map(({ setMealId }) => setMealId));
    const offers = all.filter(({ setMealId }) => !weighed.has(setMealId)); // the scale stands at the kiosk
    return {
      pointId, pointName: site.name, openToPublic: site.openToPublic, publicWaits: (await this.seats.state(pointId)).publicWaits, businessDay: this.clock.today(),
      period: serving?.period ?? null,
      // At the desk who ordered is served although the set meal is off sale for others; the sale itself looks who asks.
      offers: offers.map((offer) => ({ ...offerOnScreen(offer), portionsLeft: offer.portionsForOrders })),
    };
  }

  async quote(pointId: PointId, request: DeskQuoteRequest): Promise<DeskQuoteAnswer> {
    const tx = this.unitOfWork.reader;
    const diner = request.seniorId === null ? null : await this.identification.seniorInReach(tx, pointId, request.seniorId as SeniorId);
    const priced = await this.pricing.priceNow(tx, { pointId, setMealId: request.setMealId as SetMealId, channel: request.channel, diner });
    const { quote, offer } = priced;
    const unsuitable = diner === null ? null : await this.suitability.unsuitable(tx, diner.seniorId, { day: offer.businessDay, period: offer.period, door: { counterOf: pointId } }, [offer.setMealId]);
    // Somebody of another point is served here, but what they own is not shown before they have proved themselves.
    const isOurs = diner !== null && diner.pointId === pointId;
    return {
      ...(unsuitable !== null && unsuitable.size > 0 ? { notSuitable: true as const } : {}),
      dinerName: diner === null ? null : isOurs ? diner.name : diner.maskedName, mealName: priced.offer.name, grossFen: quote.grossFen, dueFen: quote.dueFen,
      payers: [...priced.payers], explanation: quote.explanation,
      balanceFen: isOurs ? await this.ledger.balanceOf(walletOf(diner.seniorId), tx) : null,
      donationFen: isOurs ? await this.ledger.balanceOf(donationOf(diner.seniorId), tx) : null,
      debtFen: isOurs ? await this.wallets.debtFen(tx, diner.seniorId) : null,
    };
  }

  /**
   * @throws DomainError PAYMENT.TENDER when a wallet is asked to pay for a diner without an account,
   *   PAYMENT.SECOND_FACTOR_WAIT after too many wrong proofs
   */
  async sell(pointId: PointId, staffId: string, key: string, request: DeskSaleRequest): Promise<SaleAnswer> {
    if (request.diner.kind === 'public') await this.requirePublicSale(pointId, request);
    const sale: SaleCommand = {
      pointId, actor: { kind: 'staff', id: staffId }, key, request: { sale: request }, setMealId: request.setMealId as SetMealId,
      channel: request.channel, tender: request.tender, expectedDueFen: request.expectedDueFen,
      identify: (tx) => this.identification.identify(tx, pointId, staffId, request.diner),
    };
    const { replayed: _replayed, ...answer } = request.diner.kind === 'public'
      ? await this.sellToPublic(pointId, sale)
      : await this.sellOnProof(sale, { staffId, seniorId: request.diner.seniorId, factor: request.diner.factor.kind });
    return answer;
  }

  /** Guests wait while seats for seniors are short; what they have paid already is answered all the same. */
  private async sellToPublic(pointId: PointId, sale: SaleCommand): ReturnType<SellMeal['execute']> {
    if (!await this.sellMeal.isMade(sale)) await this.seats.requirePublicMayBuy(pointId);
    return this.sellMeal.execute(sale);
  }

  /** A proof that holds clears the brake, whatever else keeps the sale from being made; one that does not is audited. */
  private async sellOnProof(sale: SaleCommand, attempt: SecondFactorAttempt): ReturnType<SellMeal['execute']> {
    if (await this.sellMeal.isMade(sale)) return this.sellMeal.execute(sale);
    await this.brake.begin(attempt);
    let held = false;
    const identify: SaleCommand['identify'] = async (tx) => {
      const diner = await sale.identify(tx);
      held = true;
      return diner;
    };
    try {
      const answer = await this.sellMeal.execute({ ...sale, identify });
      held = true;
      return answer;
    } catch (error) {
      if (error instanceof DomainError && REFUSED_PROOFS.has(error.code)) await this.brake.recordDenial(attempt, error.code);
      throw error;
    } finally {
      if (held) await this.brake.held(attempt);
    }
  }

  async salesOfDay(pointId: PointId, staffId: string, asked: DeskSalesAsked): Promise<DeskSalesAnswer> {
    const site = await this.sites.point(pointId);
    const serving = await this.pricing.servingNow(site);
    const found = await this.sales.ofDay({ ...asked, pointId, staffId, day: this.clock.today(), servingPeriod: serving?.period ?? null });
    return { ...found, refundAloneLeftFen: await this.refunds.aloneLeftFen(pointId, staffId) };
  }

  private async requirePublicSale(pointId: PointId, request: DeskSaleRequest): Promise<void> {
    if (request.tender === 'wallet' || request.tender === 'donation') throw new DomainError('PAYMENT.TENDER', 'invalid');
    const site = await this.sites.point(pointId);
    if (!site.openToPublic) throw new DomainError('PAYMENT.NOT_PUBLIC', 'refused');
  }
}

import { Injectable } from '@nestjs/common';
import type { KioskClaim, KioskIdentifyAnswer, KioskIdentifyRequest, KioskOffer, KioskQuoteAnswer, KioskQuoteRequest, KioskQuotesAnswer, KioskQuotesRequest, KioskTodayAnswer } from '../../contract/kiosk.js';
import { addDays, instantOf, minuteOfDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SetMealId } from '../../domain/kernel/ids.js';
import { walletOf } from '../../domain/ledger/index.js';
import type { WeighedPrice } from '../../domain/pricing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory, WeighedMenu, type MealOffer } from '../menu/index.js';
import { MealSuitability, MenuNutrition, type OfferNutrition } from '../nutrition/index.js';
import { SeniorDirectory, SeniorPins, type Diner } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import { KioskDigitBrake } from './kiosk-digit-brake.js';
import { channelOf, KioskIdentification } from './kiosk-identification.js';
import { MealPricing } from './meal-pricing.js';
import { NearestPoint } from './nearest-point.query.js';
import { PinTickets } from './pin-tickets.js';
import { ShortWallet } from './short-wallet.js';

/** A set meal as kiosk and desk show it. @param nutrition what one portion holds, where that is known */
export function offerOnScreen(offer: MealOffer, nutrition?: OfferNutrition): KioskOffer {
  return {
    setMealId: offer.setMealId, code: offer.code, name: offer.name, grossFen: offer.grossFen, portionsLeft: offer.portionsLeft,
    dietTags: [...offer.dietTags],
    dishes: offer.dishes.map((dish) => ({ name: dish.name, picture: dish.picture, dietTags: [...dish.dietTags], dishId: dish.dishId })),
    ...(nutrition === undefined ? {} : { nutrition }),
  };
}

/** What a kiosk may know before anything is paid. Reads only, but for telling the family of an account that is too low. */
@Injectable()
export class KioskCounter {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sites: SiteDirectory,
    private readonly menu: MenuDirectory,
    private readonly weighedMenu: WeighedMenu,
    private readonly seniors: SeniorDirectory,
    private readonly identification: KioskIdentification,
    private readonly pricing: MealPricing,
    private readonly short: ShortWallet,
    private readonly suitability: MealSuitability,
    private readonly nutrition: MenuNutrition,
    private readonly ledger: Ledger,
    private readonly nearest: NearestPoint,
    private readonly brake: KioskDigitBrake,
    private readonly pins: SeniorPins,
    private readonly pinTickets: PinTickets,
    private readonly clock: Clock,
  ) {}

  /** @param hasScale else what is sold by weight is left out */
  async today(pointId: PointId, hasScale = false): Promise<KioskTodayAnswer> {
    const site = await this.sites.point(pointId);
    const serving = await this.pricing.servingNow(site);
    const all = serving ? await this.menu.offers(pointId, serving.day, serving.period) : [];
    const weighed = await this.weighedMenu.pricesOf(this.unitOfWork.reader, all.map(({ setMealId }) => setMealId));
    const offers = all.filter(({ setMealId }) => hasScale || !weighed.has(setMealId));
    const holds = await this.nutrition.ofOffers(this.unitOfWork.reader, offers);
    // A person is only sent on where there is nothing left here.
    const wanted = offers.every((offer) => offer.portionsLeft <= 0);
    return {
      pointName: site.name, pointPhone: site.phone, nearestPoint: wanted ? await this.nearest.of(site) : null, businessDay: this.clock.today(),
      period: serving?.period ?? null, nextOpensAt: serving ? null : await this.nextOpensAt(pointId),
      offers: offers.map((offer) => ({ ...offerOnScreen(offer, weighed.has(offer.setMealId) ? undefined : holds.get(offer.setMealId)), ...keptForOrders(offer), ...withPrices(weighed.get(offer.setMealId)) })), serverTimeMs: this.clock.now().getTime(),
    };
  }

  /** Names are masked; digits find people of this point only, a card is known anywhere. */
  async candidates(device: DeviceIdentity, request: KioskIdentifyRequest): Promise<KioskIdentifyAnswer> {
    if (request.kind === 'roaming-pin') return { candidates: await this.roamingProven(device, request) };
    const diners = await this.search(device, request);
    const active = diners.filter((diner) => diner.status === 'active');
    const asked = request.kind === 'digits' ? await this.pins.holders(this.unitOfWork.reader, active.map(({ seniorId }) => seniorId)) : new Set<string>();
    return {
      candidates: active.map(({ seniorId, personCode, maskedName }) => ({
        personCode, maskedName, ...(asked.has(seniorId) ? { asksPin: true as const } : {}), ...(request.kind === 'card' ? { cardMark: this.seniors.cardMark(request.cardNo) } : {}), ...(request.kind === 'pin' ? { ticket: this.pinTickets.issue(device.deviceId, personCode) } : {}),
      })),
    };
  }

  private async roamingProven(device: DeviceIdentity, request: Extract<KioskIdentifyRequest, { kind: 'roaming-pin' }>): Promise<KioskIdentifyAnswer['candidates']> {
    const proven = await this.brake.around(device, (tx) => this.identification.withRoamingPin(tx, device, request));
    return proven.filter(({ diner }) => diner.status === 'active').map(({ diner: { personCode, maskedName }, ticket }) => ({ personCode, maskedName, ticket }));
  }

  private search(device: DeviceIdentity, request: Exclude<KioskIdentifyRequest, { kind: 'roaming-pin' }>): Promise<readonly Diner[]> {
    switch (request.kind) {
      case 'digits': return this.brake.around(device, (tx) => this.seniors.byLast4(device.pointId, request.last4, tx), { whose: (diners) => diners.map(({ personCode }) => personCode).sort().join(' ') });
      case 'card': return this.seniors.byCard(request.cardNo).then((diner) => [diner], nobodyWhenUnknown);
      case 'pin': return this.brake.around(device, (tx) => this.identification.withPin(tx, device, request));
      case 'collector': return this.brake.around(device, async (tx) => (await this.identification.collectable(tx, device, request)).map(({ diner }) => diner));
    }
  }

  /** A kiosk sends no payment that the account cannot meet: where it says so on its glass, that is the refusal. A price that was only asked for, before anybody has agreed to the name, tells nobody. */
  async quote(device: DeviceIdentity, { claim, saysShort, ...wanted }: KioskQuoteRequest): Promise<KioskQuoteAnswer> {
    const { diner } = await this.identification.identify(this.unitOfWork.reader, device, claim);
    const quote = await this.quoteFor(device, claim, diner, wanted);
    if (saysShort === true && diner !== null && quote.shortFen > 0) await this.short.tell(diner);
    return quote;
  }

  /** The person is looked up once for all of them. */
  async quotes(device: DeviceIdentity, { claim, wanted }: KioskQuotesRequest): Promise<KioskQuotesAnswer> {
    const { diner } = await this.identification.identify(this.unitOfWork.reader, device, claim);
    const quotes = await Promise.all(wanted.map((one) => this.quoteFor(device, claim, diner, one)));
    return { quotes, ordered: diner === null ? null : await this.orderedNow(device.pointId, diner.seniorId) };
  }

  private async orderedNow(pointId: PointId, seniorId: string): Promise<string | null> {
    const serving = await this.pricing.servingNow(await this.sites.point(pointId));
    return serving === null ? null : this.menu.orderedBy(this.unitOfWork.reader, pointId, seniorId, serving.day, serving.period);
  }

  private async quoteFor(device: DeviceIdentity, claim: KioskClaim, diner: Diner | null, wanted: KioskQuotesRequest['wanted'][number]): Promise<KioskQuoteAnswer> {
    const tx = this.unitOfWork.reader;
    const priced = await this.pricing.priceNow(tx, { pointId: device.pointId, setMealId: wanted.setMealId as SetMealId, channel: channelOf(claim), diner, plate: wanted.plate });
    if (diner === null) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'refused');
    if (priced.facts.usedSlots.includes(`meal:${priced.offer.period}`)) throw new DomainError('PAYMENT.ALREADY_SERVED', 'conflict');
    const balanceFen = await this.ledger.balanceOf(walletOf(diner.seniorId), tx);
    const { quote, offer } = priced;
    const unsuitable = await this.suitability.unsuitable(tx, diner.seniorId, { day: offer.businessDay, period: offer.period, door: { counterOf: device.pointId } }, [offer.setMealId]);
    return {
      ...(unsuitable.size > 0 ? { notSuitable: true as const } : {}),
      maskedName: diner.maskedName, mealName: priced.offer.name, grossFen: quote.grossFen, dueFen: quote.dueFen,
      payers: [...priced.payers], explanation: quote.explanation, shortFen: Math.max(0, quote.dueFen - balanceFen), priceHash: priced.priceHash,
    };
  }

  private async nextOpensAt(pointId: PointId): Promise<string | null> {
    const services = await this.sites.mealServices(pointId);
    const minute = minuteOfDay(this.clock.now());
    const later = services.find((service) => service.startMin > minute);
    const next = later ?? services[0];
    if (next === undefined) return null;
    return instantOf(later ? this.clock.today() : addDays(this.clock.today(), 1), next.startMin).toISOString();
  }
}

const keptForOrders = ({ portionsLeft, portionsForOrders }: MealOffer): Pick<KioskOffer, 'forOrders'> => (portionsForOrders > portionsLeft ? { forOrders: portionsForOrders } : {});

const withPrices = (prices: readonly WeighedPrice[] | undefined): Pick<KioskOffer, 'weighed'> => (prices === undefined ? {} : { weighed: [...prices] });

function nobodyWhenUnknown(error: unknown): never[] {
  if (error instanceof DomainError && error.code === 'PAYMENT.SENIOR_UNKNOWN') return [];
  throw error;
}

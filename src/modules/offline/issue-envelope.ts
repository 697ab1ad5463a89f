import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { P256PublicKey, SealedBox } from '../../contract/devices.js';
import { modelInUse } from '../../contract/faces.js';
import { OFFLINE_BOX_INFO, type OfflineEnvelope } from '../../contract/offline.js';
import { instantOf, minuteOfDay, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { homeKioskOf, type OfflineLimits } from '../../domain/offline/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { signAsServer } from '../../infra/crypto/server-signature.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { FaceModels, notReplaced, RecognitionSettings, sealBox } from '../faces/index.js';
import { MenuDirectory, WeighedMenu, type MealOffer } from '../menu/index.js';
import { MealSuitability, MenuNutrition } from '../nutrition/index.js';
import { MealPricing, offerOnScreen } from '../payment/index.js';
import { SiteDirectory, type PointSite } from '../sites/index.js';
import { markOf } from './envelope-mark.js';
import { OfflinePeople, type RegularDiner } from './offline-people.query.js';
import { OpenOrders, shareOf, type OpenOrder } from './open-orders.query.js';
import { OfflineSettingsBook } from './offline-settings-book.js';

/** A kiosk that nobody has heard of for so long and that may sell nothing any more, as one that is switched off today, keeps no people of its own. */
const LIVE_MS = 2 * 3_600_000;

/** From this contract on a kiosk knows that its share leaves out what is on order; one before takes it for all that it may sell. */
const KNOWS_ORDERS = 9;

/** `contract`: as it told last; null where it has not told yet, which is a page of this release. */
interface Kiosk { id: string; name: string; sealingKey: string; contract: number | null }
interface Period { period: OfflineEnvelope['periods'][number]['period']; startMin: number; endMin: number; offers: MealOffer[] }
type Person = OfflineEnvelope['people'][number];

/** Signs what one kiosk may sell today if the network goes, and seals it to that kiosk. */
@Injectable()
export class IssueEnvelope {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly sites: SiteDirectory, private readonly menu: MenuDirectory, private readonly weighed: WeighedMenu, private readonly pricing: MealPricing, private readonly suitability: MealSuitability, private readonly nutrition: MenuNutrition,
    private readonly people: OfflinePeople, private readonly orders: OpenOrders, private readonly settings: OfflineSettingsBook, private readonly models: FaceModels, private readonly recognition: RecognitionSettings, private readonly keyring: Keyring, private readonly clock: Clock,
  ) {}

  /** @throws DomainError OFFLINE.NOT_ALLOWED where finance has not signed, or nothing more is served today; PAYMENT.NO_POLICY, PAYMENT.OPERATOR_NOT_LICENSED */
  async execute(device: DeviceIdentity): Promise<SealedBox> {
    const tx = this.unitOfWork.reader;
    const limits = await this.settings.ofPoint(device.pointId, tx);
    const site = await this.sites.point(device.pointId, tx);
    const day = this.clock.today();
    const periods = limits.enabled ? await this.periodsLeft(tx, site, day) : [];
    if (periods.length === 0) throw new DomainError('OFFLINE.NOT_ALLOWED', 'refused');
    const kiosks = await this.kiosksOf(tx, device);
    const self = kiosks.find(({ id }) => id === device.deviceId);
    if (self === undefined) throw new InvariantError('a device signed that is not on record');
    const now = this.clock.now();
    const lastEnd = Math.max(...periods.map(({ endMin }) => endMin));
    const validUntil = new Date(Math.min(now.getTime() + limits.windowMin * 60_000, instantOf(day, lastEnd).getTime()));
    const head = { envelopeId: newId(), deviceId: device.deviceId, pointId: site.pointId, pointName: site.name, pointPhone: site.phone, day };
    const { policyVersionId, people, sentences, orders, own } = await this.pricedPeople(tx, { envelopeId: head.envelopeId, site, day, periods, kiosks, self, limits });
    const holds = await this.nutrition.ofOffers(tx, periods.flatMap(({ offers }) => offers));
    const envelope: OfflineEnvelope = {
      ...head, issuedAtMs: now.getTime(), validUntilMs: validUntil.getTime(), policyVersionId, limits, sentences, people,
      periods: periods.map((period) => ({
        ...period, offers: period.offers.map((offer) => ({ ...offerOnScreen(offer, holds.get(offer.setMealId)), ...shareFor(offer, { orders, own, kiosks: kiosks.length, contract: self.contract }) })),
      })),
    };
    const { maxRiskPpm } = await this.recognition.current(modelInUse(await this.models.all(tx)).id);
    await tx.query(
      'INSERT INTO offline_envelope (id, device_id, point_id, business_day, issued_at, valid_until, limits, policy_version_id, max_risk_ppm) VALUES (?)',
      [[head.envelopeId, device.deviceId, site.pointId, day, now, validUntil, JSON.stringify(limits), policyVersionId, maxRiskPpm]],
    );
    const text = JSON.stringify(envelope);
    const sealed = JSON.stringify({ text, signature: signAsServer(this.keyring, text) });
    return sealBox(JSON.parse(self.sealingKey) as P256PublicKey, sealed, OFFLINE_BOX_INFO);
  }

  private async periodsLeft(tx: EntityManager, site: PointSite, day: BusinessDay): Promise<Period[]> {
    const minute = minuteOfDay(this.clock.now());
    const periods: Period[] = [];
    for (const { period, startMin, endMin } of await this.sites.mealServices(site.pointId, tx)) {
      if (endMin <= minute) continue;
      const offers = await this.menu.offers(site.pointId, day, period, tx);
      const weighed = await this.weighed.pricesOf(tx, offers.map(({ setMealId }) => setMealId)); // a plate is priced by the server alone
      periods.push({ period, startMin, endMin, offers: offers.filter(({ setMealId }) => !weighed.has(setMealId)) });
    }
    return periods.filter(({ offers }) => offers.length > 0);
  }

  /**
   * Who shares portions and people: those that sell, also one whose own line is dead while its allowance lasts, for it goes on
   * selling to its people. One that asks is freed again, though its next word of itself is still to come.
   */
  private kiosksOf(tx: EntityManager, { pointId, deviceId }: DeviceIdentity): Promise<Kiosk[]> {
    const now = this.clock.now();
    return tx.query<Kiosk[]>(
      `SELECT d.id, d.name, d.sealing_key_jwk AS sealingKey, t.contract FROM device d LEFT JOIN device_status t ON t.device_id = d.id
       WHERE d.point_id = ? AND d.kind = 'kiosk' AND d.status = 'active' AND (d.id = ? OR (COALESCE(t.sells, 1) = 1 AND ${notReplaced('d')}
         AND (d.last_seen_at > ? OR EXISTS (SELECT 1 FROM offline_envelope e WHERE e.device_id = d.id AND e.business_day = ? AND e.valid_until > ?)))) ORDER BY d.id`,
      [pointId, deviceId, new Date(now.getTime() - LIVE_MS), this.clock.today(), now],
    );
  }

  private async pricedPeople(tx: EntityManager, asked: {
    envelopeId: string; site: PointSite; day: BusinessDay; periods: readonly Period[]; kiosks: readonly Kiosk[]; self: Kiosk; limits: OfflineLimits;
  }): Promise<{ policyVersionId: string; people: Person[]; sentences: OfflineEnvelope['sentences']; orders: readonly OpenOrder[]; own: ReadonlySet<string> }> {
    const { envelopeId, site, day, periods, kiosks, self } = asked;
    const regulars = await this.people.ofPoint(tx, site.pointId, day);
    const homes = new Map(regulars.map(({ diner }) => [diner.seniorId, homeKioskOf(diner.personCode, kiosks.map(({ id }) => id))]));
    const own = regulars.filter(({ diner }) => homes.get(diner.seniorId) === self.id);
    const { policyVersionId, prices } = await this.pricing.priceEach(tx, {
      site, day, channel: 'eat-in', offers: periods.flatMap(({ offers }) => offers), diners: own.map(({ diner }) => diner),
    });
    const unsuitable = await this.unsuitable(tx, own.map(({ diner }) => diner.seniorId), site.pointId, asked);
    const orders = await this.orders.of(tx, site.pointId, day, regulars.map(({ diner }) => diner.seniorId));
    const sentences = new Map<string, number>();
    const people = regulars.map((regular): Person => {
      const { personCode, maskedName, seniorId } = regular.diner;
      const home = homes.get(seniorId);
      const common = { personCode, maskedName, digits: sha256Hex(`${envelopeId}:${regular.last4}`), cards: [...regular.cards] };
      if (home !== self.id) return { ...common, elsewhere: kiosks.find(({ id }) => id === home)?.name ?? null, prices: [] };
      const onOrder = orderedBy(seniorId, orders);
      const suitable = (prices.get(seniorId) ?? []).filter(({ offer }) => unsuitable.get(seniorId)?.has(offer.setMealId) !== true && !onOrder.brought.includes(offer.period));
      return { ...common, ...onOrder, elsewhere: null, prices: this.offeredTo(asked, regular, suitable, sentences) };
    });
    return { policyVersionId, people, orders, own: new Set(own.map(({ diner }) => diner.seniorId)), sentences: [...sentences.keys()].map((text) => JSON.parse(text) as { zh: string; en: string }) };
  }

  /** What must not reach somebody is not among what the kiosk may sell to them on its own. */
  private async unsuitable(tx: EntityManager, seniorIds: readonly string[], pointId: string, { day, periods }: { day: BusinessDay; periods: readonly Period[] }): Promise<Map<string, Set<string>>> {
    const found = new Map<string, Set<string>>();
    for (const { period, offers } of periods) {
      const blocked = await this.suitability.blocked(tx, seniorIds, { day, period, door: { counterOf: pointId } }, offers.map(({ setMealId }) => setMealId));
      for (const [seniorId, sets] of blocked) found.set(seniorId, new Set([...(found.get(seniorId) ?? []), ...sets.keys()]));
    }
    return found;
  }

  private offeredTo(
    { envelopeId, limits }: { envelopeId: string; limits: OfflineLimits }, { diner, balanceFen }: RegularDiner,
    priced: Awaited<ReturnType<MealPricing['priceEach']>>['prices'] extends ReadonlyMap<unknown, infer Meals> ? Meals : never, sentences: Map<string, number>,
  ): Person['prices'] {
    const free = priced.filter(({ facts, offer }) => !facts.usedSlots.includes(`meal:${offer.period}`));
    const dearest = Math.max(0, ...free.map(({ quote }) => quote.dueFen));
    if (balanceFen < limits.balanceMeals * dearest) return [];
    return free.filter(({ quote }) => quote.dueFen <= limits.mealFen).map(({ offer, quote }) => {
      const text = JSON.stringify(quote.explanation);
      const why = sentences.get(text) ?? sentences.size;
      sentences.set(text, why);
      const price = { setMealId: offer.setMealId as string, dueFen: quote.dueFen as number };
      return { ...price, why, mark: markOf(this.keyring, { envelopeId, personCode: diner.personCode, ...price }) };
    });
  }
}

/** What one person has on order. */
function orderedBy(seniorId: string, orders: readonly OpenOrder[]): { ordered: string[]; brought: OpenOrder['period'][] } {
  const own = orders.filter((order) => order.seniorId === seniorId);
  return {
    ordered: own.flatMap(({ here, setMealId }) => (here && setMealId !== null ? [setMealId] : [])),
    brought: own.filter(({ delivered }) => delivered).map(({ period }) => period),
  };
}

function shareFor(
  offer: MealOffer, { orders, own, kiosks, contract }: { orders: readonly OpenOrder[]; own: ReadonlySet<string>; kiosks: number; contract: number | null },
): Partial<ReturnType<typeof shareOf>> {
  // Whoever ordered would be refused by such a page: it gets the share as its own server shared it, until it is updated.
  if (contract !== null && contract < KNOWS_ORDERS) return { portionsLeft: Math.floor(Math.max(0, offer.portionsLeft) / kiosks) };
  const reserved = orders.filter(({ inStock, setMealId }) => inStock && setMealId === offer.setMealId);
  return shareOf({
    stock: offer.portionsForOrders, free: offer.portionsLeft, reserved: reserved.length, own: reserved.filter(({ here, seniorId }) => here && own.has(seniorId)).length, kiosks,
  });
}

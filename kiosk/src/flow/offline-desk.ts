import { ref, type Ref } from 'vue';
import { ApiMisunderstood, ApiRefusal, ApiUnreachable } from '../../../ui/api/index.js';
import { dictionary, type WordKey } from '../../../ui/dictionary/index.js';
import type { KioskPanelAnswer } from '../../../src/contract/kiosk-panel.js';
import type { KioskClaim, KioskPaymentAnswer, KioskTodayAnswer } from '../../../src/contract/kiosk.js';
import { KIOSK_CONTRACT, type DeviceStatus } from '../../../src/contract/devices.js';
import type { OfflineClaim, OfflineEnvelope } from '../../../src/contract/offline.js';
import { Allowance } from '../device/allowance.js';
import { brakedSearch } from '../device/braked-search.js';
import { chainSeq, drainQueue, forgetSoldBefore, noteSoldOnline, oldestUnsent, soldOn, unsentCount, writeSale } from '../device/offline-queue.js';
import { dropSlips, keepSlip, lastSales } from '../device/last-sales.js';
import { PanelDesk } from '../device/panel-desk.js';
import { isShareStale, offlinePrice, orderedNow, periodNow, portionsLeft, whyNotNow, type OfflineMoment, type OfflineReason, type PointTold } from '../device/offline-rules.js';
import * as server from '../device/server.js';
import { setting, type DeviceSelf, type PendingPayment } from '../device/store.js';
import type { Candidate, PricedMeal, Refused } from './screen.js';

/** Not sold without network; nothing was written down. */
export class OfflineRefused extends Error {
  constructor(readonly reason: OfflineReason, readonly place = '') {
    super(reason);
    this.name = 'OfflineRefused';
  }

  get refused(): Refused {
    const { zh, en } = dictionary[`kiosk.offline.${this.reason}` as WordKey];
    const fill = (text: string): string => text.replace('{place}', this.place);
    return { sentence: { zh: fill(zh), en: fill(en) }, code: '', requestId: '' };
  }
}

/** True where no answer came, or one that is not from our server: the network is the matter, not the request. */
export const isNetwork = (reason: unknown): boolean => reason instanceof ApiUnreachable || reason instanceof ApiMisunderstood;

/** The server is there and cannot work: its database is away, or it is being started. */
export const isOutOfOrder = (reason: unknown): boolean => reason instanceof ApiRefusal && reason.status >= 500;

const APP_VERSION = /index-([\w-]+)\.js/.exec(import.meta.url)?.[1] ?? 'development';

/** Sells while the network is away, within what was allowed, and hands in what was sold when it is back. */
export class OfflineDesk {
  /** Sales that the server has not acknowledged. */
  readonly unsent: Ref<number> = ref(0);

  private allowance: Allowance | null = null;

  readonly panel: PanelDesk;

  private soldSince = false;

  /** What the server was last told of whether this machine sells. */
  private toldSells: boolean | null = null;

  private point: PointTold | null = null;

  /** @param sells false for a machine at a gate and while an attendant has locked it */
  constructor(private readonly self: DeviceSelf, private readonly cameraState: () => 'ok' | 'none' | 'demo', private readonly sells: () => boolean) {
    this.panel = new PanelDesk(self);
  }

  async begin(): Promise<void> {
    this.allowance = new Allowance(this.self);
    await Promise.all([this.allowance.load(), this.panel.load()]);
    await this.count();
    await navigator.storage?.persist?.().catch(() => false);
  }

  /** While there is a network: first what was sold is handed in, then the next allowance is fetched (a machine that sells nothing takes none from the others), then the server is told how this device is; one that begins or ceases to sell says so before, since the shares go by it. */
  async whileOnline(): Promise<void> {
    const acknowledged = this.unsent.value > 0 ? await drainQueue().catch(() => 0) : 0;
    await this.count();
    if (this.toldSells !== this.sells()) await this.tell();
    if (!this.sells()) await this.allowance?.drop();
    else if (server.speaks(2) && this.unsent.value === 0) {
      const { envelope, moment } = await this.situation();
      await this.allowance?.sync(acknowledged > 0 || this.soldSince, envelope !== null && isShareStale(envelope, moment));
      this.soldSince = false;
    }
    await this.panel.whileOnline();
    await this.tell();
  }

  /** The panel without network: by the number as of the last contact, with what this machine has kept itself. @throws OfflineRefused */
  async panelWithout(number: string): Promise<KioskPanelAnswer & { readonly offline: true }> {
    const owner = await this.panel.open(number);
    if (typeof owner === 'string') throw new OfflineRefused(owner);
    return { staffName: owner.name, staffId: owner.staffId, offline: true, sales: (await lastSales(this.self)).map((answer) => ({ answer, refunded: false })) };
  }

  private async tell(): Promise<void> {
    try {
      const health = await this.health();
      await server.beat(health);
      this.toldSells = health.sells ?? null;
    } catch {
      // told at the next poll
    }
  }

  /** What the server has just told of the whole point. While a sale is not handed in, the server does not count it: then what was told before stands. */
  told({ offers, serverTimeMs }: KioskTodayAnswer): void {
    if (this.unsent.value > 0) return;
    this.point = {
      left: new Map(offers.map(({ setMealId, portionsLeft: left }) => [setMealId, left])), atMs: serverTimeMs,
      forOrders: new Map(offers.map(({ setMealId, portionsLeft: left, forOrders }) => [setMealId, forOrders ?? left])),
    };
  }

  /** What a device that is no longer trusted may still do: hand in, and forget what it was allowed. */
  async distrusted(): Promise<void> {
    if (this.unsent.value > 0) await drainQueue().catch(() => 0);
    await this.count();
    await this.allowance?.drop();
    await this.panel.drop();
    await dropSlips();
  }

  /** The menu by the allowance; null where nothing may be sold now. */
  async today(): Promise<KioskTodayAnswer | null> {
    const { envelope, moment } = await this.situation();
    if (envelope === null || whyNotNow(envelope, moment) !== null) return null;
    const period = periodNow(envelope, moment.nowMs);
    if (period === null) return null;
    return {
      pointName: envelope.pointName, pointPhone: envelope.pointPhone, nearestPoint: null, businessDay: envelope.day, period: period.period, nextOpensAt: null,
      offers: period.offers.map((offer) => ({
        ...offer, portionsLeft: portionsLeft(envelope, period, offer.setMealId, moment), ...(offer.forOrders === undefined ? {} : { forOrders: portionsLeft(envelope, period, offer.setMealId, moment, true) }),
      })), serverTimeMs: moment.nowMs,
    };
  }

  async byDigits(last4: string): Promise<{ personCode: string; maskedName: string }[]> {
    await this.requireNow();
    const found = await brakedSearch(server.serverNowMs(), async () => (await this.allowance?.byDigits(last4)) ?? [], (people) => people.map(({ personCode }) => personCode).join(' '));
    if (found === null) throw new OfflineRefused('digits-wait');
    return found;
  }

  async byCard(cardNo: string): Promise<{ personCode: string; maskedName: string } | null> {
    await this.requireNow();
    return (await this.allowance?.byCard(cardNo)) ?? null;
  }

  /** @param met what the server said of this card; null: nobody's any more */
  async rememberCard(cardNo: string, met: { readonly personCode: string; readonly cardMark?: string | undefined } | null): Promise<void> {
    await this.allowance?.rememberCard(cardNo, met).catch(() => undefined);
  }

  /** What this person pays for each of these meals without network; whoever has ordered one for now sees that one alone, as with network; `setMealIds` is empty where all that is wanted is a plate. @throws OfflineRefused where for none */
  async priced(candidate: Candidate, setMealIds: readonly string[]): Promise<PricedMeal[]> {
    if (!servesWithout(candidate.claim)) throw new OfflineRefused('not-offered');
    const { envelope, moment } = await this.situation();
    const personCode = personCodeOf(candidate);
    const ordered = envelope === null ? null : orderedNow(envelope, moment, personCode);
    const tried = (ordered === null ? setMealIds : [ordered]).map((setMealId) => ({ setMealId, price: offlinePrice(envelope, moment, personCode, setMealId) }));
    const meals = tried.flatMap(({ setMealId, price }) => (typeof price === 'string' || envelope === null ? [] : [{
      setMealId, offline: true, quote: quoteOf(envelope, candidate.maskedName, setMealId, price),
    }]));
    const [first] = tried;
    if (meals.length > 0) return meals;
    throw new OfflineRefused(first === undefined ? 'no-weighing' : typeof first.price === 'string' ? first.price : 'not-offered', this.placeOf(envelope, personCode));
  }

  /**
   * Sells one meal without network. @param key of an attempt that has had no answer; the server takes both as one
   * @throws OfflineRefused; whatever keeps the disk from taking it: then nothing was sold
   */
  async sell(candidate: Candidate, setMealId: string, shownFen: number, key: string = crypto.randomUUID()): Promise<KioskPaymentAnswer> {
    const { envelope, moment } = await this.situation();
    const personCode = personCodeOf(candidate);
    const price = offlinePrice(envelope, moment, personCode, setMealId);
    if (typeof price === 'string' || envelope === null) throw new OfflineRefused(typeof price === 'string' ? price : 'no-allowance', this.placeOf(envelope, personCode));
    const period = periodNow(envelope, moment.nowMs);
    if (period === null || price.dueFen !== shownFen) throw new OfflineRefused('not-offered');
    const { seq } = await writeSale(
      this.self,
      { key, envelopeId: envelope.envelopeId, atMs: moment.nowMs, personCode, setMealId, dueFen: price.dueFen, mark: price.mark, claim: await this.claimOf(candidate.claim) },
      { day: envelope.day, personCode, period: period.period, setMealId, dueFen: price.dueFen, atMs: moment.nowMs },
    );
    this.soldSince = true;
    await this.count();
    const quote = quoteOf(envelope, candidate.maskedName, setMealId, price);
    const code = period.offers.find((offer) => offer.setMealId === setMealId)?.code ?? '';
    const slip: KioskPaymentAnswer = {
      mealId: '', receiptNo: `${this.self.deviceName} ${seq}`, pickupNo: `${code}-${seq}`, maskedName: quote.maskedName, mealName: quote.mealName, pointName: envelope.pointName,
      grossFen: quote.grossFen, dueFen: quote.dueFen, payers: [], explanation: quote.explanation, balanceFen: null, soldAt: new Date(moment.nowMs).toISOString(),
    };
    await keepSlip(this.self, slip);
    return slip;
  }

  /** A payment that has had no answer, as a sale without network under its own key; null where that is not allowed. */
  async instead(payment: PendingPayment): Promise<KioskPaymentAnswer | null> {
    const { claim, setMealId, expectedDueFen } = payment.request;
    const person = await this.personOf(claim);
    if (person === null) return null;
    return this.sell({ maskedName: person.maskedName, personCode: person.personCode, claim }, setMealId, expectedDueFen, payment.key).catch(() => null);
  }

  private async personOf(claim: KioskClaim): Promise<OfflineEnvelope['people'][number] | null> {
    if (claim.kind === 'card') return await this.allowance?.byCard(claim.cardNo) ?? null;
    if (claim.kind !== 'face' && claim.kind !== 'digits') return null;
    return this.allowance?.envelope?.people.find(({ personCode }) => personCode === claim.personCode) ?? null;
  }

  /** What was paid with network since the allowance was signed is neither left to sell nor to be sold to this person again. */
  async soldOnline({ claim, setMealId }: PendingPayment['request'], answer: KioskPaymentAnswer): Promise<void> {
    await keepSlip(this.self, answer);
    const { envelope, moment } = await this.situation();
    const period = envelope === null ? null : periodNow(envelope, moment.nowMs);
    if (envelope === null || period === null) return;
    const personCode = claim.kind === 'card' ? (await this.personOf(claim))?.personCode ?? '' : claim.personCode;
    await noteSoldOnline({ day: envelope.day, personCode, period: period.period, setMealId, dueFen: answer.dueFen, onlineAtMs: moment.nowMs });
  }

  private async claimOf(claim: KioskClaim): Promise<OfflineClaim> {
    switch (claim.kind) {
      case 'face': return { kind: 'face', frames: claim.frames, riskPpm: claim.riskPpm };
      case 'digits': return { kind: 'digits', faceAgrees: claim.faceAgrees };
      case 'card': {
        const mark = await this.allowance?.markOf(claim.cardNo) ?? null;
        return mark === null ? { kind: 'card' } : { kind: 'card', mark };
      }
      case 'roaming': case 'collector': case 'pin': throw new OfflineRefused('not-offered');
    }
  }

  private placeOf(envelope: OfflineEnvelope | null, personCode: string): string {
    return envelope?.people.find((person) => person.personCode === personCode)?.elsewhere ?? '';
  }

  private async requireNow(): Promise<void> {
    const { envelope, moment } = await this.situation();
    const why = whyNotNow(envelope, moment);
    if (why !== null) throw new OfflineRefused(why);
  }

  private async situation(): Promise<{ envelope: OfflineEnvelope | null; moment: OfflineMoment }> {
    const envelope = this.allowance?.envelope ?? null;
    const [lastKnownMs, driftMs, sold] = await Promise.all([setting('lastKnownMs'), setting('driftMs'), envelope === null ? [] : soldOn(envelope.day)]);
    return { envelope, moment: { nowMs: server.serverNowMs(), lastKnownMs: lastKnownMs ?? 0, driftMs: driftMs ?? 0, sold, point: this.point } };
  }

  private async count(): Promise<void> {
    this.unsent.value = await unsentCount();
    const day = this.allowance?.envelope?.day;
    if (day !== undefined) await forgetSoldBefore(day);
  }

  /** How this device is, as the server and whoever looks after it are told. */
  async health(): Promise<DeviceStatus> {
    const [oldest, seq, storage, persisted] = await Promise.all([
      oldestUnsent(), chainSeq(), navigator.storage?.estimate?.().catch(() => ({})) as Promise<StorageEstimate>, navigator.storage?.persisted?.().catch(() => false),
    ]);
    return {
      appVersion: APP_VERSION, contract: KIOSK_CONTRACT.current, queueCount: this.unsent.value, queueOldestAtMs: oldest?.atMs ?? null, chainSeq: seq, clockDriftMs: Math.round(server.clockDriftMs()),
      camera: this.cameraState(), storageUsed: storage?.usage ?? null, storageQuota: storage?.quota ?? null, storagePersisted: persisted === true,
      offlineUntilMs: this.allowance?.envelope?.validUntilMs ?? null, sells: this.sells(),
    };
  }
}

/** Who proved by a secret, by another point's face or as a collector who they are did so to the server; nothing of it can be written down here. */
const servesWithout = ({ kind }: KioskClaim): boolean => kind === 'face' || kind === 'digits' || kind === 'card';

export function personCodeOf({ claim, personCode }: Candidate): string {
  return claim.kind === 'card' ? personCode ?? '' : claim.personCode;
}

function quoteOf(envelope: OfflineEnvelope, maskedName: string, setMealId: string, price: { dueFen: number; why: number }): PricedMeal['quote'] {
  const offer = envelope.periods.flatMap(({ offers }) => offers).find((one) => one.setMealId === setMealId);
  const explanation = envelope.sentences[price.why] ?? { zh: '', en: '' };
  return {
    maskedName, mealName: offer?.name ?? '', grossFen: offer?.grossFen ?? price.dueFen, dueFen: price.dueFen, payers: [], explanation, shortFen: 0, priceHash: '',
  };
}

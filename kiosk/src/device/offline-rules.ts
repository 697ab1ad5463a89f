import { businessDayOf, minuteOfDay } from '../../../src/domain/kernel/business-day.js';
import type { OfflineEnvelope } from '../../../src/contract/offline.js';

/** Who has had a meal of a period at this kiosk, kept for the day: also after it was acknowledged. */
export interface SoldOffline {
  id: string;
  day: string;
  personCode: string;
  period: string;
  setMealId: string;
  dueFen: number;
  /** Paid with network at this time; counts until an allowance is signed that knows of it, and never for the limits. */
  onlineAtMs?: number;
  /** When it was sold without network; absent in a row of a version before. */
  atMs?: number;
}

/** What the whole point had left by set meal when the server last told, all its kiosks and its desk together. */
export interface PointTold { readonly left: ReadonlyMap<string, number>; readonly forOrders?: ReadonlyMap<string, number>; readonly atMs: number }

/** A clock that differs from the server's by more, or has gone back by more, cannot say what day it is. */
const CLOCK_TOLERANCE_MS = 120_000;

export const OFFLINE_REASONS = ['no-allowance', 'expired', 'clock', 'limit', 'not-serving', 'elsewhere', 'not-offered', 'already-served', 'brought', 'sold-out', 'no-weighing', 'digits-wait', 'no-orders', 'panel-none', 'panel-clock', 'panel-unknown', 'panel-wait'] as const;
/** Why a kiosk without network does not sell. */
export type OfflineReason = (typeof OFFLINE_REASONS)[number];

export interface OfflineMoment {
  readonly nowMs: number;
  /** The latest time this kiosk has known. */
  readonly lastKnownMs: number;
  /** How far its clock was from the server's at the last contact. */
  readonly driftMs: number;
  /** What it has sold today. */
  readonly sold: readonly SoldOffline[];
  /** Null where the server has not told since the start. */
  readonly point: PointTold | null;
}

type Period = OfflineEnvelope['periods'][number];
type Price = OfflineEnvelope['people'][number]['prices'][number];

/** The period that is served at this moment by the allowance. */
export function periodNow(envelope: OfflineEnvelope, nowMs: number): Period | null {
  const now = new Date(nowMs);
  if (businessDayOf(now) !== envelope.day) return null;
  const minute = minuteOfDay(now);
  return envelope.periods.find(({ startMin, endMin }) => startMin <= minute && minute < endMin) ?? null;
}

/**
 * This kiosk's share of a set meal, less what it has sold of it that the share does not know of; never more than the whole
 * point had left when the server last told, less what was sold here since and what is on order: a second kiosk or the desk may
 * have sold the share.
 *
 * @param forOrder for somebody who has ordered it: then what is kept for its orders counts as well
 */
export function portionsLeft(envelope: OfflineEnvelope, period: Period, setMealId: string, { sold, point }: Pick<OfflineMoment, 'sold' | 'point'>, forOrder = false): number {
  const { free, kept, onOrder } = shareLeft(envelope, period, setMealId, sold);
  const ofShare = forOrder ? free + kept : free;
  const told = (forOrder ? point?.forOrders : undefined)?.get(setMealId) ?? point?.left.get(setMealId);
  if (point === null || told === undefined) return Math.max(0, ofShare);
  const since = sold.filter((sale) => sale.setMealId === setMealId && (sale.onlineAtMs ?? sale.atMs ?? 0) >= point.atMs).length;
  return Math.max(0, Math.min(ofShare, told - since - (forOrder ? 0 : onOrder)));
}

/**
 * What anybody may still buy here, and what is kept for those who ordered; whoever had their order has taken of the second.
 * `onOrder`: of the whole point's portions, deliveries and the orders of its other kiosks among them; those that were served
 * there since stay counted until the next allowance.
 */
function shareLeft(envelope: OfflineEnvelope, period: Period, setMealId: string, sold: readonly SoldOffline[]): { free: number; kept: number; onOrder: number } {
  const offer = period.offers.find((one) => one.setMealId === setMealId);
  const share = offer?.portionsLeft ?? 0;
  const since = sold.filter((sale) => sale.setMealId === setMealId && (sale.onlineAtMs ?? Infinity) > envelope.issuedAtMs);
  const orders = since.filter(({ personCode }) => hasOrdered(envelope, personCode, setMealId)).length;
  const kept = Math.max(0, (offer?.forOrders ?? share) - share);
  // An order that is no more kept for its person was sold out of what anybody may buy.
  return {
    free: share - (since.length - orders) - Math.max(0, orders - kept), kept: Math.max(0, kept - orders),
    onOrder: Math.max(0, (offer?.reserved ?? kept) - orders),
  };
}

function hasOrdered(envelope: OfflineEnvelope, personCode: string, setMealId: string): boolean {
  return envelope.people.find((person) => person.personCode === personCode)?.ordered?.includes(setMealId) ?? false;
}

/** What this person has ordered for now, where it can be sold to them. */
export function orderedNow(envelope: OfflineEnvelope, moment: OfflineMoment, personCode: string): string | null {
  const ordered = periodNow(envelope, moment.nowMs)?.offers.find(({ setMealId }) => hasOrdered(envelope, personCode, setMealId));
  return ordered !== undefined && typeof offlinePrice(envelope, moment, personCode, ordered.setMealId) !== 'string' ? ordered.setMealId : null;
}

/** Whether others have sold of this kiosk's share since it was signed: then it is time to ask for a new one. */
export function isShareStale(envelope: OfflineEnvelope, { nowMs, sold, point }: Pick<OfflineMoment, 'nowMs' | 'sold' | 'point'>): boolean {
  const period = periodNow(envelope, nowMs);
  if (period === null || point === null) return false;
  return period.offers.some(({ setMealId }) => {
    const { free, onOrder } = shareLeft(envelope, period, setMealId, sold);
    return Math.max(0, (point.left.get(setMealId) ?? Infinity) - onOrder) < free;
  });
}

/** Whether this kiosk may sell anything at all now. */
export function whyNotNow(envelope: OfflineEnvelope | null, moment: OfflineMoment): OfflineReason | null {
  if (envelope === null || !envelope.limits.enabled) return 'no-allowance';
  const { nowMs, lastKnownMs, driftMs, sold } = moment;
  if (Math.abs(driftMs) > CLOCK_TOLERANCE_MS || nowMs < lastKnownMs - CLOCK_TOLERANCE_MS || nowMs < envelope.issuedAtMs - CLOCK_TOLERANCE_MS) return 'clock';
  if (nowMs > envelope.validUntilMs) return 'expired';
  if (periodNow(envelope, nowMs) === null) return 'not-serving';
  const { kioskSales, kioskFen } = envelope.limits;
  return unconnected(sold).length >= kioskSales || sum(sold) >= kioskFen ? 'limit' : null;
}

/** The price at which this person may have this meal now, or why not. */
export function offlinePrice(envelope: OfflineEnvelope | null, moment: OfflineMoment, personCode: string, setMealId: string): Price | OfflineReason {
  const now = whyNotNow(envelope, moment);
  if (now !== null || envelope === null) return now ?? 'no-allowance';
  const person = envelope.people.find((one) => one.personCode === personCode);
  const period = periodNow(envelope, moment.nowMs);
  if (person === undefined || period === null) return 'not-offered';
  if (person.elsewhere !== null) return 'elsewhere';
  if (moment.sold.some((sale) => sale.personCode === personCode && sale.period === period.period && (sale.onlineAtMs ?? Infinity) > envelope.issuedAtMs)) return 'already-served';
  if (person.brought?.includes(period.period) === true) return 'brought';
  return priceNow(envelope, period, moment, person, setMealId);
}

function priceNow(envelope: OfflineEnvelope, period: Period, moment: OfflineMoment, person: OfflineEnvelope['people'][number], setMealId: string): Price | OfflineReason {
  const price = person.prices.find((one) => one.setMealId === setMealId);
  if (price === undefined || !period.offers.some((offer) => offer.setMealId === setMealId)) return 'not-offered';
  if (portionsLeft(envelope, period, setMealId, moment, person.ordered?.includes(setMealId)) <= 0) return 'sold-out';
  return sum(moment.sold) + price.dueFen > envelope.limits.kioskFen || price.dueFen > envelope.limits.mealFen ? 'limit' : price;
}

const unconnected = (sold: readonly SoldOffline[]): SoldOffline[] => sold.filter(({ onlineAtMs }) => onlineAtMs === undefined);
const sum = (sold: readonly SoldOffline[]): number => unconnected(sold).reduce((total, { dueFen }) => total + dueFen, 0);

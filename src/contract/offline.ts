import { z } from 'zod';
import { sealedBox } from './devices.js';
import { kioskOffer } from './kiosk.js';
import { mealPeriod } from './menu.js';

/**
 * Selling without network: what a kiosk may do on its own (the envelope), what it writes down (the sale), and what
 * finance decides about sales that do not fit.
 */

const id = z.uuid();
const fen = z.int();
const words = z.object({ zh: z.string(), en: z.string() });
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** HKDF info of the envelope's box; a box for the gallery does not open as an envelope. */
export const OFFLINE_BOX_INFO = 'rehufan-offline-v1';

/** Limits that finance signs for a point; see OfflineLimits in the domain. */
export const offlineLimits = z.strictObject({
  enabled: z.boolean(),
  mealFen: z.int().min(0).max(20_000),
  kioskSales: z.int().min(0).max(500),
  kioskFen: z.int().min(0).max(1_000_000),
  balanceMeals: z.int().min(1).max(10),
  windowMin: z.int().min(15).max(480),
  hardStopMin: z.int().min(60).max(4_320),
});

/** One meal for one person. `mark`: the server's word that this envelope offers it; `why`: index into `sentences`. */
const offlinePrice = z.object({ setMealId: z.string(), dueFen: fen, why: z.int().min(0), mark: z.string() });

/**
 * A person of this point. `digits`: SHA-256 of `<envelopeId>:<last four digits>`, hex. Who belongs to another kiosk of the
 * point has no prices here and is sent there by its name; who has eaten or has too little has neither. `cards`: marks of the
 * cards that are the person's now; a kiosk has met a card with its mark (`cardMark` of identify).
 */
const offlinePerson = z.object({
  personCode: z.string(), maskedName: z.string(), digits: z.string(), elsewhere: z.string().nullable(), prices: z.array(offlinePrice),
  cards: z.array(z.string()).optional(),
  /** Set meals that this person has ordered for today, to have or to fetch here, and has not had yet. */
  ordered: z.array(z.string()).optional(),
  /** Periods whose meal is brought to them: without network nobody can turn that round, so they are sold none here. */
  brought: z.array(mealPeriod).optional(),
});

/** What a kiosk may do without network; nothing in it is a promise of the server beyond `validUntilMs`. Offers: this kiosk's share of the portions less what is on order; `forOrders`: with what its own people have ordered; `reserved`: all orders of the point that are still among its portions, absent from a server of before. */
export const offlineEnvelope = z.object({
  envelopeId: id, deviceId: id, pointId: id, pointName: z.string(), pointPhone: z.string(), day: z.iso.date(),
  issuedAtMs: z.int(), validUntilMs: z.int(), policyVersionId: z.string().nullable(), limits: offlineLimits,
  periods: z.array(z.object({ period: mealPeriod, startMin: z.int(), endMin: z.int(), offers: z.array(kioskOffer.extend({ reserved: z.int().min(0).optional() })) })),
  sentences: z.array(words), people: z.array(offlinePerson),
});
export type OfflineEnvelope = z.infer<typeof offlineEnvelope>;

/** GET /api/v1/kiosk/offline (device): sealed to the device; inside a `signedEnvelope`. */
export const offlineEnvelopeAnswer = sealedBox;
/** `text`: an OfflineEnvelope as JSON; `signature`: by the server's key, ECDSA P-256 over SHA-256, r || s, base64url. */
export const signedEnvelope = z.object({ text: z.string(), signature: z.string() });

/** How the kiosk knew who it was; no score, no descriptor, no digits and no card number. */
export const offlineClaim = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('face'), frames: z.int().min(1).max(100), riskPpm: z.int().min(0).max(1_000_000) }),
  z.strictObject({ kind: z.literal('digits'), faceAgrees: z.boolean() }),
  /** `mark`: which card, as identify named it; absent from a kiosk of before. */
  z.strictObject({ kind: z.literal('card'), mark: z.string().min(1).max(64).optional() }),
]);
export type OfflineClaim = z.infer<typeof offlineClaim>;

/**
 * One sale as the kiosk wrote it down before it said "paid". `key`: the Idempotency-Key, also of an attempt that was made
 * while the network went. `previousHash`: SHA-256 of the text of the sale before, zeros for the first.
 */
export const offlineSale = z.strictObject({
  v: z.literal(1), key: id, deviceId: id, envelopeId: id, seq: z.int().min(1), previousHash: hash, atMs: z.int().min(0),
  personCode: z.string().min(1).max(36), setMealId: id, dueFen: fen.min(0), mark: z.string().max(64), claim: offlineClaim,
});
export type OfflineSale = z.infer<typeof offlineSale>;

/** A record and its signature by the device's signing key over `text` (UTF-8). */
export const offlineRecord = z.strictObject({ text: z.string().min(1).max(4_000), signature: z.string().max(200) });
export type OfflineRecord = z.infer<typeof offlineRecord>;

/** POST /api/v1/kiosk/offline-sales (device), and /devices/:deviceId/last-sales (a revoked device): oldest first. */
export const offlineSalesRequest = z.strictObject({ records: z.array(offlineRecord).min(1).max(40) });
export type OfflineSalesRequest = z.infer<typeof offlineSalesRequest>;

export const OFFLINE_STATES = ['posted', 'waiting', 'review', 'rejected'] as const;
export type OfflineState = (typeof OFFLINE_STATES)[number];

/** One result per record, in their order: each is kept here from now on, and the kiosk may let go of it. */
export const offlineSalesAnswer = z.object({
  results: z.array(z.object({ hash, state: z.enum(OFFLINE_STATES), code: z.string().nullable(), mealId: id.nullable() })),
  serverTimeMs: z.int(),
});
export type OfflineSalesAnswer = z.infer<typeof offlineSalesAnswer>;

/** GET /api/v1/offline-sales (staff). `open`: what waits for a decision, differences that nobody has seen among it. */
export const offlineReviewQuery = z.strictObject({ show: z.enum(['open', 'all']).default('open'), pointId: id.optional() });
export type OfflineReviewQuery = z.infer<typeof offlineReviewQuery>;

export const offlineReviewRow = z.object({
  id, pointId: id, pointName: z.string(), deviceId: id, deviceName: z.string(), seq: z.int().nullable(), state: z.enum(OFFLINE_STATES),
  code: z.string().nullable(), soldAt: z.iso.datetime().nullable(), receivedAt: z.iso.datetime(), dinerName: z.string(), mealName: z.string(),
  shownFen: fen.nullable(), dueFen: fen.nullable(),
  /** due - shown; null while nobody has priced it. */
  differenceFen: fen.nullable(), chargedTo: z.enum(['diner', 'operator']).nullable(), mealId: id.nullable(),
  decidedBy: z.string().nullable(), decidedAt: z.iso.datetime().nullable(), reason: z.string(),
  /** Whether a decision is still to be made. */
  open: z.boolean(), acceptable: z.boolean(),
  /** What one person has proposed; another agrees or sends it back. `own`: proposed by whoever reads this. */
  proposal: z.object({
    decision: z.enum(['accept', 'reject']), chargedTo: z.enum(['diner', 'operator']), reason: z.string(), by: z.string(), own: z.boolean(), at: z.iso.datetime(),
  }).nullable(),
});
export type OfflineReviewRow = z.infer<typeof offlineReviewRow>;
export const offlineReviewAnswer = z.object({
  asOf: z.iso.datetime(), rows: z.array(offlineReviewRow),
  totals: z.object({
    posted: z.int(), open: z.int(), rejected: z.int(), differenceFen: fen,
    /** This month: what the operator bore beyond what was shown, and meals shown as paid that were set aside. */
    lossFen: fen,
    /** What the kiosks of these points may charge on one day without network, as signed. */
    capFen: fen,
  }),
});
export type OfflineReviewAnswer = z.infer<typeof offlineReviewAnswer>;

/**
 * POST /api/v1/offline-sales/:saleId/decision with Idempotency-Key. Proposes what another person confirms; a sale that is
 * posted already and turned out cheaper than shown is noted as seen by one. Accepting prices by the rules of the meal's own
 * day and posts once; what was shown is not rewritten. `operator`: the operator gives the diner what is due beyond what was shown.
 */
export const decideOfflineSaleRequest = z.strictObject({
  decision: z.enum(['accept', 'reject']), chargedTo: z.enum(['diner', 'operator']).default('diner'), reason: z.string().trim().min(2).max(200).regex(/^[^\p{Cc}]*$/u),
});
export type DecideOfflineSaleRequest = z.infer<typeof decideOfflineSaleRequest>;

/** POST /api/v1/offline-sales/:saleId/confirmation with Idempotency-Key, by another person: carries the proposal out, or sends it back with a note. `proposedAt`: of the proposal that was read. */
export const confirmOfflineSaleRequest = z.strictObject({ agree: z.boolean(), proposedAt: z.iso.datetime(), note: z.string().trim().max(200).regex(/^[^\p{Cc}]*$/u).default('') });
export type ConfirmOfflineSaleRequest = z.infer<typeof confirmOfflineSaleRequest>;

/** GET /api/v1/offline-settings, PUT /api/v1/offline-settings/:pointId (finance signs). */
export const offlineSettingsAnswer = z.object({
  points: z.array(z.object({ pointId: id, pointName: z.string(), limits: offlineLimits, signedBy: z.string().nullable(), signedAt: z.iso.datetime().nullable() })),
});
export type OfflineSettingsAnswer = z.infer<typeof offlineSettingsAnswer>;
export type OfflineLimitsRequest = z.infer<typeof offlineLimits>;

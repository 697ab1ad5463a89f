import { z } from 'zod';
import { deviceCode, kioskContract, p256PublicKey } from './devices.js';
import { weighedPlate, weighedPrices } from './weighing.js';
import { captureFrames, FACE_MODEL_ID, faceDescriptor, faceModelId, faceModels } from './faces.js';

/** What the kiosk asks and is told. Money is integer fen. Routes are signed by the device unless marked public. */

const fen = z.number().int();
const words = z.object({ zh: z.string(), en: z.string() });
const personCode = z.string().min(1).max(36);
const last4 = z.string().regex(/^\d{4}$/);
/** Number of a card, or the text of its QR code, as a keyboard-wedge reader types it. */
const cardNo = z.string().regex(/^[A-Za-z0-9-]{4,64}$/);

/** GET /api/v1/kiosk/mode (public). `serverTimeMs`: ms since the epoch. `serverKey`: by which allowances are signed. */
export const kioskModeAnswer = z.object({ demo: z.boolean(), serverTimeMs: z.number().int(), contract: kioskContract.optional(), serverKey: p256PublicKey.optional(), faceModels: faceModels.optional() });
export type KioskModeAnswer = z.infer<typeof kioskModeAnswer>;

/** POST /api/v1/demo/kiosk-code (public, demo mode only; elsewhere 404): a one-time code for a demo kiosk. */
export const demoKioskCodeAnswer = z.object({ code: deviceCode, pointName: z.string() });
export type DemoKioskCodeAnswer = z.infer<typeof demoKioskCodeAnswer>;

/**
 * POST /api/v1/demo/faces (device, demo mode only; elsewhere 404): registers the face that the demo camera shows for one
 * of the demo street's visitors, with a consent that says it is a demo.
 */
export const DEMO_VISITORS = 4;
export const demoFaceRequest = z.strictObject({
  visitor: z.number().int().min(0).max(DEMO_VISITORS - 1),
  modelId: z.literal(FACE_MODEL_ID),
  frames: captureFrames,
});
export type DemoFaceRequest = z.infer<typeof demoFaceRequest>;
export const demoFaceAnswer = z.object({ maskedName: z.string() });
export type DemoFaceAnswer = z.infer<typeof demoFaceAnswer>;

/**
 * What the kiosk draws for a dish: keys of the pictures in ui/pictures. An unknown key is drawn as `other`.
 */
export const DISH_PICTURES = [
  'rice', 'congee', 'noodles', 'bun', 'pork', 'beef', 'chicken', 'fish', 'shrimp', 'egg', 'tofu', 'greens', 'melon',
  'mushroom', 'carrot', 'potato', 'soup', 'fruit', 'other',
] as const;

/** One set meal on offer. `grossFen` is the public price; what a person pays comes with the quote. */
export const kioskOffer = z.object({
  setMealId: z.string(),
  code: z.string(),
  name: z.string(),
  grossFen: fen,
  portionsLeft: z.number().int(),
  /** What those who ordered it may still have while it is off sale for others; left out where it is `portionsLeft`. */
  forOrders: z.number().int().optional(),
  dietTags: z.array(z.string()),
  dishes: z.array(z.object({ name: z.string(), picture: z.string(), dietTags: z.array(z.string()), dishId: z.string().optional() })),
  /** What one portion holds by its recipes; null where a recipe or a main ingredient is not known, left out where nothing is. */
  nutrition: z.object({
    energyKcal: z.int().nullable(), proteinG: z.int().nullable(), sodiumMg: z.int().nullable(),
    /** Some of it rests on figures that nobody has compared with their source. */
    unverified: z.literal(true).optional(),
  }).optional(),
  /** Sold by weight at these prices; told only to a kiosk that says it has a scale. */
  weighed: weighedPrices.optional(),
});
export type KioskOffer = z.infer<typeof kioskOffer>;

/** `weighed`: this kiosk has a scale and may sell what is sold by weight. */
export const kioskTodayQuery = z.strictObject({ weighed: z.literal('1').optional() });
export type KioskTodayQuery = z.infer<typeof kioskTodayQuery>;

/**
 * GET /api/v1/kiosk/today. `period` is null outside of serving hours; `nextOpensAt` (ISO, UTC) then says when to come
 * back, where it is known. Offers come in the order A, B, …; sold-out ones stay in the list with 0 left.
 */
export const kioskTodayAnswer = z.object({
  pointName: z.string(),
  pointPhone: z.string(),
  /** The nearest other point that serves now and has a portion left; `distanceM` as the crow flies. */
  nearestPoint: z.object({ name: z.string(), communityName: z.string(), phone: z.string(), distanceM: z.int() }).nullable(),
  businessDay: z.string(),
  period: z.enum(['breakfast', 'lunch', 'dinner']).nullable(),
  nextOpensAt: z.string().nullable(),
  offers: z.array(kioskOffer),
  serverTimeMs: z.number().int(),
});
export type KioskTodayAnswer = z.infer<typeof kioskTodayAnswer>;

const pin = z.string().regex(/^\d{4}$/);
const ticket = z.string().min(1).max(600);

/**
 * POST /api/v1/kiosk/identify: who has these last four digits of the phone at this point, or this card anywhere; or whose
 * meal somebody may collect who is named as collector with a phone that ends so; or whether this is the secret of the
 * person with these digits, or of the person of another point whom a roaming ticket names.
 */
export const kioskIdentifyRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('digits'), last4 }),
  z.strictObject({ kind: z.literal('card'), cardNo }),
  z.strictObject({ kind: z.literal('collector'), last4, collectorLast4: last4 }),
  z.strictObject({ kind: z.literal('pin'), last4, personCode, pin }),
  z.strictObject({ kind: z.literal('roaming-pin'), personCode, ticket, pin }),
]);
export type KioskIdentifyRequest = z.infer<typeof kioskIdentifyRequest>;

/** None, one or several people to choose from; names masked as on every public screen. `asksPin`: the digits alone do not serve this person. `ticket` comes with a secret that was right; that of a roaming one takes the place of the first. `cardMark` names a card, where one was asked for, without telling its number. */
export const kioskIdentifyAnswer = z.object({
  candidates: z.array(z.object({ personCode: z.string(), maskedName: z.string(), asksPin: z.literal(true).optional(), ticket: z.string().optional(), cardMark: z.string().optional() })),
});
export type KioskIdentifyAnswer = z.infer<typeof kioskIdentifyAnswer>;

/**
 * POST /api/v1/kiosk/roaming: someone of another point who has given the roaming consent. The only route that takes a
 * descriptor; the server compares it with that person's own template alone and refuses an exact repeat.
 */
export const kioskRoamingRequest = z.strictObject({
  last4,
  modelId: faceModelId,
  descriptor: faceDescriptor,
  /** Whoever stands there has turned the head as asked. */
  turned: z.literal(true).optional(),
});
export type KioskRoamingRequest = z.infer<typeof kioskRoamingRequest>;

/** `ticket` proves the comparison to the quote and the payment; it is short-lived and bound to device and person. `asksPin`: it serves nobody before the secret is told (`roaming-pin`). */
export const kioskRoamingAnswer = z.object({ personCode: z.string(), maskedName: z.string(), ticket: z.string(), asksPin: z.literal(true).optional() });
export type KioskRoamingAnswer = z.infer<typeof kioskRoamingAnswer>;

/**
 * How the device knows who is paying. A face claim carries no score and no descriptor: number of frames, whether the
 * match was clear or near the threshold, and the computed bound of a false match in parts per million.
 * A digits claim with `faceAgrees` was also seen by the camera: one of two look-alikes, told apart by the digits.
 * A pin claim carries the ticket for digits and secret that were right, never the secret.
 * A collector's claim names whose meal it is; it is taken away, and the balance is not told.
 */
export const kioskClaim = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('face'),
    personCode,
    frames: z.number().int().min(1).max(100),
    band: z.enum(['clear', 'near']),
    riskPpm: z.number().int().min(0).max(1_000_000),
  }),
  z.strictObject({ kind: z.literal('digits'), last4, personCode, faceAgrees: z.boolean() }),
  z.strictObject({ kind: z.literal('card'), cardNo }),
  z.strictObject({ kind: z.literal('roaming'), personCode, ticket }),
  z.strictObject({ kind: z.literal('collector'), last4, collectorLast4: last4, personCode }),
  z.strictObject({ kind: z.literal('pin'), personCode, ticket }),
]);
export type KioskClaim = z.infer<typeof kioskClaim>;

/**
 * POST /api/v1/kiosk/quotes: what this person pays for this meal now. Nothing is reserved. `saysShort`: the kiosk tells whoever
 * has said who they are that the account is too low; their family may hear of it. From contract 8 on.
 */
export const kioskQuoteRequest = z.strictObject({ claim: kioskClaim, setMealId: z.string().min(1).max(36), plate: weighedPlate.optional(), saysShort: z.literal(true).optional() });
export type KioskQuoteRequest = z.infer<typeof kioskQuoteRequest>;

/** POST /api/v1/kiosk/quotes/all: the same for each of a few meals at once, in this order; refused where one of them is. From contract 6 on. */
export const MOST_QUOTES = 6;
export const kioskQuotesRequest = z.strictObject({
  claim: kioskClaim, wanted: z.array(z.strictObject({ setMealId: z.string().min(1).max(36), plate: weighedPlate.optional() })).min(1).max(MOST_QUOTES),
});
export type KioskQuotesRequest = z.infer<typeof kioskQuotesRequest>;

/**
 * grossFen = dueFen + sum of payers. `shortFen`: what the wallet lacks, 0 where it suffices; the balance itself is not
 * told here. `priceHash` names price, policy and reliefs together: a changed one means that the sentence on the screen
 * is no longer true.
 */
export const kioskQuoteAnswer = z.object({
  /** This person must not get this set meal; the sale is refused. Why stays with the kitchen and the point. */
  notSuitable: z.literal(true).optional(),
  maskedName: z.string(),
  mealName: z.string(),
  grossFen: fen,
  dueFen: fen,
  payers: z.array(z.object({ payerCode: z.string(), label: words, amountFen: fen })),
  explanation: words,
  shortFen: fen,
  priceHash: z.string(),
});
export type KioskQuoteAnswer = z.infer<typeof kioskQuoteAnswer>;
/** `ordered`: the set meal that this person has ordered for now; null where none. From contract 7 on. */
export const kioskQuotesAnswer = z.object({ quotes: z.array(kioskQuoteAnswer), ordered: z.string().nullable().optional() });
export type KioskQuotesAnswer = z.infer<typeof kioskQuotesAnswer>;

/**
 * POST /api/v1/kiosk/payments with the header Idempotency-Key. Charges `expectedDueFen` or nothing: another price is
 * refused with PAYMENT.PRICE_CHANGED. The same key and body answers the stored result, however often it is sent.
 */
export const kioskPaymentRequest = z.strictObject({
  claim: kioskClaim,
  setMealId: z.string().min(1).max(36),
  plate: weighedPlate.optional(),
  expectedDueFen: fen.min(0),
});
export type KioskPaymentRequest = z.infer<typeof kioskPaymentRequest>;

/** `balanceFen` is shown only after a touch; null where the meal was not paid from a wallet. */
export const kioskPaymentAnswer = z.object({
  mealId: z.string(),
  receiptNo: z.string(),
  pickupNo: z.string(),
  maskedName: z.string(),
  mealName: z.string(),
  pointName: z.string(),
  grossFen: fen,
  dueFen: fen,
  payers: z.array(z.object({ payerCode: z.string(), label: words, amountFen: fen })),
  explanation: words,
  balanceFen: fen.nullable(),
  soldAt: z.string(),
});
export type KioskPaymentAnswer = z.infer<typeof kioskPaymentAnswer>;

/**
 * GET /api/v1/kiosk/payments/:key: what became of a payment that this point's kiosk sent with this Idempotency-Key and
 * whose answer it never saw. `payment` null: nothing has been charged under this key by `serverTimeMs`.
 */
export const kioskPaymentOutcomeAnswer = z.object({ payment: kioskPaymentAnswer.nullable(), serverTimeMs: z.number().int() });
/**
 * POST /api/v1/kiosk/payments/:key/end, from contract 7 on: the same answer; where nothing was charged nothing will be, also
 * by an attempt that is still under way. Asked before somebody is told that a payment without an answer was not charged.
 */
export type KioskPaymentOutcomeAnswer = z.infer<typeof kioskPaymentOutcomeAnswer>;

/** POST /api/v1/kiosk/help: the person in front asks for a member of staff, or the device does. `payment-dropped`: a payment without an answer was given up, not charged; `payment-found`: one whose person was sent to staff turned out to be paid. */
export const kioskHelpRequest = z.strictObject({ reason: z.enum(['asked', 'not-recognised', 'checking', 'out-of-order', 'payment-dropped', 'payment-found']) });
export type KioskHelpRequest = z.infer<typeof kioskHelpRequest>;
export const kioskHelpAnswer = z.object({ noted: z.literal(true) });

import { z } from 'zod';
import { kioskOffer, kioskPaymentAnswer } from './kiosk.js';

/** The assisted desk of a point: an attendant sells, tops up and refunds. Money is integer fen. */

const fen = z.number().int();
const id = z.string().min(1).max(36);
const words = z.object({ zh: z.string(), en: z.string() });
const payers = z.array(z.object({ payerCode: z.string(), label: words, amountFen: fen }));

/** Why a person is served by hand instead of by the kiosk; counted per attendant, since every manual sale is a risk. */
export const DESK_REASONS = ['not-recognised', 'no-face-consent', 'needs-help', 'kiosk-down', 'camera-down'] as const;

/** A second proof besides the attendant's word: phone digits, the card, or a document that was looked at. */
export const deskFactor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('digits'), last4: z.string().regex(/^\d{4}$/) }),
  z.strictObject({ kind: z.literal('card'), cardNo: z.string().regex(/^[A-Za-z0-9-]{4,64}$/) }),
  z.strictObject({ kind: z.literal('document'), documentKind: z.enum(['id-card', 'senior-card', 'social-card']), last4: z.string().regex(/^[0-9X]{4}$/) }),
]);
export type DeskFactor = z.infer<typeof deskFactor>;

/** Who eats: a senior with an account, or anybody at the public price. */
export const deskDiner = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('senior'), seniorId: id, reason: z.enum(DESK_REASONS), factor: deskFactor }),
  z.strictObject({ kind: z.literal('public') }),
]);
export type DeskDiner = z.infer<typeof deskDiner>;

/** GET /api/v1/desk/today */
export const deskTodayAnswer = z.object({
  pointId: z.string(),
  pointName: z.string(),
  openToPublic: z.boolean(),
  /** Seats of the reserved zone are short at the peak: seniors first. */
  publicWaits: z.boolean(),
  businessDay: z.string(),
  period: z.enum(['breakfast', 'lunch', 'dinner']).nullable(),
  offers: z.array(kioskOffer),
});
export type DeskTodayAnswer = z.infer<typeof deskTodayAnswer>;

/** POST /api/v1/desk/quotes: the price for a senior (or the public price); nothing is reserved. */
export const deskQuoteRequest = z.strictObject({
  seniorId: id.nullable(), setMealId: id, channel: z.enum(['eat-in', 'take-away']),
});
export type DeskQuoteRequest = z.infer<typeof deskQuoteRequest>;
export const deskQuoteAnswer = z.object({
  /** This person must not get this set meal; the sale is refused. */
  notSuitable: z.literal(true).optional(),
  dinerName: z.string().nullable(),
  mealName: z.string(),
  grossFen: fen,
  dueFen: fen,
  payers,
  explanation: words,
  balanceFen: fen.nullable(),
  /** Granted by charity; pays this meal only where it covers all of it. */
  donationFen: fen.nullable(),
  /** What is still owed for delivered meals. */
  debtFen: fen.nullable(),
});
export type DeskQuoteAnswer = z.infer<typeof deskQuoteAnswer>;

/** POST /api/v1/desk/sales with Idempotency-Key. A wallet pays for its own senior only. */
export const deskSaleRequest = z.strictObject({
  diner: deskDiner,
  setMealId: id,
  channel: z.enum(['eat-in', 'take-away']),
  tender: z.enum(['wallet', 'cash', 'qr', 'donation']),
  expectedDueFen: fen.min(0),
});
export type DeskSaleRequest = z.infer<typeof deskSaleRequest>;

/** A sale is answered alike at desk and kiosk. */
export const saleAnswer = kioskPaymentAnswer;
export type SaleAnswer = z.infer<typeof saleAnswer>;

/** POST /api/v1/desk/sales/end: gives an own sale up that had no answer. `sale`: it had been made before; null: nothing is charged under its key any more. */
export const endSaleRequest = z.strictObject({ key: z.uuid() });
export type EndSaleRequest = z.infer<typeof endSaleRequest>;
export const endedSaleAnswer = z.object({ sale: saleAnswer.nullable() });
export type EndedSaleAnswer = z.infer<typeof endedSaleAnswer>;

/**
 * GET /api/v1/desk/sales: the sales of the point's day, newest first, for reprints and refunds. `search` is a pick-up number,
 * the number of a receipt, or a name, in full or as a slip shows it.
 */
export const deskSalesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  page: z.coerce.number().int().min(1).max(1_000).default(1),
  search: z.string().trim().max(40).default(''),
});
export type DeskSalesAsked = z.infer<typeof deskSalesQuery>;
export const deskSalesAnswer = z.object({
  /** How many sales of the day fit, on all pages. */
  total: z.number().int(),
  /** What whoever asks may still take back today without a second person. */
  refundAloneLeftFen: fen,
  sales: z.array(z.object({
    mealId: z.string(),
    receiptNo: z.string(),
    pickupNo: z.string(),
    maskedName: z.string(),
    mealName: z.string(),
    grossFen: fen,
    dueFen: fen,
    identifiedBy: z.string(),
    soldAt: z.string(),
    refundedAt: z.string().nullable(),
    refundable: z.boolean(),
    /** A refund that waits for a second person; `own`: asked by whoever reads this. */
    refundAsk: z.object({ askedByName: z.string(), own: z.boolean(), reason: z.string(), note: z.string() }).nullable(),
  })),
});
export type DeskSalesAnswer = z.infer<typeof deskSalesAnswer>;

export const REFUND_REASONS = ['wrong-meal', 'wrong-person', 'double', 'dropped', 'unwell', 'other'] as const;

/** POST /api/v1/desk/refunds with Idempotency-Key: the whole meal, within its period. Beyond what one person may give back in a day it `waits` for a second one, and no money has moved. */
export const deskRefundRequest = z.strictObject({
  mealId: id, reason: z.enum(REFUND_REASONS), note: z.string().trim().max(120).default(''),
});
export type DeskRefundRequest = z.infer<typeof deskRefundRequest>;
export const deskRefundAnswer = z.object({ mealId: z.string(), refundedFen: fen, balanceFen: fen.nullable(), tender: z.string(), waits: z.boolean().default(false) });
export type DeskRefundAnswer = z.infer<typeof deskRefundAnswer>;

/** POST /api/v1/desk/refunds/:mealId/decision with Idempotency-Key: the second person at the point. Cash goes out of the drawer of who asked. */
export const refundDecisionRequest = z.strictObject({ approve: z.boolean(), note: z.string().trim().max(120).default('') });
export type RefundDecisionRequest = z.infer<typeof refundDecisionRequest>;

/** POST /api/v1/desk/top-ups with Idempotency-Key: 1 to 5,000 yuan taken at the point. */
export const deskTopUpRequest = z.strictObject({
  seniorId: id, amountFen: fen.min(100).max(500_000), tender: z.enum(['cash', 'qr']),
});
export type DeskTopUpRequest = z.infer<typeof deskTopUpRequest>;
/** Of the amount, `settledDebtFen` paid what was owed for delivered meals; the rest was stored. */
export const deskTopUpAnswer = z.object({
  transferId: z.string(), receiptNo: z.string(), at: z.string(), pointName: z.string(), maskedName: z.string(), amountFen: fen, settledDebtFen: fen,
  storedFen: fen, debtLeftFen: fen, balanceFen: fen,
});
export type DeskTopUpAnswer = z.infer<typeof deskTopUpAnswer>;

/** POST /api/v1/desk/debt-payments with Idempotency-Key: pays what is owed without storing anything. */
export const debtPaymentRequest = z.strictObject({ seniorId: id, amountFen: fen.min(1).max(500_000), tender: z.enum(['cash', 'qr']) });
export type DebtPaymentRequest = z.infer<typeof debtPaymentRequest>;

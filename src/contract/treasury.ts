import { z } from 'zod';
import { bankReference } from './bank-reference.js';

const id = z.uuid();
const anyId = z.string().max(36);
const fen = z.int();
const day = z.iso.date();
const instant = z.iso.datetime();
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const note = z.string().trim().max(200).regex(/^[^\p{Cc}]*$/u);
const MOST_FEN = 100_000_000_000;

/** Where money paid by code waits: a point's own code, the channels' merchant accounts, the bank of the senior card. */
export const TRANSIT_SOURCES = ['qr', 'wechat', 'alipay', 'senior-card'] as const;
export type TransitSource = (typeof TRANSIT_SOURCES)[number];

/** GET /api/v1/treasury/transit. `throughDay`: up to and with which day, yesterday where it is absent. */
export const transitQuery = z.strictObject({ throughDay: day.optional() });
export type TransitQuery = z.infer<typeof transitQuery>;
export const transitReceiptRow = z.object({
  id, source: z.enum(TRANSIT_SOURCES), pointId: anyId.nullable(), pointName: z.string().nullable(), throughDay: day, expectedFen: fen, receivedFen: fen, feeFen: fen,
  /** expected - received - fee: what is missing, below zero what is too much. */
  differenceFen: fen, bankReference: z.string(), receivedOn: day, note: z.string(), state: z.enum(['asked', 'recorded', 'refused']),
  recordedBy: z.string(), recordedAt: instant, decidedBy: z.string().nullable(), decidedAt: instant.nullable(), mayDecide: z.boolean(),
  /** Whether it was asked to take it back, or taken back. */
  undo: z.enum(['asked', 'done']).nullable(),
});
export type TransitReceiptRow = z.infer<typeof transitReceiptRow>;
export const transitAnswer = z.object({
  throughDay: day, asOf: instant,
  /** What is on its way: up to the day, in all, and since when the oldest of it waits. */
  rows: z.array(z.object({ source: z.enum(TRANSIT_SOURCES), pointId: anyId, pointName: z.string(), expectedFen: fen, openFen: fen, oldestDay: day.nullable() })),
  /** The newest hundred. */
  receipts: z.array(transitReceiptRow),
});
export type TransitAnswer = z.infer<typeof transitAnswer>;

/** GET /api/v1/treasury/transit/movements: what went through the account of a source at a point, newest first; without dates all of it. */
export const transitMovementsQuery = z.strictObject({
  source: z.enum(TRANSIT_SOURCES), pointId: id, from: day.optional(), to: day.optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1), size: z.coerce.number().int().min(1).max(200).default(50),
});
export type TransitMovementsQuery = z.infer<typeof transitMovementsQuery>;
export const transitMovementsAnswer = z.object({
  pointName: z.string(), asOf: instant, total: z.int(),
  /** Of all that match: what came in (positive), what left again, and what is left of both. */
  inFen: fen, outFen: fen, restFen: fen,
  rows: z.array(z.object({ transferId: anyId, at: instant, day, kind: z.string(), amountFen: fen, mealId: anyId.nullable(), seniorId: anyId.nullable(), receiptId: anyId.nullable() })),
});
export type TransitMovementsAnswer = z.infer<typeof transitMovementsAnswer>;
export type TransitMovement = TransitMovementsAnswer['rows'][number];

/** POST /api/v1/treasury/receipts with Idempotency-Key. A point's own code is paid out by point, a channel for all points at once (`pointId` null). `expectedFen`: what the page showed. */
export const recordReceiptRequest = z.strictObject({
  source: z.enum(TRANSIT_SOURCES), pointId: id.nullable(), throughDay: day, expectedFen: fen, receivedFen: fen.min(0).max(MOST_FEN), feeFen: fen.min(0).max(MOST_FEN),
  bankReference, receivedOn: day, note: note.default(''),
}).refine(({ source, pointId }) => (source === 'qr') === (pointId !== null), { path: ['pointId'] });
export type RecordReceiptRequest = z.infer<typeof recordReceiptRequest>;
/** POST /api/v1/treasury/receipts/:receiptId/decision, by another person. */
export const decideReceiptRequest = z.strictObject({ approve: z.boolean() });
export type DecideReceiptRequest = z.infer<typeof decideReceiptRequest>;

/** GET /api/v1/treasury/own-parts. `month`: up to and with which month, the last one that is over where it is absent. */
export const ownPartsQuery = z.strictObject({ month: month.optional() });
export type OwnPartsQuery = z.infer<typeof ownPartsQuery>;
const ownPartLine = z.object({ pointId: anyId, pointName: z.string(), tender: z.string(), amountFen: fen });
export const ownPartSettlement = z.object({
  id, operatorId: anyId, operatorName: z.string(), month, amountFen: fen, state: z.enum(['drafted', 'paid', 'withdrawn']), draftedBy: z.string(), draftedAt: instant,
  paidBy: z.string().nullable(), paidOn: day.nullable(), bankReference: z.string().nullable(), own: z.boolean(), undo: z.enum(['asked', 'done']).nullable(), lines: z.array(ownPartLine),
});
export type OwnPartSettlement = z.infer<typeof ownPartSettlement>;
export const ownPartsAnswer = z.object({
  month, throughSeq: z.int(), asOf: instant,
  /** earned: what diners paid themselves, net of reversals and of what the operator bore; open: not paid out yet. */
  rows: z.array(z.object({ operatorId: anyId, operatorName: z.string(), earnedFen: fen, settledFen: fen, openFen: fen, lines: z.array(ownPartLine) })),
  /** The newest hundred. */
  settlements: z.array(ownPartSettlement),
});
export type OwnPartsAnswer = z.infer<typeof ownPartsAnswer>;
/** POST /api/v1/treasury/own-parts with Idempotency-Key. */
export const draftOwnPartRequest = z.strictObject({ operatorId: anyId, month });
export type DraftOwnPartRequest = z.infer<typeof draftOwnPartRequest>;
/** POST /api/v1/treasury/own-parts/:settlementId/payment with Idempotency-Key, by another person. */
export const payOwnPartRequest = z.strictObject({ bankReference, paidOn: day });
export type PayOwnPartRequest = z.infer<typeof payOwnPartRequest>;

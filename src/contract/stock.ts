import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const text = (least: number, most: number) => z.string().trim().min(least).max(most).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const grams = z.int().min(1).max(50_000_000);

export const supplierRow = z.object({ id, name: z.string(), address: z.string(), contact: z.string(), licenceNo: z.string(), licenceValidTo: day, licence: z.enum(['valid', 'ending', 'expired']) });
export type SupplierRow = z.infer<typeof supplierRow>;
export const supplierListAnswer = z.object({ suppliers: z.array(supplierRow) });
export type SupplierListAnswer = z.infer<typeof supplierListAnswer>;
/** POST /api/v1/kitchen/suppliers. With `supplierId` its papers and address are replaced. */
export const saveSupplierRequest = z.strictObject({
  supplierId: id.optional(), name: text(2, 80), address: text(2, 120), contact: text(2, 60), licenceNo: text(2, 40), licenceValidTo: day,
});
export type SaveSupplierRequest = z.infer<typeof saveSupplierRequest>;

export const lotRow = z.object({
  id, lotNo: z.string(), ingredientId: id, name: z.string(), spec: z.string(), receivedG: z.int(), leftG: z.int(), producedOn: day.nullable(), producerBatch: z.string(),
  shelfLifeDays: z.int(), expiresOn: day, arrivedAt: instant, supplierName: z.string(), supplierAddress: z.string(), supplierContact: z.string(), proof: z.string(),
  arrivalC: z.number().nullable(), costFen: z.int(), state: z.enum(['open', 'recalled']), shelf: z.enum(['good', 'ending', 'expired']),
  /** Element string of the label in the manner of GS1. */
  label: z.string(),
});
export type LotRow = z.infer<typeof lotRow>;
/**
 * GET /api/v1/kitchen/lots: what is in stock and what arrived in the last `days`; a recall may come long after the food is
 * eaten. `search`: in name, lot number, supplier or the producer's batch; then the newest come first.
 */
export const lotListQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(800).default(30), search: z.string().trim().max(40).optional() });
export type LotListQuery = z.infer<typeof lotListQuery>;
export const lotListAnswer = z.object({
  asOf: instant, lots: z.array(lotRow),
  /** There are more, older ones than stand here. */
  cut: z.boolean(),
  /** What the kitchen buys. */
  ingredients: z.array(z.object({ id, name: z.string() })),
});
export type LotListAnswer = z.infer<typeof lotListAnswer>;
export const lotAnswer = z.object({ lot: lotRow });
export type LotAnswer = z.infer<typeof lotAnswer>;
/** POST /api/v1/kitchen/lots: the purchase record of the Food Safety Law, article 53. Production date or producer's batch, or both. */
export const receiveLotRequest = z.strictObject({
  supplierId: id, ingredientId: id, spec: text(1, 60), grams, producedOn: day, producerBatch: text(0, 40).default(''), shelfLifeDays: z.int().min(1).max(3650),
  proof: text(2, 120), arrivalC: z.number().min(-40).max(60).multipleOf(0.1).nullable(), costFen: z.int().min(0).max(100_000_000),
});
export type ReceiveLotRequest = z.infer<typeof receiveLotRequest>;

/** POST /api/v1/kitchen/lots/issue: to a batch, first expired first out. `lotId`: out of this lot, which somebody holds in hand; with a `reason` where another expires before it. */
export const issueLotsRequest = z.strictObject({ batchId: id, ingredientId: id, grams, lotId: id.optional(), reason: text(2, 120).optional() });
export type IssueLotsRequest = z.infer<typeof issueLotsRequest>;
export const issueLotsAnswer = z.object({ issued: z.array(z.object({ lotId: id, lotNo: z.string(), grams: z.int() })) });
export type IssueLotsAnswer = z.infer<typeof issueLotsAnswer>;
/** POST /api/v1/kitchen/lots/return: what was issued to a batch by mistake, or is left over, as long as the batch is not released. */
export const returnLotRequest = z.strictObject({ batchId: id, lotId: id, grams, reason: text(2, 120) });
export type ReturnLotRequest = z.infer<typeof returnLotRequest>;
/** POST /api/v1/kitchen/lots/count: what is really there; the difference is a movement of its own. */
export const countLotRequest = z.strictObject({ lotId: id, countedG: z.int().min(0).max(50_000_000), thrown: z.boolean().default(false), reason: text(2, 120) });
export type CountLotRequest = z.infer<typeof countLotRequest>;
/** GET /api/v1/kitchen/lots/movements */
export const movementQuery = z.strictObject({ lotId: id });
export type MovementQuery = z.infer<typeof movementQuery>;
export const movementListAnswer = z.object({
  lot: lotRow,
  /** PNG data address of the label. */
  qr: z.string(),
  movements: z.array(z.object({ id, kind: z.enum(['received', 'issued', 'returned', 'counted', 'thrown']), grams: z.int(), dishName: z.string(), reason: z.string(), movedBy: z.string(), movedAt: instant })),
});
export type MovementListAnswer = z.infer<typeof movementListAnswer>;

/** GET /api/v1/kitchen/purchases: what the days need, what is there, what to buy. */
export const purchaseQuery = z.strictObject({ day: day.optional(), days: z.coerce.number().int().min(1).max(7).default(1) });
export type PurchaseQuery = z.infer<typeof purchaseQuery>;
export const purchaseListAnswer = z.object({
  day, days: z.int(), asOf: instant,
  lines: z.array(z.object({
    ingredientId: id, name: z.string(), needG: z.int(), stockG: z.int(), packG: z.int().nullable(), missingG: z.int(), packs: z.int(), buyG: z.int(), estimateFen: z.int().nullable(),
  })),
  /** Dishes without a recipe: missing, not zero. */
  withoutRecipe: z.array(z.object({ dishId: id, name: z.string(), portions: z.int() })),
});
export type PurchaseListAnswer = z.infer<typeof purchaseListAnswer>;
/** PUT /api/v1/kitchen/purchases/pack */
export const setPackRequest = z.strictObject({ ingredientId: id, packG: z.int().min(1).max(1_000_000) });
export type SetPackRequest = z.infer<typeof setPackRequest>;
export const setPackAnswer = z.object({ ingredientId: id, packG: z.int() });
export type SetPackAnswer = z.infer<typeof setPackAnswer>;

/**
 * What a lot (with every other receipt of the same producer's batch) or a batch went into. `people` counts diners on file,
 * `unknown` portions sold or given to people without a file.
 */
export const recallTrace = z.object({
  lots: z.array(z.object({ id, lotNo: z.string(), name: z.string() })),
  batches: z.array(z.object({ id, dishId: id, dishName: z.string(), day, batchNo: z.int(), state: z.string(), sample: z.string() })),
  loads: z.array(z.object({ id, pointName: z.string(), day, wave: z.int(), state: z.string(), portions: z.int() })),
  points: z.array(z.object({ id, name: z.string(), phone: z.string() })),
  /** Boxes of it that crews carry at this moment. */
  onRoad: z.int(),
  people: z.int(),
  unknown: z.int(),
});
export type RecallTrace = z.infer<typeof recallTrace>;
/** GET /api/v1/kitchen/recalls/trace: one of both. */
export const recallTraceQuery = z.strictObject({ lotId: id.optional(), batchId: id.optional() });
export type RecallTraceQuery = z.infer<typeof recallTraceQuery>;

export const recallRow = z.object({
  id, state: z.enum(['open', 'undo-asked', 'undone']), what: z.string(), reason: z.string(), openedBy: z.string(), openedAt: instant, undoReason: z.string(), undoAskedBy: z.string(), undoneBy: z.string(),
  dishes: z.array(z.object({ dishName: z.string(), day })),
});
export type RecallRow = z.infer<typeof recallRow>;
export const recallListAnswer = z.object({ recalls: z.array(recallRow) });
export type RecallListAnswer = z.infer<typeof recallListAnswer>;
/** POST /api/v1/kitchen/recalls: sales of its dishes stop at once. */
export const openRecallRequest = z.strictObject({ lotId: id.optional(), batchId: id.optional(), reason: text(2, 120) });
export type OpenRecallRequest = z.infer<typeof openRecallRequest>;
export const recallAnswer = z.object({ recall: recallRow, trace: recallTrace });
export type RecallAnswer = z.infer<typeof recallAnswer>;
/** GET /api/v1/kitchen/recalls/people: whom to call, with family; each look is audited. */
export const recallPeopleQuery = z.strictObject({ recallId: id });
export type RecallPeopleQuery = z.infer<typeof recallPeopleQuery>;
export const recallPeopleAnswer = z.object({
  recall: recallRow, asOf: instant, tookMs: z.number(),
  people: z.array(z.object({
    seniorId: id, name: z.string(), phone: z.string(), pointName: z.string(), day, at: instant.nullable(), how: z.string(),
    families: z.array(z.object({ relation: z.string(), name: z.string(), phone: z.string() })),
  })),
});
export type RecallPeopleAnswer = z.infer<typeof recallPeopleAnswer>;
/** POST /api/v1/kitchen/recalls/undo-ask, …/undo: asked by one person, agreed to by another. */
export const askRecallUndoRequest = z.strictObject({ recallId: id, reason: text(2, 120) });
export type AskRecallUndoRequest = z.infer<typeof askRecallUndoRequest>;
export const undoRecallRequest = z.strictObject({ recallId: id });
export type UndoRecallRequest = z.infer<typeof undoRecallRequest>;

/** GET /api/v1/kitchen/live. `period` defaults to the meal that is served now or next. */
export const liveAdviceQuery = z.strictObject({ period: mealPeriod.optional() });
export type LiveAdviceQuery = z.infer<typeof liveAdviceQuery>;
/** GET /api/v1/kitchen/live: what the sales of this minute say about a second wave and about moving portions. */
export const liveAdviceAnswer = z.object({
  day, period: mealPeriod, asOf: instant,
  /** Share of a day's walk-ins that has usually come by now. */
  shareSoFar: z.number(),
  /** Share of set meals at points that the second wave is to suffice for, steered by how often they ran out in the last weeks. */
  secondWaveShare: z.number(),
  /** From the last twenty minutes of the service on, transfers are proposed. */
  transferTime: z.boolean(),
  sets: z.array(z.object({
    /** expected: orders and walk-ins of the day; left: at the counters and on the road; openOrders: set aside of it; stillToCome: those and walk-ins. */
    setMealId: id, code: z.string(), name: z.string(), expected: z.number(), sold: z.int(), left: z.int(), openOrders: z.int(), stillToCome: z.number(), cookMore: z.int(),
    byPoint: z.array(z.object({ pointId: id, pointName: z.string(), portions: z.int() })),
    transfers: z.array(z.object({ fromPointId: id, fromName: z.string(), toPointId: id, toName: z.string(), portions: z.int() })),
  })),
});
export type LiveAdviceAnswer = z.infer<typeof liveAdviceAnswer>;

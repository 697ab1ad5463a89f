import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const celsius = z.number().min(-40).max(150).multipleOf(0.1);
const portions = z.int().min(1).max(5000);
const word = z.string().trim().min(1).max(20).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const note = z.string().trim().max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const minute = z.int().min(0).max(1439);

export const BATCH_STATES = ['planned', 'cooked', 'released', 'dropped'] as const;
export const BATCH_OBSTACLES = ['no-portions', 'no-temperature', 'too-cold', 'no-sample', 'sample-too-small', 'sample-not-cold', 'no-lot', 'lot-short', 'goods-unknown', 'recalled'] as const;
export const SAMPLE_STATES = ['kept', 'due', 'discarded', 'discarded-early'] as const;

/** Settings of a kitchen: how it cooks, and the limits of food safety with the rule they follow. */
export const productionSettings = z.strictObject({
  pots: z.int().min(1).max(60),
  potPortions: z.int().min(1).max(2000),
  cookMin: z.int().min(5).max(240),
  firstReadyMin: minute,
  secondReadyMin: minute,
  firstWaveShare: z.number().min(0).max(1),
  coreC: z.number().min(60).max(100),
  sampleG: z.int().min(50).max(1000),
  sampleHours: z.int().min(24).max(240),
  fridgeFromC: z.number().min(-5).max(10),
  fridgeToC: z.number().min(0).max(10),
});
export type ProductionSettings = z.infer<typeof productionSettings>;
/** GET and PUT /api/v1/kitchen/production-settings */
export const productionSettingsAnswer = z.object({ settings: productionSettings, source: z.string(), setAt: instant.nullable(), setBy: z.string().nullable() });
export type ProductionSettingsAnswer = z.infer<typeof productionSettingsAnswer>;
export const setProductionSettingsRequest = z.strictObject({ settings: productionSettings, source: note.min(2) });
export type SetProductionSettingsRequest = z.infer<typeof setProductionSettingsRequest>;

export const batchRow = z.object({
  id,
  dishId: id,
  dishName: z.string(),
  kind: z.string(),
  day,
  period: mealPeriod,
  batchNo: z.int(),
  wave: z.int(),
  pot: z.string(),
  /** Minutes since midnight in Asia/Shanghai. */
  startMin: z.int(),
  readyMin: z.int(),
  method: z.enum(['hot', 'cold']),
  state: z.enum(BATCH_STATES),
  plannedPortions: z.int(),
  /** What was really cooked; null before. */
  portions: z.int().nullable(),
  coreC: z.number().nullable(),
  /** Of the first measurement: heating on makes no food younger. */
  cookedAt: instant.nullable(),
  releasedAt: instant.nullable(),
  recalled: z.boolean(),
  /** Ingredients of the recipe of which no lot was issued to this batch, by name; and main ones of which too little was. */
  withoutLot: z.array(z.string()),
  shortOfLot: z.array(z.string()),
  /** Every measurement at the centre, the first first; null: of a dish that is never heated. */
  measured: z.array(z.object({ coreC: z.number().nullable(), portions: z.int(), at: instant })),
  /** What still stands between the batch and a load; empty once it may be released. */
  obstacles: z.array(z.enum(BATCH_OBSTACLES)),
  /** Portions that loads took, and that they may still take. */
  fed: z.int(),
  left: z.int(),
  sample: z.object({ id, grams: z.int(), takenAt: instant, container: z.string(), fridge: z.string(), fridgeC: z.number(), discardDueAt: instant, discardedAt: instant.nullable() }).nullable(),
});
export type BatchRow = z.infer<typeof batchRow>;

/** GET /api/v1/kitchen/batches. `day` defaults to today. */
export const batchListQuery = z.strictObject({ day: day.optional(), period: mealPeriod.default('lunch') });
export type BatchListQuery = z.infer<typeof batchListQuery>;
export const batchListAnswer = z.object({ kitchen: z.object({ id, name: z.string() }), day, period: mealPeriod, asOf: instant, batches: z.array(batchRow) });
export type BatchListAnswer = z.infer<typeof batchListAnswer>;
export const batchAnswer = z.object({ batch: batchRow });
export type BatchAnswer = z.infer<typeof batchAnswer>;

/** POST /api/v1/kitchen/batches/plan: writes the batches of a day from orders and forecast; planned ones are replaced. */
export const planBatchesRequest = z.strictObject({ day, period: mealPeriod.default('lunch') });
export type PlanBatchesRequest = z.infer<typeof planBatchesRequest>;

/** POST /api/v1/kitchen/batches: one more batch of a dish. */
export const addBatchRequest = z.strictObject({ day, period: mealPeriod.default('lunch'), dishId: id, portions, wave: z.int().min(1).max(2), pot: word, readyMin: minute });
export type AddBatchRequest = z.infer<typeof addBatchRequest>;

/** POST /api/v1/kitchen/batches/cooked. `coreC` is asked for hot dishes. */
export const cookBatchRequest = z.strictObject({ batchId: id, portions, coreC: celsius.nullable() });
export type CookBatchRequest = z.infer<typeof cookBatchRequest>;

/** POST /api/v1/kitchen/batches/sample */
export const keepSampleRequest = z.strictObject({ batchId: id, grams: z.int().min(1).max(2000), container: word, fridge: word, fridgeC: celsius });
export type KeepSampleRequest = z.infer<typeof keepSampleRequest>;

/** POST /api/v1/kitchen/batches/release. `reason`: where goods-unknown alone stands in the way, what is in the pot and where it came from. */
export const releaseBatchRequest = z.strictObject({ batchId: id, reason: note.min(2).optional() });
export type ReleaseBatchRequest = z.infer<typeof releaseBatchRequest>;

/** POST /api/v1/kitchen/batches/drop: a pot that failed or was added by mistake; what was issued to it and is still there is taken back before. */
export const dropBatchRequest = z.strictObject({ batchId: id, reason: note.min(2) });
export type DropBatchRequest = z.infer<typeof dropBatchRequest>;

export const sampleRow = z.object({
  id, batchId: id, dishName: z.string(), day, period: mealPeriod, batchNo: z.int(), grams: z.int(), takenAt: instant, takenBy: z.string(),
  container: z.string(), fridge: z.string(), fridgeC: z.number(), discardDueAt: instant, discardedAt: instant.nullable(), discardedBy: z.string(), note: z.string(),
  /** A second person who looked at it; '' while nobody has. */
  reviewedBy: z.string(), reviewedAt: instant.nullable(),
  state: z.enum(SAMPLE_STATES),
});
export type SampleRow = z.infer<typeof sampleRow>;
/** GET /api/v1/kitchen/samples: what is in the fridge, and what was taken in the last seven days. */
export const sampleListAnswer = z.object({ asOf: instant, due: z.int(), samples: z.array(sampleRow) });
export type SampleListAnswer = z.infer<typeof sampleListAnswer>;
/** POST /api/v1/kitchen/samples/review: somebody other than who took them looked at these samples. */
export const reviewSamplesRequest = z.strictObject({ sampleIds: z.array(id).min(1).max(200) });
export type ReviewSamplesRequest = z.infer<typeof reviewSamplesRequest>;
/** POST /api/v1/kitchen/samples/discard: by a second person, or once one has looked at it. */
export const discardSampleRequest = z.strictObject({ sampleId: id, note: note.default('') });
export type DiscardSampleRequest = z.infer<typeof discardSampleRequest>;

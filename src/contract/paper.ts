import { z } from 'zod';
import { mealPeriod } from './menu.js';

/** Paper fallback: a numbered list per point and meal, its entry, approval and phone checks. */

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const fen = z.int();
const note = z.string().trim().max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

export const PAPER_OUTCOMES = ['open', 'waiting', 'posted', 'late', 'duplicate', 'refused'] as const;
export type PaperOutcome = (typeof PAPER_OUTCOMES)[number];
export const PAPER_TICKS = ['wallet', 'cash', 'qr'] as const;
export const PAPER_CHECKS = ['confirmed', 'denied', 'not-reached'] as const;

export const paperLineRow = z.object({
  id, lineNo: z.int(),
  /** null for a blank line that names nobody yet. */
  seniorId: id.nullable(), name: z.string(), dueFen: fen.nullable(),
  outcome: z.enum(PAPER_OUTCOMES), code: z.string().nullable(), tick: z.enum(PAPER_TICKS).nullable(),
  mealId: id.nullable(),
  /** The meal that had been taken already when this line was entered. */
  twinMealId: id.nullable(),
  enteredBy: z.string().nullable(), enteredAt: instant.nullable(),
  sampled: z.boolean(), check: z.object({ outcome: z.enum(PAPER_CHECKS), note: z.string(), by: z.string() }).nullable(),
});
export type PaperLineRow = z.infer<typeof paperLineRow>;

const head = {
  id, listNo: z.string(), pointId: id, pointName: z.string(), day, period: mealPeriod, setMealId: id, setCode: z.string(), setName: z.string(), grossFen: fen,
  printedAt: instant, enterBefore: instant, isOverdue: z.boolean(), enteredBy: z.string().nullable(), enteredAt: instant.nullable(),
};

/** GET /api/v1/points/:pointId/paper-lists and GET /api/v1/paper-lists */
export const paperListsQuery = z.strictObject({ pointId: id.optional(), waiting: z.enum(['yes']).optional() });
export type PaperListsQuery = z.infer<typeof paperListsQuery>;
export const paperListsAnswer = z.object({
  rows: z.array(z.object({
    ...head, lines: z.int(), posted: z.int(), waiting: z.int(), duplicates: z.int(), refused: z.int(), late: z.int(),
    /** Sampled lines, and those of them without an outcome yet. */
    sampled: z.int(), unchecked: z.int(),
  })),
});
export type PaperListsAnswer = z.infer<typeof paperListsAnswer>;

/** POST /api/v1/points/:pointId/paper-lists: makes a list of who is expected, with the price of each. */
export const makePaperListRequest = z.strictObject({ day, period: mealPeriod, setCode: z.string().regex(/^[A-Z]$/), blankLines: z.int().min(0).max(40).default(10) });
export type MakePaperListRequest = z.infer<typeof makePaperListRequest>;

/** GET /api/v1/paper-lists/:listId */
export const paperListAnswer = z.object({ ...head, qr: z.string(), lines: z.array(paperLineRow) });
export type PaperListAnswer = z.infer<typeof paperListAnswer>;

/** POST /api/v1/paper-lists/:listId/entries: what the paper says. A line that was entered before is left as it is. */
export const enterPaperListRequest = z.strictObject({
  reason: note.min(2),
  lines: z.array(z.strictObject({ lineNo: z.int().min(1).max(500), tick: z.enum(PAPER_TICKS), seniorId: id.nullable().default(null) })).min(1).max(340),
});
export type EnterPaperListRequest = z.infer<typeof enterPaperListRequest>;

/** POST /api/v1/paper-lists/:listId/lines/:paperLineId/decide: a second person's word on a line entered too late. */
export const decidePaperLineRequest = z.strictObject({ approve: z.boolean() });
export type DecidePaperLineRequest = z.infer<typeof decidePaperLineRequest>;

/** POST /api/v1/paper-lists/:listId/lines/:paperLineId/check: what the senior said on the phone. */
export const checkPaperLineRequest = z.strictObject({ outcome: z.enum(PAPER_CHECKS), note: note.default('') });
export type CheckPaperLineRequest = z.infer<typeof checkPaperLineRequest>;

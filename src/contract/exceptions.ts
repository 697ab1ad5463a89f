import { z } from 'zod';

/** Exceptions: what the checks of meals, doors and papers found, who works on it and how it ended. */

export const EXCEPTION_STATES = ['open', 'in-work', 'explained', 'confirmed', 'passed-on'] as const;
export type ExceptionState = (typeof EXCEPTION_STATES)[number];
export const EXCEPTION_OUTCOMES = ['explained', 'confirmed', 'passed-on'] as const;
export type ExceptionOutcome = (typeof EXCEPTION_OUTCOMES)[number];
export const CLAW_BACK_STATES = ['proposed', 'approved', 'refused'] as const;
/** A run reads at most a year and the month that closes it. */
export const SCAN_MAX_DAYS = 400;

const id = z.guid();
const day = z.iso.date();
const fen = z.int();
const instant = z.iso.datetime();
const words = z.object({ zh: z.string(), en: z.string() });
const kind = z.string().regex(/^[a-z-]{3,30}$/);
const note = z.string().trim().max(400).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const said = note.min(2);

const filters = {
  kind: kind.optional(),
  pointId: id.optional(),
  /** `unsettled`: open and in work. */
  state: z.enum([...EXCEPTION_STATES, 'unsettled']).optional(),
  /** Found at least so many days ago. */
  minAgeDays: z.coerce.number().int().min(0).max(4000).optional(),
  owner: z.enum(['me', 'nobody']).optional(),
};

/** GET /api/v1/exceptions */
export const exceptionListQuery = z.strictObject({
  ...filters, page: z.coerce.number().int().min(1).max(100_000).default(1), size: z.coerce.number().int().min(1).max(200).default(50),
});
export type ExceptionListQuery = z.infer<typeof exceptionListQuery>;
/** GET /api/v1/exceptions/file.xlsx */
export const exceptionFileQuery = z.strictObject(filters);
export type ExceptionFilters = z.infer<typeof exceptionFileQuery>;

export const exceptionRow = z.object({
  findingId: z.string(), kind: z.string(), kindLabel: words, pointName: z.string().nullable(), operatorName: z.string().nullable(),
  /** Masked. */
  seniorName: z.string().nullable(), staffName: z.string().nullable(),
  firstDay: day, lastDay: day,
  /** 0 to 100: weight before anybody has looked. */
  score: z.int(),
  /** Subsidy of the rows it rests on. */
  amountFen: fen, reason: words, evidenceRows: z.int(), state: z.enum(EXCEPTION_STATES), ownerName: z.string().nullable(),
  dueDay: day, overdue: z.boolean(), foundAt: instant, ageDays: z.int(),
});
export type ExceptionRow = z.infer<typeof exceptionRow>;
export const exceptionListAnswer = z.object({ rows: z.array(exceptionRow), total: z.int() });
export type ExceptionListAnswer = z.infer<typeof exceptionListAnswer>;

/** One row a finding rests on, in the order of time. */
export const exceptionEvidence = z.object({
  kind: z.string(), refId: z.string(), day, at: instant.nullable(), amountFen: fen,
  /** A meal or stop in a few words; null where the row itself says nothing more. */
  pointName: z.string().nullable(), channel: z.string().nullable(), identifiedBy: z.string().nullable(), staffName: z.string().nullable(),
  dinerName: z.string().nullable(), reversed: z.boolean(),
});
export type ExceptionEvidence = z.infer<typeof exceptionEvidence>;

export const clawBackRow = z.object({
  mealId: z.string(), day, pointName: z.string(), amountFen: fen,
  state: z.enum(CLAW_BACK_STATES), askedByName: z.string(), askedAt: instant, decidedByName: z.string().nullable(),
  /** The meal has been taken back in the ledger. */
  reversed: z.boolean(),
});
export type ClawBackRow = z.infer<typeof clawBackRow>;

/** GET /api/v1/exceptions/:findingId */
export const exceptionAnswer = exceptionRow.extend({
  note: z.string(), closedByName: z.string().nullable(), closedAt: instant.nullable(), ownerId: z.string().nullable(),
  evidence: z.array(exceptionEvidence),
  history: z.array(z.object({
    at: instant, actorName: z.string().nullable(), act: z.string(), fromState: z.string().nullable(), toState: z.string(), ownerName: z.string().nullable(),
    dueDay: day.nullable(), evidenceRows: z.int().nullable(), note: z.string(),
  })),
  clawBacks: z.array(clawBackRow),
  mayWork: z.boolean(),
});
export type ExceptionAnswer = z.infer<typeof exceptionAnswer>;

/** GET /api/v1/exceptions/choices: kinds, points, people who can own one. */
export const exceptionChoicesAnswer = z.object({
  kinds: z.array(z.object({ key: z.string(), label: words })),
  points: z.array(z.object({ id: z.string(), name: z.string() })),
  owners: z.array(z.object({ staffId: z.string(), name: z.string() })),
});
export type ExceptionChoicesAnswer = z.infer<typeof exceptionChoicesAnswer>;

/** GET /api/v1/exceptions/summary: weeks begin on Mondays in Shanghai; a finding counts in the week in which it was found. */
export const exceptionSummaryQuery = z.strictObject({ weeks: z.coerce.number().int().min(1).max(53).default(8), pointId: id.optional() });
export type ExceptionSummaryQuery = z.infer<typeof exceptionSummaryQuery>;
export const exceptionSummaryAnswer = z.object({
  weeks: z.array(day),
  kinds: z.array(z.object({ kind: z.string(), label: words, perWeek: z.array(z.int()), unsettled: z.int(), confirmed: z.int(), explained: z.int() })),
  unsettled: z.int(), overdue: z.int(),
  /** Share of settled findings that were confirmed or passed on; null before any was settled. */
  confirmedShare: z.number().nullable(),
});
export type ExceptionSummaryAnswer = z.infer<typeof exceptionSummaryAnswer>;

/** POST /api/v1/exceptions/:findingId/assign */
export const assignExceptionRequest = z.strictObject({ ownerId: id, dueDay: day.optional(), note: note.default('') });
export type AssignExceptionRequest = z.infer<typeof assignExceptionRequest>;
/** POST /api/v1/exceptions/:findingId/comment */
export const commentExceptionRequest = z.strictObject({ note: said });
export type CommentExceptionRequest = z.infer<typeof commentExceptionRequest>;
/** POST /api/v1/exceptions/:findingId/close. `clawBackMealIds` only with the outcome confirmed. */
export const closeExceptionRequest = z.strictObject({
  outcome: z.enum(EXCEPTION_OUTCOMES), note: said, clawBackMealIds: z.array(id).max(500).default([]),
}).refine((request) => request.outcome === 'confirmed' || request.clawBackMealIds.length === 0, { path: ['clawBackMealIds'], message: 'only with confirmed' });
export type CloseExceptionRequest = z.infer<typeof closeExceptionRequest>;

/** POST /api/v1/exceptions/scans: days both included. */
export const askScanRequest = z.strictObject({ from: day, to: day })
  .refine((request) => request.from <= request.to, { path: ['to'], message: 'before from' })
  .refine((request) => (Date.parse(request.to) - Date.parse(request.from)) / 86_400_000 < SCAN_MAX_DAYS, { path: ['to'], message: `at most ${SCAN_MAX_DAYS} days` });
export type AskScanRequest = z.infer<typeof askScanRequest>;
export const scanRow = z.object({
  scanId: z.string(), from: day, to: day, nightly: z.boolean(), state: z.enum(['queued', 'running', 'done', 'failed']), readTo: day.nullable(), meals: z.int(),
  foundNew: z.int(), extended: z.int(), requestedAt: instant, finishedAt: instant.nullable(), failure: z.string().nullable(),
});
export type ScanRow = z.infer<typeof scanRow>;
export const scanListAnswer = z.object({ rows: z.array(scanRow) });
export type ScanListAnswer = z.infer<typeof scanListAnswer>;
export const scanAskedAnswer = z.object({ scanId: z.string() });
export type ScanAskedAnswer = z.infer<typeof scanAskedAnswer>;

/** GET and PUT /api/v1/exceptions/settings */
export const exceptionSettingsAnswer = z.object({
  settings: z.array(z.object({ key: z.string(), label: words, value: z.number(), byDefault: z.number(), least: z.number(), most: z.number(), source: words })),
});
export type ExceptionSettingsAnswer = z.infer<typeof exceptionSettingsAnswer>;
export const changeExceptionSettingsRequest = z.strictObject({ values: z.record(z.string().regex(/^[a-zA-Z]{3,40}$/), z.number()) });
export type ChangeExceptionSettingsRequest = z.infer<typeof changeExceptionSettingsRequest>;

import { z } from 'zod';
import { pathId } from './seniors.js';

/** Lists of deaths and categories from outside: previewed, matched, confirmed by a second person, then recorded line by line. */

const id = pathId;
const day = z.iso.date();
const instant = z.iso.datetime();

export const LIST_KINDS = ['death', 'category'] as const;
export const LIST_COLUMNS = ['name', 'idNumber', 'birthDate', 'day', 'code', 'from', 'to'] as const;
/** The same list as domain/persons/list-row.ts; a test keeps both equal. */
export const LIST_PROBLEMS = [
  'formula', 'id-ruined', 'id-format', 'id-checksum', 'id-fifteen', 'column-shifted', 'name-missing', 'name-characters', 'day-invalid', 'day-future',
  'code-unknown', 'days-empty', 'who-missing', 'birth-differs', 'twice', 'not-found', 'ambiguous', 'name-differs', 'only-name', 'known', 'refused',
] as const;
export const LINE_STATES = ['ready', 'needs-person', 'problem', 'known', 'skipped', 'done', 'failed'] as const;
export const BATCH_STATES = ['previewed', 'done', 'discarded'] as const;

/** POST /api/v1/list-imports: a CSV (UTF-8) or XLSX file of at most 170 kB. */
export const uploadListRequest = z.strictObject({
  kind: z.enum(LIST_KINDS),
  fileName: z.string().trim().min(1).max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}/\\]*$/u),
  contentBase64: z.string().min(4).max(240_000).regex(/^[A-Za-z0-9+/]+={0,2}$/),
});
export type UploadListRequest = z.infer<typeof uploadListRequest>;

export const importLine = z.object({
  id,
  /** The row of the file, its heading being row 1. */
  lineNo: z.int(),
  name: z.string(),
  idNumberMasked: z.string().nullable(),
  day: day.nullable(),
  code: z.string().nullable(),
  state: z.enum(LINE_STATES),
  problem: z.enum(LIST_PROBLEMS).nullable(),
  column: z.enum(LIST_COLUMNS).nullable(),
  /** Why the register refused a line that was confirmed, as an error code. */
  failure: z.string().nullable(),
  matchedBy: z.enum(['id-number', 'name', 'person']).nullable(),
  seniorId: id.nullable(),
  seniorName: z.string().nullable(),
  candidates: z.array(z.object({ id, name: z.string(), birthDate: day, pointName: z.string() })),
});
export type ImportLine = z.infer<typeof importLine>;

export const importBatch = z.object({
  id, kind: z.enum(LIST_KINDS), fileName: z.string(), state: z.enum(BATCH_STATES), uploadedByName: z.string(), uploadedAt: instant,
  confirmedByName: z.string().nullable(), confirmedAt: instant.nullable(),
  counts: z.object({ ready: z.int(), needsPerson: z.int(), problem: z.int(), known: z.int(), skipped: z.int(), done: z.int(), failed: z.int() }),
  mayConfirm: z.boolean(),
});
export type ImportBatch = z.infer<typeof importBatch>;
/** GET /api/v1/list-imports/:importId; the answer of an upload. */
export const importDetail = importBatch.extend({ lines: z.array(importLine) });
export type ImportDetail = z.infer<typeof importDetail>;
/** GET /api/v1/list-imports */
export const importListAnswer = z.object({ rows: z.array(importBatch), total: z.int() });
export type ImportListAnswer = z.infer<typeof importListAnswer>;

/** POST /api/v1/list-imports/:importId/lines/:lineId/match: a person says who is meant; null: nobody of ours. */
export const matchLineRequest = z.strictObject({ seniorId: id.nullable() });
export type MatchLineRequest = z.infer<typeof matchLineRequest>;
/** POST /api/v1/list-imports/:importId/confirm, …/discard */
export const confirmImportAnswer = z.object({ done: z.int(), failed: z.int(), state: z.enum(BATCH_STATES) });
export type ConfirmImportAnswer = z.infer<typeof confirmImportAnswer>;

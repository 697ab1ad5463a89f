import { z } from 'zod';

/** The journal as finance and auditors see it: the seals of days, files for the checker, checks of the ledger. */

const month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** GET /api/v1/finance/journal, /journal/export and /journal/seals */
export const journalMonthQuery = z.strictObject({ month });
export type JournalMonthQuery = z.infer<typeof journalMonthQuery>;

export const daySealRow = z.object({
  day: z.iso.date(),
  lastSeq: z.int(),
  /** Transfers sealed since the day before. */
  transfers: z.int(),
  rootHash: hash,
  daySeal: hash,
});
export type DaySealRow = z.infer<typeof daySealRow>;

export const ledgerCheckRow = z.object({
  id: z.string(),
  askedAt: z.iso.datetime(),
  /** Display name; empty for the check of the night. */
  askedBy: z.string(),
  state: z.enum(['asked', 'running', 'done', 'failed']),
  endedAt: z.iso.datetime().nullable(),
  transfers: z.int().nullable(),
  violations: z.int().nullable(),
  /** One line per invariant, with examples of what is broken. */
  findings: z.array(z.object({ invariant: z.string(), meaning: z.string(), violations: z.int(), counted: z.string(), examples: z.array(z.string()) })),
});
export type LedgerCheckRow = z.infer<typeof ledgerCheckRow>;

export const journalAnswer = z.object({
  month,
  /** Seals of the month's days, in order. */
  seals: z.array(daySealRow),
  /** Past days of the month that have no seal although the journal had begun: a gap that must be explained. */
  missingDays: z.array(z.iso.date()),
  /** Committed transfers that no link names yet, and the age of the oldest in seconds. */
  unsealed: z.object({ transfers: z.int(), oldestS: z.int() }),
  checks: z.array(ledgerCheckRow),
  /** Days on which the copy outside and the database disagree; null where no copy is kept. */
  copyDiffers: z.array(z.iso.date()).nullable(),
});
export type JournalAnswer = z.infer<typeof journalAnswer>;

/** POST /api/v1/finance/journal/checks */
export const ledgerCheckAsked = z.object({ id: z.string() });
export type LedgerCheckAsked = z.infer<typeof ledgerCheckAsked>;

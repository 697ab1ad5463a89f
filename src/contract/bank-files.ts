import { z } from 'zod';

/** Lists of payments in from a bank: read, looked at, then credited line by line. */

const fen = z.number().int();
export const BANK_LINE_STATES = ['ready', 'unknown-person', 'name-differs', 'not-active', 'over-limit', 'duplicate', 'unreadable', 'credited'] as const;
export type BankLineState = (typeof BANK_LINE_STATES)[number];

/** POST /api/v1/bank-files: the file's bytes in base64, as the bank sends it (UTF-8 or GBK). */
export const bankFileRequest = z.strictObject({ fileName: z.string().trim().min(1).max(120), content: z.base64().max(200_000) });
export type BankFileRequest = z.infer<typeof bankFileRequest>;
export const bankFileAnswer = z.object({
  fileId: z.string(), fileName: z.string(), readAt: z.string(), lineCount: z.number().int(), readyFen: fen, creditedFen: fen,
  lines: z.array(z.object({ lineNo: z.number().int(), reference: z.string(), personLast4: z.string(), name: z.string(), amountFen: fen, state: z.enum(BANK_LINE_STATES), seniorId: z.string().nullable() })),
});
export type BankFileAnswer = z.infer<typeof bankFileAnswer>;
export const bankFilesAnswer = z.object({
  rows: z.array(z.object({ fileId: z.string(), fileName: z.string(), readAt: z.string(), lineCount: z.number().int(), credited: z.number().int(), creditedFen: fen, open: z.number().int() })),
});
export type BankFilesAnswer = z.infer<typeof bankFilesAnswer>;

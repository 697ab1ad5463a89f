import { z } from 'zod';
import { bankReference } from './bank-reference.js';
import { TRANSIT_SOURCES } from './treasury.js';

const id = z.uuid();
const fen = z.int();
const day = z.iso.date();
const instant = z.iso.datetime();
const reason = z.string().trim().min(4).max(200).regex(/^[^\p{Cc}]*$/u);

/** What can be taken back: a receipt of money in transit, own parts, the payment of a month's claim, an advance. */
export const UNDO_KINDS = ['receipt', 'own-part', 'claim', 'advance'] as const;
export type UndoKind = (typeof UNDO_KINDS)[number];

/**
 * POST /api/v1/treasury/undos with Idempotency-Key: asks to take a payment or receipt back. `bounced`: the bank sent the
 * money back, under a reference and on a day of its own; `mistaken`: it was never so, and its reference becomes free.
 */
export const askUndoRequest = z.discriminatedUnion('cause', [
  z.strictObject({ kind: z.enum(UNDO_KINDS), objectId: id, cause: z.literal('bounced'), bankReference, returnedOn: day, reason }),
  z.strictObject({ kind: z.enum(UNDO_KINDS), objectId: id, cause: z.literal('mistaken'), reason }),
]);
export type AskUndoRequest = z.infer<typeof askUndoRequest>;
/** POST /api/v1/treasury/undos/:undoId/decision with Idempotency-Key, by another person; refusing is open to the asker, too. */
export const decideUndoRequest = z.strictObject({ approve: z.boolean() });
export type DecideUndoRequest = z.infer<typeof decideUndoRequest>;

export const paymentUndo = z.object({
  id, kind: z.enum(UNDO_KINDS), objectId: id, amountFen: fen, cause: z.enum(['bounced', 'mistaken']), bankReference: z.string().nullable(), returnedOn: day.nullable(), reason: z.string(),
  state: z.enum(['asked', 'done', 'refused']), askedBy: z.string(), askedAt: instant, decidedBy: z.string().nullable(), decidedAt: instant.nullable(), mayDecide: z.boolean(),
  /** Of what: the source of a receipt, else the party's name; the day up to which, or the month. */
  source: z.enum(TRANSIT_SOURCES).nullable(), partyName: z.string().nullable(), period: z.string(), firstReference: z.string(),
});
export type PaymentUndo = z.infer<typeof paymentUndo>;
/** GET /api/v1/treasury/undos: those that wait, then the newest, a hundred in all. */
export const paymentUndosAnswer = z.object({ rows: z.array(paymentUndo) });
export type PaymentUndosAnswer = z.infer<typeof paymentUndosAnswer>;

import { z } from 'zod';
import { mealPeriod } from './menu.js';
import { RECEIVERS } from './delivery.js';

/** Delivered stops whose meal could not be posted from the event: what was handed over and has no price yet. */

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();

/** Why no meal was posted when the door was recorded. */
export const UNPOSTED_REASONS = ['already-served', 'not-on-menu', 'no-policy', 'not-licensed', 'senior-gone', 'day-closed', 'pattern-review', 'recalled-given'] as const;
/** open: nobody has dealt with it; free-asked: one role wants it given free, another must agree; rejected: the delivery is judged not to have been. */
export const UNPOSTED_STATES = ['open', 'free-asked', 'given-free', 'posted', 'rejected'] as const;
export type UnpostedState = (typeof UNPOSTED_STATES)[number];

/** GET /api/v1/delivery/unposted. Days are first and last, both included. waiting: open and free-asked. */
export const unpostedStopQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  pointId: id.optional(),
  reason: z.enum(UNPOSTED_REASONS).optional(),
  state: z.enum(['waiting', 'given-free', 'posted', 'rejected', 'all']).default('waiting'),
  /** A name or part of it, or pinyin initials. */
  search: z.string().trim().max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type UnpostedStopQuery = z.infer<typeof unpostedStopQuery>;

export const unpostedStopRow = z.object({
  stopId: id, day, period: mealPeriod, pointName: z.string(), crewName: z.string(), tripNo: z.int(),
  /** Surname form. */
  dinerName: z.string(), setCode: z.string(), reason: z.string(),
  receivedBy: z.enum(RECEIVERS).nullable(), recordedAt: instant, recordedBy: z.string(),
  state: z.enum(UNPOSTED_STATES),
  /** Why the meal is to be given free, and who asked for it. */
  freeReason: z.string().nullable(), askedBy: z.string().nullable(), askedAt: instant.nullable(),
  /** Who posted it or agreed, when; the meal where one was posted. */
  settledBy: z.string().nullable(), settledAt: instant.nullable(), mealId: id.nullable(),
  /** What the reader may do with it now. */
  mayPost: z.boolean(), mayAskFree: z.boolean(), mayAgreeFree: z.boolean(), mayReject: z.boolean(),
  /** What speaks for the delivery: digits or a photo, the phone's own time, metres from the phone to the door; null where it did not say. */
  proof: z.string().nullable(), deviceAt: instant.nullable(), metresFromDoor: z.int().nullable(),
});
export type UnpostedStopRow = z.infer<typeof unpostedStopRow>;
export const unpostedStopAnswer = z.object({
  rows: z.array(unpostedStopRow), total: z.int(),
  /** Of the list as filtered. */
  byReason: z.array(z.object({ reason: z.string(), stops: z.int() })),
  asOf: instant,
});
export type UnpostedStopAnswer = z.infer<typeof unpostedStopAnswer>;

/** POST /api/v1/delivery/unposted/:stopId/post with the header Idempotency-Key: posts the meal under the rule of its own day, once. */
export const postStopRequest = z.strictObject({});
export const postStopAnswer = z.object({ stopId: id, mealId: id, grossFen: z.int(), dueFen: z.int() });
export type PostStopAnswer = z.infer<typeof postStopAnswer>;

/** POST /api/v1/delivery/unposted/:stopId/free: asks that the meal be given free. Another role agrees under …/free/agree. */
export const askFreeRequest = z.strictObject({ reason: z.string().trim().min(4).max(200).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u) });
export type AskFreeRequest = z.infer<typeof askFreeRequest>;
/** POST /api/v1/delivery/unposted/:stopId/reject: a delivery that cannot have been is neither posted nor paid to whoever says to have carried it. */
export const rejectStopRequest = askFreeRequest;
export type RejectStopRequest = z.infer<typeof rejectStopRequest>;
export const agreeFreeRequest = z.strictObject({});
export const freeStopAnswer = z.object({ stopId: id, state: z.enum(UNPOSTED_STATES) });
export type FreeStopAnswer = z.infer<typeof freeStopAnswer>;

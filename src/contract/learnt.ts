import { z } from 'zod';

/** What the crews' own times have taught about riding and about doors. */

const id = z.uuid();

/** GET /api/v1/dispatch/learnt */
export const learntQuery = z.strictObject({
  depotId: id.optional(),
  /** A name or part of it, or pinyin initials. */
  search: z.string().trim().max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type LearntQuery = z.infer<typeof learntQuery>;

export const learntAnswer = z.object({
  /** Days of hand-overs that are learnt from; 0: nothing is. */
  learnDays: z.int(),
  depots: z.array(z.object({
    depotId: id, name: z.string(),
    /** Riding takes so many percent of the map's times; the plan's own reckoning (100) where nothing was learnt. */
    legPct: z.int(), observations: z.int(), learntOn: z.iso.date().nullable(),
  })),
  rows: z.array(z.object({
    seniorId: id, seniorName: z.string(), depotName: z.string(),
    /** Beyond the settings; negative where the door is quicker. */
    extraS: z.int(), spreadS: z.int(), observations: z.int(),
  })),
  total: z.int(),
});
export type LearntAnswer = z.infer<typeof learntAnswer>;

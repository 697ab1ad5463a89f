import { z } from 'zod';
import { RECEIVERS } from './delivery.js';
import { mealPeriod } from './menu.js';

/** Photos that prove a door: which there are, who looked at them and why, and how long they are kept. */

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();

/** stored: it can be looked at; awaited: announced by the crew's phone, not here yet; gone: its time is over. */
export const PHOTO_STATES = ['stored', 'awaited', 'gone'] as const;
export type PhotoState = (typeof PHOTO_STATES)[number];

/** GET /api/v1/delivery/photos. Days are first and last, both included. */
export const photoListQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  pointId: id.optional(),
  state: z.enum([...PHOTO_STATES, 'all']).default('all'),
  /** A name or part of it, or pinyin initials. */
  search: z.string().trim().max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type PhotoListQuery = z.infer<typeof photoListQuery>;

export const photoRow = z.object({
  stopId: id, day, period: mealPeriod, pointName: z.string(), crewName: z.string(), tripNo: z.int(),
  /** Surname form. */
  dinerName: z.string(), receivedBy: z.enum(RECEIVERS).nullable(), state: z.enum(PHOTO_STATES),
  /** The phone's own time of the picture, and when it arrived. */
  deviceAt: instant.nullable(), storedAt: instant.nullable(),
  /** From where the phone was to the door; null where it told no place. */
  metresFromDoor: z.int().nullable(),
  /** The first day on which it is gone; null while it is awaited, or kept because the delivery is under review. */
  goneOn: day.nullable(),
  looks: z.int(), lastLook: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
});
export type PhotoRow = z.infer<typeof photoRow>;
export const photoListAnswer = z.object({ rows: z.array(photoRow), total: z.int(), keepDays: z.int(), asOf: instant });
export type PhotoListAnswer = z.infer<typeof photoListAnswer>;

/** POST /api/v1/delivery/stops/:stopId/photo/look: the reason stays beside the photo and in the audit. */
export const lookAtPhotoRequest = z.strictObject({ reason: z.string().trim().min(4).max(200).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u) });
export type LookAtPhotoRequest = z.infer<typeof lookAtPhotoRequest>;

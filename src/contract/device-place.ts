import { z } from 'zod';

/** A new machine waits until somebody other than who drew its code has typed, on site, the number that its glass shows. */

/** With the code of 43 bits and five tries these are enough: one in 200,000 for whoever guesses and does not see the glass. */
export const PLACE_NUMBER_DIGITS = 6;
/** Wrong numbers after which the machine is revoked. */
export const PLACE_TRIES = 5;

/** GET /api/v1/devices/self (device, also one that waits). `number` and `waitsUntilMs` (ms since the epoch): null once it is confirmed. */
export const deviceSelfAnswer = z.object({
  standing: z.enum(['waiting', 'confirmed']),
  deviceName: z.string(),
  pointName: z.string(),
  serverTimeMs: z.int(),
  number: z.string().regex(/^\d{6}$/).nullable(),
  waitsUntilMs: z.int().nullable(),
});
export type DeviceSelfAnswer = z.infer<typeof deviceSelfAnswer>;

/** POST /api/v1/devices/:deviceId/place (staff): the number on its glass, and the own password of whoever stands before it. */
export const confirmPlaceRequest = z.strictObject({
  number: z.string().regex(/^\d{6}$/),
  password: z.string().min(1).max(128),
});
export type ConfirmPlaceRequest = z.infer<typeof confirmPlaceRequest>;
export const confirmPlaceAnswer = z.object({ deviceId: z.string(), status: z.literal('active') });
export type ConfirmPlaceAnswer = z.infer<typeof confirmPlaceAnswer>;

/** A machine that nobody has confirmed yet, as GET /api/v1/devices lists it. `mayConfirm`: the reader is of this place and did not draw its code. */
export const waitingDevice = z.object({
  id: z.string(),
  pointId: z.string(),
  pointName: z.string(),
  name: z.string(),
  enrolledAt: z.string(),
  waitsUntil: z.string(),
  lastSeenAt: z.string().nullable(),
  triesLeft: z.int(),
  mayConfirm: z.boolean(),
});
export type WaitingDevice = z.infer<typeof waitingDevice>;

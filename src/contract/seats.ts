import { z } from 'zod';

/** Seats of a point's reserved zone, and the gate before it. Nothing here touches money. */

const minute = z.number().int().min(0).max(1_440);
const count = z.number().int().min(0).max(2_000);

/** PUT /api/v1/points/:pointId/reserved-zone: minutes of the day, half-open; `keepFree`: below it the public waits during the peak. */
export const seatZoneRequest = z.strictObject({
  seats: count.min(1), stayMin: z.number().int().min(5).max(240), peakFromMin: minute, peakToMin: minute, keepFree: count,
}).refine((zone) => zone.peakFromMin <= zone.peakToMin && zone.keepFree <= zone.seats, { path: ['peakToMin'], message: 'ends before it begins, or keeps more than there is' });
export type SeatZoneRequest = z.infer<typeof seatZoneRequest>;

/** GET /api/v1/points/:pointId/reserved-zone: zone null where the point has none. */
export const seatsAnswer = z.object({
  zone: z.object({ seats: z.number().int(), stayMin: z.number().int(), peakFromMin: z.number().int(), peakToMin: z.number().int(), keepFree: z.number().int() }).nullable(),
  taken: z.number().int(), free: z.number().int(), isPeak: z.boolean(), publicWaits: z.boolean(),
});
export type SeatsAnswer = z.infer<typeof seatsAnswer>;

/** POST /api/v1/points/:pointId/reserved-zone/moves: an attendant counts somebody in or out by hand. */
export const seatMoveRequest = z.strictObject({ move: z.enum(['in', 'out']) });
export type SeatMoveRequest = z.infer<typeof seatMoveRequest>;

/** POST /api/v1/kiosk/gate (device): a senior of the gallery, or a card, before the gate. */
export const gateRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('face'), personCode: z.string().min(1).max(36) }),
  z.strictObject({ kind: z.literal('card'), cardNo: z.string().regex(/^[A-Za-z0-9-]{4,64}$/) }),
]);
export type GateRequest = z.infer<typeof gateRequest>;
export const gateAnswer = z.object({ decision: z.enum(['open', 'full', 'too-young', 'unknown', 'no-zone']), freeSeats: z.number().int() });
export type GateAnswer = z.infer<typeof gateAnswer>;

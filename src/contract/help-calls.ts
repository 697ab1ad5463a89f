import { z } from 'zod';
import { kioskHelpRequest } from './kiosk.js';

/** GET /api/v1/desk/help-calls: who has called today from a kiosk of the own point and to whom nobody has gone yet; the longest waiting first. */
export const helpCallsAnswer = z.object({
  calls: z.array(z.object({
    helpCallId: z.string(),
    deviceName: z.string(),
    reason: kioskHelpRequest.shape.reason,
    /** The last press: whoever presses again still waits. */
    calledAt: z.string(),
  })),
});
export type HelpCallsAnswer = z.infer<typeof helpCallsAnswer>;

/** POST /api/v1/desk/help-calls/:helpCallId/take: whoever works here goes there, once. */
export const takenHelpCallAnswer = z.object({ helpCallId: z.string(), taken: z.literal(true) });
export type TakenHelpCallAnswer = z.infer<typeof takenHelpCallAnswer>;

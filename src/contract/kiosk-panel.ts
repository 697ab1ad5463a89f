import { z } from 'zod';
import { kioskPaymentAnswer } from './kiosk.js';

/** The panel of a kiosk for whoever looks after it. */

/** Digits of an attendant's number: with the brake of the kiosk about a hundred guesses a day, of a million. */
export const PIN_DIGITS = 6;
const pin = z.string().regex(/^\d{6}$/);

/** POST /api/v1/session/pin: a new number for the caller; the one before ends. Shown this once. */
export const drawnPinAnswer = z.object({ pin });
export type DrawnPinAnswer = z.infer<typeof drawnPinAnswer>;

/** POST /api/v1/kiosk/panel (device). */
export const kioskPanelRequest = z.strictObject({ pin });
export type KioskPanelRequest = z.infer<typeof kioskPanelRequest>;

/** The newest sales of this device today, for reprints; balances are left out. `refunded`: given back since. */
export const kioskPanelAnswer = z.object({
  staffName: z.string(),
  sales: z.array(z.object({ answer: kioskPaymentAnswer, refunded: z.boolean() })),
});
export type KioskPanelAnswer = z.infer<typeof kioskPanelAnswer>;

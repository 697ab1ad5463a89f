import { z } from 'zod';

/** How many business days, today included, a share is counted over. */
export const SHARE_DAYS = 28;

/** Ways that begin with the camera: everything else took a card, digits or a person. */
export const BY_FACE = ['face', 'roaming', 'face-digits'] as const;

/** GET /api/v1/devices/shares: how each device inside the scope knew whom it sold to, and how often somebody was called to it. */
export const deviceSharesAnswer = z.object({
  fromDay: z.string(),
  toDay: z.string(),
  devices: z.array(z.object({
    deviceId: z.string(),
    /** Calls for a person that were opened at it. */
    helpCalls: z.number().int(),
    /** The most frequent first. */
    ways: z.array(z.object({ identifiedBy: z.string(), meals: z.number().int() })),
  })),
});
export type DeviceSharesAnswer = z.infer<typeof deviceSharesAnswer>;

import { z } from 'zod';

/** What a street charges for bringing a meal to the door. It is part of the price; minimum spends and percentages leave it out. */

const day = z.iso.date();
export const deliveryFeeRow = z.object({ validFrom: day, feeFen: z.int(), sourceDocument: z.string(), setByName: z.string(), setAt: z.iso.datetime() });
export type DeliveryFeeRow = z.infer<typeof deliveryFeeRow>;
/** GET /api/v1/delivery-fees: the newest first; nowFen holds today. */
export const deliveryFeesAnswer = z.object({ nowFen: z.int(), rows: z.array(deliveryFeeRow) });
export type DeliveryFeesAnswer = z.infer<typeof deliveryFeesAnswer>;
/** PUT /api/v1/delivery-fees: from tomorrow on, so that a day has one fee. */
export const setDeliveryFeeRequest = z.strictObject({ validFrom: day, feeFen: z.int().min(0).max(5_000), sourceDocument: z.string().trim().min(2).max(120) });
export type SetDeliveryFeeRequest = z.infer<typeof setDeliveryFeeRequest>;

import { z } from 'zod';
import { kioskClaim } from './kiosk.js';
import { mealPeriod } from './menu.js';
import { FULFILMENTS } from './ordering.js';

const id = z.uuid();
const day = z.iso.date();
const setCode = z.string().regex(/^[A-Z]$/);
/** Whoever collects for another does not order for them. */
const ownClaim = kioskClaim.refine(({ kind }) => kind !== 'collector');

/** POST /api/v1/kiosk/orders/ahead: what the person in front may order for the next days, and has. */
export const kioskOrdersRequest = z.strictObject({ claim: ownClaim });
export type KioskOrdersRequest = z.infer<typeof kioskOrdersRequest>;

/** A meal of the next days. `offers` is empty once the kiosk's cut-off has passed; then only what stands is told. */
export const kioskAheadMeal = z.object({
  day, period: mealPeriod, cutoffAt: z.iso.datetime(),
  /** What stands: an order, or what a standing plan will ask for (`orderId` null). */
  ordered: z.object({ orderId: id.nullable(), code: setCode, name: z.string(), fulfilment: z.enum(FULFILMENTS), mayCancel: z.boolean() }).nullable(),
  offers: z.array(z.object({
    code: setCode, name: z.string(), dietTags: z.array(z.string()), dishes: z.array(z.object({ name: z.string(), picture: z.string() })),
    /** This person must not get this set meal. Why stays with the kitchen and the point. */
    notSuitable: z.literal(true).optional(),
  })),
});
export type KioskAheadMeal = z.infer<typeof kioskAheadMeal>;
/** `pointName`: where it is collected, and paid for as on any day. */
export const kioskOrdersAnswer = z.object({ maskedName: z.string(), pointName: z.string(), meals: z.array(kioskAheadMeal) });
export type KioskOrdersAnswer = z.infer<typeof kioskOrdersAnswer>;

/** POST /api/v1/kiosk/orders with the header Idempotency-Key: one meal to collect, where asked for instead of an own order. Nothing is charged. */
export const placeKioskOrderRequest = z.strictObject({ claim: ownClaim, day, period: mealPeriod, setCode, insteadOf: id.optional() });
export type PlaceKioskOrderRequest = z.infer<typeof placeKioskOrderRequest>;
/** POST /api/v1/kiosk/orders/cancel: an own order, before its cut-off. */
export const cancelKioskOrderRequest = z.strictObject({ claim: ownClaim, orderId: id });
export type CancelKioskOrderRequest = z.infer<typeof cancelKioskOrderRequest>;

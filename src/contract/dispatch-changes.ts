import { z } from 'zod';

const id = z.uuid();

/** What a dispatcher may change on the day. `position` counts from 0 among the doors of the trip. */
export const planChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('move'), orderId: id, toTripId: id, position: z.int().min(0).max(200) }),
  z.strictObject({ kind: z.literal('crew-absent'), crewId: id }),
  /** It is at its own depot after all, though it was said to be absent or was lent: plans are made again with it. */
  z.strictObject({ kind: z.literal('crew-back'), crewId: id }),
  z.strictObject({ kind: z.literal('urgent'), seniorId: id, setCode: z.string().regex(/^[A-Z]$/) }),
]);
export type PlanChange = z.infer<typeof planChange>;

const person = z.object({ orderId: id, seniorName: z.string(), mustServe: z.boolean() });
export const planConsequences = z.object({
  late: z.array(person), stale: z.array(person), forbidden: z.array(person), strangers: z.array(person),
  /** Whom the change leaves on no trip. */
  left: z.array(person),
  overloaded: z.array(z.string()), overtime: z.array(z.string()),
  /** Doors reached at another time, and seconds of riding added; what an urgent request costs. */
  movedDoors: z.int(), addedRideS: z.int(), newTrips: z.int(),
});
export type PlanConsequences = z.infer<typeof planConsequences>;

/** POST /api/v1/dispatch/plans/:routePlanId/changes/preview: what it would do, before it is done. */
export const previewChangeRequest = z.strictObject({ change: planChange });
export type PreviewChangeRequest = z.infer<typeof previewChangeRequest>;
export const previewChangeAnswer = z.object({ revision: z.int(), consequences: planConsequences });
export type PreviewChangeAnswer = z.infer<typeof previewChangeAnswer>;

/** POST /api/v1/dispatch/plans/:routePlanId/changes: done as previewed; refused when the plan has changed since. */
export const applyChangeRequest = z.strictObject({ change: planChange, revision: z.int().min(1) });
export type ApplyChangeRequest = z.infer<typeof applyChangeRequest>;
export const applyChangeAnswer = z.object({ revision: z.int(), changedTrips: z.int(), left: z.int() });
export type ApplyChangeAnswer = z.infer<typeof applyChangeAnswer>;

/** POST /api/v1/dispatch/trips/:tripId/freeze: no plan and no change moves its doors. */
export const freezeTripRequest = z.strictObject({ frozen: z.boolean() });
export type FreezeTripRequest = z.infer<typeof freezeTripRequest>;
export const freezeTripAnswer = z.object({ tripId: id, frozen: z.boolean() });
export type FreezeTripAnswer = z.infer<typeof freezeTripAnswer>;

/** POST /api/v1/dispatch/plans/:routePlanId/printed: these pages are on paper as they stand. */
export const sheetsPrintedRequest = z.strictObject({ pages: z.array(z.strictObject({ tripId: id, revision: z.int().min(1) })).max(200) });
export type SheetsPrintedRequest = z.infer<typeof sheetsPrintedRequest>;
export const sheetsPrintedAnswer = z.object({ pages: z.int() });
export type SheetsPrintedAnswer = z.infer<typeof sheetsPrintedAnswer>;

/** POST /api/v1/crew/take-over: the crate of a crew that broke down was scanned; what is open in it is carried on. */
export const takeOverRequest = z.strictObject({ tripId: id, deviceAt: z.iso.datetime() });
export type TakeOverRequest = z.infer<typeof takeOverRequest>;
export const takeOverAnswer = z.object({ tripId: id, stops: z.int() });
export type TakeOverAnswer = z.infer<typeof takeOverAnswer>;

import { z } from 'zod';
import { LADDER_STEP_CODES } from './care.js';
import { STOP_RESULTS, tripSketch } from './dispatch.js';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const wholeS = z.int();

/** Who took the meal at the door. */
export const RECEIVERS = ['self', 'family', 'neighbour', 'guard'] as const;
export type Receiver = (typeof RECEIVERS)[number];
/** Why a meal was not handed over. The first three go with `absent`, the others with `refused`. */
export const ABSENT_REASONS = ['not-answering', 'in-hospital', 'moved-away'] as const;
export const REFUSED_REASONS = ['not-ordered', 'not-hungry', 'wrong-meal', 'ate-elsewhere', 'recalled'] as const;
export const STOP_REASONS = [...ABSENT_REASONS, ...REFUSED_REASONS] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** What a crew carries on one trip: so many boxes of a set meal for a diet. */
export const boxKind = z.object({ setCode: z.string(), setName: z.string().nullable(), diets: z.array(z.string()), boxes: z.int() });
export type BoxKind = z.infer<typeof boxKind>;

/** Where a phone was, WGS-84. */
export const phonePlace = z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180), accuracyM: z.int().min(0).max(100_000) });
export type PhonePlace = z.infer<typeof phonePlace>;
/** Whether a photo of the door was announced and whether it has arrived. */
export const PHOTO_STATES = ['none', 'awaited', 'stored'] as const;
export type PhotoState = (typeof PHOTO_STATES)[number];

/** A door as the crew sees it: no balance, no ID number, the name in surname form. */
export const crewStop = z.object({
  stopId: id, seq: z.int(), callName: z.string(), address: z.string(), floor: z.int(), hasLift: z.boolean(), doorNote: z.string(), phone: z.string(),
  diets: z.array(z.string()), setCode: z.string(), setName: z.string().nullable(),
  /** WGS-84. */
  latitude: z.number(), longitude: z.number(),
  /** The same door in GCJ-02, for maps that know no other datum. */
  gcj02: z.object({ latitude: z.number(), longitude: z.number() }),
  photo: z.enum(PHOTO_STATES),
  /** The meal in the box that was handed over instead of the ordered one; null: its own box. */
  swappedTo: z.string().nullable(),
  /** A dish in the box is recalled: it must not be handed over. */
  recalled: z.boolean(),
  doorAtS: wholeS, windowEndS: wholeS,
  result: z.enum(STOP_RESULTS), reason: z.string().nullable(), receivedBy: z.enum(RECEIVERS).nullable(), proven: z.boolean(), resultAt: instant.nullable(),
  /** Nobody answered and nobody knows yet: the step it stands at. */
  soughtStep: z.enum(LADDER_STEP_CODES).nullable(),
});
export type CrewStop = z.infer<typeof crewStop>;

export const crewTrip = z.object({
  tripId: id, tripNo: z.int(), day, period: mealPeriod, depotName: z.string(), depotPhone: z.string(), departS: wholeS, lastDoorS: wholeS, backS: wholeS,
  boxes: z.int(), boxKinds: z.array(boxKind), leftAt: instant.nullable(), closedAt: instant.nullable(), stops: z.array(crewStop),
});
export type CrewTrip = z.infer<typeof crewTrip>;

/** GET /api/v1/crew/today: the own trips of today, before them those of the days before that left and are not closed. */
export const crewTodayAnswer = z.object({ day, asOf: instant, crewName: z.string(), freshnessMin: z.int(),
  /** The last day on which these doors may be read and recorded; a phone forgets them afterwards. */
  keepUntil: day,
  trips: z.array(crewTrip),
});
export type CrewTodayAnswer = z.infer<typeof crewTodayAnswer>;

/**
 * POST /api/v1/crew/trips/:tripId/leave: the crate is checked, the trip begins. `boxes`: as on the sheet, or fewer by those
 * recalled, which then stay behind. `deviceAt`: when the phone says it was. `stopIds`: the doors on the sheet that was checked;
 * a phone without a signal may have left with an older one.
 */
export const leaveTripRequest = z.strictObject({ boxes: z.int().min(0).max(500), deviceAt: instant, stopIds: z.array(id).max(500).optional() });
export type LeaveTripRequest = z.infer<typeof leaveTripRequest>;
/** POST /api/v1/crew/trips/:tripId/close: every stop has its result, boxes not handed over are back. */
export const closeTripRequest = z.strictObject({ deviceAt: instant });
export type CloseTripRequest = z.infer<typeof closeTripRequest>;
export const tripAnswer = z.object({ tripId: id, leftAt: instant.nullable(), closedAt: instant.nullable() });
export type TripAnswer = z.infer<typeof tripAnswer>;

/** Sent with a result where the phone knows it; `photoId` announces a photo that follows by itself. */
const atTheDoor = { deviceAt: instant, photoId: id.nullish(), place: phonePlace.nullish() };
/** POST /api/v1/crew/stops/:stopId/result. `proofLast2`: the last two digits of the senior's phone, spoken at the door. */
export const stopResultRequest = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('delivered'), receivedBy: z.enum(RECEIVERS), proofLast2: z.string().regex(/^\d{2}$/).nullable(), ...atTheDoor }),
  z.strictObject({ result: z.literal('absent'), reason: z.enum(ABSENT_REASONS), ...atTheDoor }),
  z.strictObject({ result: z.literal('refused'), reason: z.enum(REFUSED_REASONS), ...atTheDoor }),
]);
export type StopResultRequest = z.infer<typeof stopResultRequest>;
export const stopResultAnswer = z.object({
  stopId: id, result: z.enum(STOP_RESULTS), resultAt: instant,
  /** The meal as it was posted, for a delivered stop; null where the senior had eaten this meal already: it is not paid twice. */
  mealId: id.nullable(),
  openStops: z.int(),
});
export type StopResultAnswer = z.infer<typeof stopResultAnswer>;

/**
 * POST /api/v1/dispatch/by-hand/:orderId: what came of a meal that somebody was to bring by hand. What was handed over is proven by
 * the last two digits of the senior's phone, as the person who brought it heard them; it is paid like a crew's.
 */
export const byHandResultRequest = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('delivered'), receivedBy: z.enum(RECEIVERS), proofLast2: z.string().regex(/^\d{2}$/), deviceAt: instant }),
  z.strictObject({ result: z.literal('absent'), reason: z.enum(ABSENT_REASONS), deviceAt: instant }),
  z.strictObject({ result: z.literal('refused'), reason: z.enum(REFUSED_REASONS), deviceAt: instant }),
]);
export type ByHandResultRequest = z.infer<typeof byHandResultRequest>;

/** POST /api/v1/crew/stops/:stopId/photos: a JPEG or PNG as a data address. The id is made when the picture is taken; the same id is the same photo. */
export const stopPhotoRequest = z.strictObject({ id, deviceAt: instant, photo: z.string().max(240_000) });
export type StopPhotoRequest = z.infer<typeof stopPhotoRequest>;
export const stopPhotoAnswer = z.object({ id, stopId: id, storedAt: instant });
export type StopPhotoAnswer = z.infer<typeof stopPhotoAnswer>;
/** POST /api/v1/delivery/stops/:stopId/photo/look */
export const stopPhotoView = z.object({ photo: z.string(), deviceAt: instant, storedAt: instant });
export type StopPhotoView = z.infer<typeof stopPhotoView>;

/** Why a door got another box than its own. */
export const SWAP_REASONS = ['mixed-up', 'spilled', 'missing'] as const;
/** POST /api/v1/crew/stops/:stopId/swap: the box of another door of the trip, or a spare one of a set meal. */
export const swapBoxRequest = z.strictObject({ id, fromStopId: id.nullable(), gotSetCode: z.string().regex(/^[A-Z]$/), reason: z.enum(SWAP_REASONS), deviceAt: instant });
export type SwapBoxRequest = z.infer<typeof swapBoxRequest>;
export const swapBoxAnswer = z.object({
  id,
  /** What was in the box must not reach this person: the point and the street have been told to call. */
  calledBack: z.boolean(),
});
export type SwapBoxAnswer = z.infer<typeof swapBoxAnswer>;

/** A page of the route sheet: one trip. No telephone of a senior on paper. */
export const sheetPage = crewTrip.omit({ stops: true }).extend({
  crewName: z.string(),
  /** What this page says, counted; `changed`: not printed yet as it stands. */
  revision: z.int(), changed: z.boolean(),
  /** Scanned by a crew that takes the crate over. */
  crateQr: z.string(),
  stops: z.array(crewStop.omit({ phone: true, latitude: true, longitude: true, gcj02: true, photo: true, swappedTo: true, recalled: true, result: true, reason: true, receivedBy: true, proven: true, resultAt: true, soughtStep: true })),
  sketch: tripSketch,
});
export type SheetPage = z.infer<typeof sheetPage>;
/** GET /api/v1/dispatch/plans/:routePlanId/sheets */
export const routeSheetsAnswer = z.object({
  day, period: mealPeriod, status: z.enum(['draft', 'final']), depotName: z.string(), depotPhone: z.string(), printedAt: instant,
  freshnessMin: z.int(),
  /** Opens the crew's page on a phone, as a picture. */
  phonePageQr: z.string(), phonePageUrl: z.string(),
  pages: z.array(sheetPage),
});
export type RouteSheetsAnswer = z.infer<typeof routeSheetsAnswer>;

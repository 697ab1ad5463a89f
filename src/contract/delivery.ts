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
export const REFUSED_REASONS = ['not-ordered', 'not-hungry', 'wrong-meal', 'ate-elsewhere'] as const;
export const STOP_REASONS = [...ABSENT_REASONS, ...REFUSED_REASONS] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** What a crew carries on one trip: so many boxes of a set meal for a diet. */
export const boxKind = z.object({ setCode: z.string(), setName: z.string().nullable(), diets: z.array(z.string()), boxes: z.int() });
export type BoxKind = z.infer<typeof boxKind>;

/** A door as the crew sees it: no balance, no ID number, the name in surname form. */
export const crewStop = z.object({
  stopId: id, seq: z.int(), callName: z.string(), address: z.string(), floor: z.int(), hasLift: z.boolean(), doorNote: z.string(), phone: z.string(),
  diets: z.array(z.string()), setCode: z.string(), setName: z.string().nullable(),
  /** WGS-84. */
  latitude: z.number(), longitude: z.number(),
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
export const crewTodayAnswer = z.object({ day, asOf: instant, crewName: z.string(), freshnessMin: z.int(), trips: z.array(crewTrip) });
export type CrewTodayAnswer = z.infer<typeof crewTodayAnswer>;

/** POST /api/v1/crew/trips/:tripId/leave: the crate is checked, the trip begins. `deviceAt`: when the phone says it was. */
export const leaveTripRequest = z.strictObject({ boxes: z.int().min(0).max(500), deviceAt: instant });
export type LeaveTripRequest = z.infer<typeof leaveTripRequest>;
/** POST /api/v1/crew/trips/:tripId/close: every stop has its result, boxes not handed over are back. */
export const closeTripRequest = z.strictObject({ deviceAt: instant });
export type CloseTripRequest = z.infer<typeof closeTripRequest>;
export const tripAnswer = z.object({ tripId: id, leftAt: instant.nullable(), closedAt: instant.nullable() });
export type TripAnswer = z.infer<typeof tripAnswer>;

/** POST /api/v1/crew/stops/:stopId/result. `proofLast2`: the last two digits of the senior's phone, spoken at the door. */
export const stopResultRequest = z.discriminatedUnion('result', [
  z.strictObject({
    result: z.literal('delivered'), receivedBy: z.enum(RECEIVERS), proofLast2: z.string().regex(/^\d{2}$/).nullable(), deviceAt: instant,
  }),
  z.strictObject({ result: z.literal('absent'), reason: z.enum(ABSENT_REASONS), deviceAt: instant }),
  z.strictObject({ result: z.literal('refused'), reason: z.enum(REFUSED_REASONS), deviceAt: instant }),
]);
export type StopResultRequest = z.infer<typeof stopResultRequest>;
export const stopResultAnswer = z.object({
  stopId: id, result: z.enum(STOP_RESULTS), resultAt: instant,
  /** The meal as it was posted, for a delivered stop; null where the senior had eaten this meal already: it is not paid twice. */
  mealId: id.nullable(),
  openStops: z.int(),
});
export type StopResultAnswer = z.infer<typeof stopResultAnswer>;

/** A page of the route sheet: one trip. No telephone of a senior on paper. */
export const sheetPage = crewTrip.omit({ stops: true }).extend({
  crewName: z.string(),
  /** What this page says, counted; `changed`: not printed yet as it stands. */
  revision: z.int(), changed: z.boolean(),
  /** Scanned by a crew that takes the crate over. */
  crateQr: z.string(),
  stops: z.array(crewStop.omit({ phone: true, latitude: true, longitude: true, result: true, reason: true, receivedBy: true, proven: true, resultAt: true, soughtStep: true })),
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

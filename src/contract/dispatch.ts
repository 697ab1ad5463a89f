import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const depotKind = z.enum(['point', 'kitchen']);
const wholeS = z.int();
const minuteOfDay = z.int().min(0).max(1440);

/** The three fifteen-minute clocks are never mixed: home radius and trip freshness stand here, the load clock with the kitchen. */
/** No street may set more for `lateRecordDays`. */
export const LATE_RECORD_DAYS_MAX = 7;

export const deliverySettingsSchema = z.strictObject({
  /** From this age on nobody is just listed outside the radius. */
  mustServeAgeYears: z.int().min(60).max(120),
  /** One-way travel time from the serving depot to the door. */
  homeRadiusMin: z.int().min(1).max(120),
  /** From leaving the depot to the last door, waiting counted. */
  tripFreshnessMin: z.int().min(1).max(120),
  /** The same for the kitchen's car with its heated boxes. */
  kitchenCarFreshnessMin: z.int().min(1).max(180),
  reloadMin: z.int().min(0).max(120),
  doorS: z.int().min(0).max(900),
  extraBoxS: z.int().min(0).max(300),
  stairS: z.int().min(0).max(120),
  liftS: z.int().min(0).max(600),
  wheelchairS: z.int().min(0).max(600),
  /** Doors of one building in one go, up to so many boxes; 1: each on its own. */
  buildingBoxes: z.int().min(1).max(40),
  packedBeforeServiceMin: z.int().min(0).max(180),
  latenessGraceMin: z.int().min(0).max(120),
  /** A crew may still record the doors of its unclosed trips of so many days before today. */
  lateRecordDays: z.int().min(0).max(LATE_RECORD_DAYS_MAX),
  /** A crew is reminded so long before its trip leaves; 0: not at all. */
  departReminderMin: z.int().min(0).max(120),
  /** Photos of doors are erased after so many days. */
  photoKeepDays: z.int().min(7).max(400),
  /** Leg and door minutes are learnt from the crews' own times of so many days; 0: not at all. */
  learnDays: z.int().min(0).max(180),
  ladderRingMin: z.int().min(1).max(60),
  ladderPhoneMin: z.int().min(1).max(60),
  ladderNeighbourMin: z.int().min(1).max(60),
  ladderGridMin: z.int().min(1).max(240),
  ladderContactMin: z.int().min(1).max(240),
  ladderCommunityMin: z.int().min(1).max(240),
  alarmRepeatMin: z.int().min(1).max(60),
  patternStops: z.int().min(2).max(100),
  patternWithinS: z.int().min(1).max(3_600),
  welfareFromMin: minuteOfDay,
  breakfastFromMin: minuteOfDay,
  breakfastToMin: minuteOfDay,
  lunchFromMin: minuteOfDay,
  lunchToMin: minuteOfDay,
  dinnerFromMin: minuteOfDay,
  dinnerToMin: minuteOfDay,
}).refine(
  (hours) => hours.breakfastFromMin < hours.breakfastToMin && hours.lunchFromMin < hours.lunchToMin && hours.dinnerFromMin < hours.dinnerToMin,
  { message: 'each delivery period ends after it begins' },
);
export type DeliverySettingsBody = z.infer<typeof deliverySettingsSchema>;
export const deliverySettingsAnswer = z.object({ settings: z.object(deliverySettingsSchema.shape) });
export type DeliverySettingsAnswer = z.infer<typeof deliverySettingsAnswer>;

export const RUN_STATES = ['queued', 'running', 'done', 'failed'] as const;
export const RUN_STEPS = ['orders', 'travel', 'radius', 'routes', 'stored'] as const;
export const RUN_CAUSES = ['cut-off', 'asked', 'rerouted'] as const;

export const planRunRow = z.object({
  id, depotKind, depotId: id, depotName: z.string(), day, period: mealPeriod,
  /** cut-off: by itself; asked: a person; rerouted: another depot handed orders over. */
  cause: z.enum(RUN_CAUSES),
  state: z.enum(RUN_STATES),
  /** The step it is at, of those in RUN_STEPS. */
  step: z.enum(RUN_STEPS).nullable(),
  requestedAt: instant, startedAt: instant.nullable(), finishedAt: instant.nullable(),
  /** Whether the stored plan changed; null while it runs or when it failed. */
  changed: z.boolean().nullable(),
  failure: z.string().nullable(),
});
export type PlanRunRow = z.infer<typeof planRunRow>;

/** POST /api/v1/dispatch/runs: plan a depot now. 202: the run is queued; GET the run for its progress. */
export const requestPlanRequest = z.strictObject({ depotKind, depotId: id, day, period: mealPeriod });
export type RequestPlanRequest = z.infer<typeof requestPlanRequest>;
export const planRunAnswer = z.object({ run: planRunRow });
export type PlanRunAnswer = z.infer<typeof planRunAnswer>;

/** GET /api/v1/dispatch/board. `day` defaults to tomorrow once lunch is under way, else today. */
export const dispatchBoardQuery = z.strictObject({ day: day.optional(), period: mealPeriod.default('lunch') });
export type DispatchBoardQuery = z.infer<typeof dispatchBoardQuery>;

export const dispatchDepotRow = z.object({
  depotKind, depotId: id, code: z.string(), name: z.string(),
  cutoffAt: instant.nullable(),
  /** Deliveries that stand, and those handed to another depot or listed outside the radius. */
  deliveries: z.int(), fromStandingPlans: z.int(), handedOver: z.int(), takenOver: z.int(), listedOutside: z.int(),
  crews: z.int(),
  plan: z.object({
    id, status: z.enum(['draft', 'final']), trips: z.int(), planned: z.int(), unplanned: z.int(), unplannedMustServe: z.int(),
    delivered: z.int(), notDelivered: z.int(), openStops: z.int(), late: z.int(), firstDepartS: wholeS.nullable(), lastDoorS: wholeS.nullable(),
    travelTimeSource: z.string(), estimatedDoors: z.int(), createdAt: instant,
  }).nullable(),
  run: planRunRow.nullable(),
});
export type DispatchDepotRow = z.infer<typeof dispatchDepotRow>;
export const dispatchBoardAnswer = z.object({ day, period: mealPeriod, asOf: instant, depots: z.array(dispatchDepotRow) });
export type DispatchBoardAnswer = z.infer<typeof dispatchBoardAnswer>;

/** GET /api/v1/dispatch/runs: the latest runs of a day. */
export const planRunListQuery = z.strictObject({ day, period: mealPeriod.default('lunch') });
export type PlanRunListQuery = z.infer<typeof planRunListQuery>;
export const planRunListAnswer = z.object({ runs: z.array(planRunRow), asOf: instant });
export type PlanRunListAnswer = z.infer<typeof planRunListAnswer>;

export const STOP_RESULTS = ['open', 'delivered', 'absent', 'refused'] as const;

export const plannedStop = z.object({
  id, seq: z.int(), orderId: id, seniorId: id, seniorName: z.string(), ageYears: z.int(), mustServe: z.boolean(), setCode: z.string(),
  doorAtS: wholeS, windowStartS: wholeS, windowEndS: wholeS, floor: z.int(), hasLift: z.boolean(), diets: z.array(z.string()),
  result: z.enum(STOP_RESULTS), reason: z.string().nullable(), resultAt: instant.nullable(),
});
export const plannedTrip = z.object({
  id, tripNo: z.int(), crewId: id, crewName: z.string(), departS: wholeS, lastDoorS: wholeS, backS: wholeS, boxes: z.int(), distanceM: z.int(),
  leftAt: instant.nullable(), closedAt: instant.nullable(), frozen: z.boolean(),
  /** Brought by somebody who is no crew: what came of it is told on this page. */
  byHand: z.boolean(),
  /** What a printed page says, counted; and what was last printed (0: never). */
  revision: z.int(), printedRevision: z.int(), stops: z.array(plannedStop),
});
export type PlannedTripRow = z.infer<typeof plannedTrip>;

/** A sketch in metres from the depot, whose place is WGS-84: x to the east, y to the north. */
export const tripSketch = z.object({
  latitude: z.number(), longitude: z.number(),
  widthM: z.number(), heightM: z.number(), minX: z.number(), minY: z.number(),
  roads: z.array(z.array(z.number())),
  trips: z.array(z.object({ tripId: id, way: z.array(z.number()), doors: z.array(z.object({ seq: z.int(), x: z.number(), y: z.number() })) })),
});
export type TripSketch = z.infer<typeof tripSketch>;

export const BINDING_RULES = ['vehicle', 'skill', 'load', 'home-radius', 'freshness', 'window', 'fleet'] as const;
/** The smallest change that would serve the door. */
export const planCure = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('window-moved'), earlierMin: z.int(), laterMin: z.int() }),
  z.object({ kind: z.literal('one-more-crew'), likeCrewName: z.string() }),
  z.object({ kind: z.literal('other-depot') }),
]);
export const CURE_DECISIONS = ['window-moved', 'crew-lent', 'by-hand', 'not-today', 'other-depot'] as const;

/** GET /api/v1/dispatch/plans/:routePlanId */
export const routePlanAnswer = z.object({
  id, depotKind, depotId: id, depotName: z.string(), day, period: mealPeriod, status: z.enum(['draft', 'final']),
  travelTimeSource: z.string(), estimatedDoors: z.int(), createdAt: instant, asOf: instant, revision: z.int(),
  homeRadiusMin: z.int(), tripFreshnessMin: z.int(),
  trips: z.array(plannedTrip),
  /** Crews of this depot that do not come or are lent for this meal, and those lent to it. */
  away: z.array(z.object({ crewId: id, crewName: z.string(), state: z.enum(['absent', 'lent', 'lent-here']) })),
  unplanned: z.array(z.object({
    orderId: id, seniorId: id, seniorName: z.string(), mustServe: z.boolean(), reason: z.enum(['infeasible-alone', 'fleet-spent']),
    /** What binds and what would cure it most cheaply; null for plans made before this was kept. */
    binds: z.enum(BINDING_RULES).nullable(), cure: planCure.nullable(),
    /** What a person decided. Whoever must be served is decided before a crew may leave. */
    decided: z.enum(CURE_DECISIONS).nullable(), settled: z.boolean(),
  })),
  sketch: tripSketch,
});
export type RoutePlanAnswer = z.infer<typeof routePlanAnswer>;

export const RADIUS_DECISIONS = ['other-depot', 'kitchen', 'kitchen-car', 'own-depot', 'listed'] as const;
/** GET /api/v1/dispatch/radius: everybody outside the home radius of the own point, and what was decided. */
export const radiusListQuery = z.strictObject({ day, period: mealPeriod.default('lunch') });
export type RadiusListQuery = z.infer<typeof radiusListQuery>;
export const radiusRow = z.object({
  orderId: id, seniorId: id, seniorName: z.string(), ageYears: z.int(), pointId: id, pointName: z.string(),
  travelS: wholeS, missingMin: z.int(), mustServe: z.boolean(), decision: z.enum(RADIUS_DECISIONS),
  depotName: z.string().nullable(), decidedByName: z.string().nullable(),
  /** The day is over, a crew has the meal with it or holds it fast, or the door has a result: nothing is decided any more. */
  underWay: z.boolean(),
});
export type RadiusRow = z.infer<typeof radiusRow>;
export const radiusListAnswer = z.object({
  rows: z.array(radiusRow), asOf: instant, homeRadiusMin: z.int(),
  /** Where an order may be given to. */
  depots: z.array(z.object({ depotKind, depotId: id, name: z.string() })),
});
export type RadiusListAnswer = z.infer<typeof radiusListAnswer>;

/** POST /api/v1/dispatch/radius/:orderId: a person decides; the planner keeps it. Both depots are planned again. */
export const decideRadiusRequest = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('other-depot'), depotId: id }),
  z.strictObject({ decision: z.enum(['kitchen', 'kitchen-car', 'own-depot', 'listed']) }),
]);
export type DecideRadiusRequest = z.infer<typeof decideRadiusRequest>;
export const decideRadiusAnswer = z.object({ orderId: id, decision: z.enum(RADIUS_DECISIONS) });
export type DecideRadiusAnswer = z.infer<typeof decideRadiusAnswer>;

import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const celsius = z.number().min(-60).max(250).multipleOf(0.1);
const text = (least: number, most: number) => z.string().trim().min(least).max(most).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

export const SAFETY_KINDS = ['health', 'holding', 'cooling', 'transport', 'disinfection', 'opening'] as const;
export const safetyRecordRow = z.object({
  id, kind: z.enum(SAFETY_KINDS), pointName: z.string(), subject: z.string(), celsius: z.number().nullable(), minutes: z.int().nullable(), passed: z.boolean(), note: z.string(),
  recordedBy: z.string(), recordedAt: instant,
});
/** POST /api/v1/kitchen/safety/records. `fit` is the word of whoever looked; temperatures are judged by the rule. */
export const addSafetyRecordRequest = z.strictObject({
  kind: z.enum(SAFETY_KINDS), pointId: id.nullable().default(null), subject: text(1, 60), celsius: celsius.nullable().default(null),
  minutes: z.int().min(0).max(1440).nullable().default(null), fit: z.boolean(), note: text(0, 120).default(''),
});
export type AddSafetyRecordRequest = z.infer<typeof addSafetyRecordRequest>;

export const CHECK_KINDS = ['daily', 'weekly', 'monthly'] as const;
/** POST /api/v1/kitchen/safety/checks: an empty finding is the report that nothing was found. */
export const signCheckRequest = z.strictObject({ kind: z.enum(CHECK_KINDS), finding: text(0, 400).default(''), measures: text(0, 400).default('') });
export type SignCheckRequest = z.infer<typeof signCheckRequest>;
/** POST /api/v1/kitchen/safety/certificates */
export const saveCertificateRequest = z.strictObject({ person: text(1, 40), number: text(2, 40), validTo: day });
export type SaveCertificateRequest = z.infer<typeof saveCertificateRequest>;
/** POST /api/v1/kitchen/safety/probes: the key is told once. */
export const addProbeRequest = z.strictObject({ name: text(1, 40), fromC: celsius, toC: celsius, toleratedMin: z.int().min(1).max(240) });
export type AddProbeRequest = z.infer<typeof addProbeRequest>;
export const addProbeAnswer = z.object({ probeId: id, key: z.string() });
export type AddProbeAnswer = z.infer<typeof addProbeAnswer>;
/** POST /api/v1/probes/readings: what a probe or its gateway reports; repeated readings count once. */
export const probeReadingsRequest = z.strictObject({ key: z.string().min(20).max(80), readings: z.array(z.strictObject({ at: instant, celsius })).min(1).max(500) });
export type ProbeReadingsRequest = z.infer<typeof probeReadingsRequest>;
export const probeReadingsAnswer = z.object({ taken: z.int(), alarm: z.boolean() });
export type ProbeReadingsAnswer = z.infer<typeof probeReadingsAnswer>;

/** GET /api/v1/kitchen/safety: the log of a day with everything that is due. */
export const safetyDayQuery = z.strictObject({ day: day.optional() });
export type SafetyDayQuery = z.infer<typeof safetyDayQuery>;
export const safetyDayAnswer = z.object({
  day, asOf: instant,
  records: z.array(safetyRecordRow),
  /** Day, week and month that contain `day`. */
  checks: z.array(z.object({ kind: z.enum(CHECK_KINDS), ofDay: day, signedBy: z.string().nullable(), signedAt: instant.nullable(), finding: z.string(), measures: z.string() })),
  certificates: z.array(z.object({ id, person: z.string(), number: z.string(), validTo: day, state: z.enum(['valid', 'ending', 'expired']) })),
  probes: z.array(z.object({
    id, name: z.string(), fromC: z.number(), toC: z.number(), toleratedMin: z.int(), lastAt: instant.nullable(), lastC: z.number().nullable(), alarmSince: instant.nullable(),
    /** No reading for so long that silence itself is an alarm. */
    silent: z.boolean(),
    curve: z.array(z.object({ at: instant, celsius: z.number() })),
    excursions: z.array(z.object({ fromAt: instant, toAt: instant, extremeC: z.number() })),
  })),
});
export type SafetyDayAnswer = z.infer<typeof safetyDayAnswer>;

export const inspectionRow = z.object({
  id, pointName: z.string(), place: z.string(), finding: z.string(), hasPhoto: z.boolean(), dueOn: day, state: z.enum(['open', 'closed']), overdue: z.boolean(), openedBy: z.string(), openedAt: instant,
  closure: z.string(), closedBy: z.string(), closedAt: instant.nullable(),
});
export const inspectionListAnswer = z.object({ asOf: instant, inspections: z.array(inspectionRow) });
export type InspectionListAnswer = z.infer<typeof inspectionListAnswer>;
/** POST /api/v1/kitchen/safety/inspections. `photo` is a data address of a JPEG or PNG. */
export const openInspectionRequest = z.strictObject({ pointId: id.nullable(), place: text(1, 60), finding: text(2, 200), photo: z.string().max(420_000).nullable(), dueOn: day });
export type OpenInspectionRequest = z.infer<typeof openInspectionRequest>;
export const closeInspectionRequest = z.strictObject({ inspectionId: id, closure: text(2, 200) });
export type CloseInspectionRequest = z.infer<typeof closeInspectionRequest>;
export const inspectionPhotoQuery = z.strictObject({ inspectionId: id });
export type InspectionPhotoQuery = z.infer<typeof inspectionPhotoQuery>;
export const inspectionPhotoAnswer = z.object({ photo: z.string().nullable() });
export type InspectionPhotoAnswer = z.infer<typeof inspectionPhotoAnswer>;

export const WEIGHED_KINDS = ['preparation', 'unserved', 'plates'] as const;
/** POST /api/v1/kitchen/weighed-waste. Grams may be negative to take a wrong weighing back. */
export const weighWasteRequest = z.strictObject({ kind: z.enum(WEIGHED_KINDS), pointId: id.nullable().default(null), grams: z.int().min(-1_000_000).max(1_000_000).refine((grams) => grams !== 0), note: text(0, 120).default('') });
export type WeighWasteRequest = z.infer<typeof weighWasteRequest>;
/** GET /api/v1/kitchen/weighed-waste: thirty days back from `day`, today unless given. */
export const wasteDaysAnswer = z.object({
  asOf: instant,
  days: z.array(z.object({
    day, preparationG: z.int(), unservedG: z.int(), platesG: z.int(), meals: z.int(), wastedPortions: z.int(),
    /** Cost of the goods that were issued to the day's batches, and per meal served; null without issues or meals. */
    costFen: z.int(), costPerMealFen: z.int().nullable(),
  })),
});
export type WasteDaysAnswer = z.infer<typeof wasteDaysAnswer>;

/** GET and POST /api/v1/points/:pointId/weighed-waste: what a point threw away on `day`, today unless given. */
export const pointWasteQuery = z.strictObject({ day: day.optional() });
export type PointWasteQuery = z.infer<typeof pointWasteQuery>;
export const pointWasteAnswer = z.object({
  day, asOf: instant, sums: z.array(z.object({ kind: z.enum(WEIGHED_KINDS), grams: z.int() })),
  rows: z.array(z.object({ kind: z.enum(WEIGHED_KINDS), grams: z.int(), note: z.string(), weighedBy: z.string(), weighedAt: instant })),
});
export type PointWasteAnswer = z.infer<typeof pointWasteAnswer>;
export const weighPointWasteRequest = z.strictObject({ kind: z.enum(WEIGHED_KINDS), grams: z.int().min(-500_000).max(500_000).refine((grams) => grams !== 0), note: text(0, 120).default('') });
export type WeighPointWasteRequest = z.infer<typeof weighPointWasteRequest>;

/** GET /api/v1/points/:pointId/canteen: the screen on the wall. */
export const canteenAnswer = z.object({
  pointName: z.string(), day, /** The meal that is served now or next. */ period: mealPeriod, asOf: instant,
  sets: z.array(z.object({
    code: z.string(), name: z.string(), grossFen: z.int(), left: z.int(),
    dishes: z.array(z.object({ dishId: id, hasPhoto: z.boolean(), name: z.string(), allergens: z.array(z.string()), dietTags: z.array(z.string()),
    /** The dish that was planned, where the kitchen replaced it today. */
    insteadOf: z.string().nullable() })),
    /** Of the whole tray; null where a dish has no recipe or a main ingredient lacks the figure. */
    nutrition: z.object({ energyKCal: z.number().nullable(), proteinG: z.number().nullable(), saltG: z.number().nullable(), verified: z.boolean() }),
  })),
  /** Null where the point has not said how many seats it has. `freeSeats` is estimated from meals sold in the last `stayMin` minutes. */
  seats: z.object({ seats: z.int(), stayMin: z.int(), freeSeats: z.int() }).nullable(),
});
export type CanteenAnswer = z.infer<typeof canteenAnswer>;
/** PUT /api/v1/points/:pointId/seats */
export const setSeatsRequest = z.strictObject({ seats: z.int().min(0).max(2000), stayMin: z.int().min(5).max(180) });
export type SetSeatsRequest = z.infer<typeof setSeatsRequest>;

import { z } from 'zod';
import { mealPeriod } from './menu.js';

/** Day close: the counts of a point's day, its two signatures, what came late; portions between points and given free. */

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const fen = z.int();
const count = z.int();
const note = z.string().trim().max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const SALE_SOURCES = ['kiosk', 'desk', 'door', 'paper', 'late'] as const;
export const CLOSE_TENDERS = ['cash', 'qr', 'wallet', 'debt', 'donation'] as const;
export const CLOSE_DIFFERENCES = [
  'portions-left', 'portions-served', 'portions-collected', 'meals-ledger', 'reversals-ledger', 'money-ledger', 'loads-open', 'transfers-open', 'drawers-open',
] as const;
/** `serving`: services of the day are not over. `signed`: one signature, frozen. */
export const CLOSE_STATES = ['before', 'serving', 'open', 'signed', 'closed', 'no-service'] as const;
export type CloseState = (typeof CLOSE_STATES)[number];

const signature = z.object({ name: z.string(), at: instant });

/** One set meal: accepted + transferredIn = served + collected + boxesAhead + givenFree + transferredOut + wasted + left. */
export const closeSetMeal = z.object({
  setMealId: id, period: mealPeriod, code: z.string(), name: z.string(),
  accepted: count, transferredIn: count, served: count, collected: count, boxesAhead: count, givenFree: count, transferredOut: count,
  wasted: count, left: count,
  /** Meals sold that must be served, and meals and boxes that must be collected. */
  mealsHere: count, mealsAway: count,
});
export type CloseSetMeal = z.infer<typeof closeSetMeal>;

export const closeDifference = z.object({
  kind: z.enum(CLOSE_DIFFERENCES),
  setMealId: id.nullable(), source: z.enum(SALE_SOURCES).nullable(), tender: z.enum(CLOSE_TENDERS).nullable(),
  /** Portions, meals or fen; signed. */
  by: z.int(),
});
export type CloseDifferenceRow = z.infer<typeof closeDifference>;

/** GET /api/v1/points/:pointId/day-closes/:day */
export const dayCloseAnswer = z.object({
  pointId: id, pointName: z.string(), day, asOf: instant,
  state: z.enum(CLOSE_STATES),
  /** Names the counts shown; a signature is given for these and no others. */
  digest,
  setMeals: z.array(closeSetMeal),
  sources: z.array(z.object({ source: z.enum(SALE_SOURCES), meals: count, reversed: count, ledgerMeals: count, ledgerReversed: count })),
  tenders: z.array(z.object({ tender: z.enum(CLOSE_TENDERS), mealsFen: fen, ledgerFen: fen })),
  /** Meals by how they were taken and by age tier, net of reversals. */
  tiers: z.array(z.object({ channel: z.string(), ageTier: z.string(), meals: count, grossFen: fen, dueFen: fen })),
  grossFen: fen, dueFen: fen, subsidyFen: fen, meals: count,
  /** What the ledger says must lie in the drawer and stand on the QR account for this day, top-ups included. */
  expectedCashFen: fen, expectedQrFen: fen,
  /** What the shifts of the day counted, where they count; null: the count is entered with the signature. */
  shiftCashFen: fen.nullable(),
  loadsOpen: count, transfersOpen: count, drawersOpen: count,
  /** Doors of the day without a result, delivered doors without a posted meal, paper lines waiting for a second person. */
  openStops: count, unpostedStops: count, paperWaiting: count,
  /** Kiosks whose sales of the day without network may not all have arrived: the day closes only with a reason of each of the two. */
  kiosksUnsent: z.array(z.object({ name: z.string(), unsent: count, reportedAt: instant.nullable() })),
  differences: z.array(closeDifference),
  /** The meals and transfers that make counts or money differ. */
  strays: z.array(z.object({
    mealId: id.nullable(), transferId: id.nullable(), fault: z.enum(['no-transfer', 'no-meal', 'other-day', 'other-amount']), mealFen: fen.nullable(), ledgerFen: fen.nullable(),
    at: instant,
  })),
  close: z.object({
    first: signature.nullable(), second: signature.nullable(), countedCashFen: fen, cashReason: z.string(), openStops: count, openStopsReason: z.string(),
    kiosksUnsent: count, kiosksReason: z.string(), kiosksSecondReason: z.string(),
  }).nullable(),
  /** The last daily root of the journal, printed so that a paper outside vouches for it. */
  root: z.object({ day, hash: z.string() }).nullable(),
});
export type DayCloseAnswer = z.infer<typeof dayCloseAnswer>;

/** GET /api/v1/points/:pointId/day-closes/:day/meals: the meals behind one figure. */
export const closeMealsQuery = z.strictObject({
  setMealId: id.optional(), source: z.enum(SALE_SOURCES).optional(), tender: z.enum(CLOSE_TENDERS).optional(),
});
export type CloseMealsQuery = z.infer<typeof closeMealsQuery>;
export const closeMealsAnswer = z.object({
  meals: z.array(z.object({
    mealId: id, soldAt: instant, source: z.enum(SALE_SOURCES), channel: z.string(), dinerName: z.string().nullable(), setCode: z.string(),
    tender: z.string(), grossFen: fen, dueFen: fen, ledgerFen: fen.nullable(), isReversed: z.boolean(),
  })),
});
export type CloseMealsAnswer = z.infer<typeof closeMealsAnswer>;

/** POST /api/v1/points/:pointId/day-closes/:day/sign: the attendant's signature under the counts with this digest. */
export const signDayRequest = z.strictObject({
  digest, countedCashFen: z.int().min(-100_000_000).max(100_000_000), cashReason: note.default(''), openStopsReason: note.default(''),
  kiosksReason: note.default(''),
});
export type SignDayRequest = z.infer<typeof signDayRequest>;

/** POST /api/v1/points/:pointId/day-closes/:day/countersign */
export const countersignDayRequest = z.strictObject({ digest, kiosksReason: note.default('') });
export type CountersignDayRequest = z.infer<typeof countersignDayRequest>;

/** POST /api/v1/points/:pointId/day-closes/:day/send-back: the day opens again; who and why stays on record. */
export const sendBackDayRequest = z.strictObject({ reason: note.min(4) });
export type SendBackDayRequest = z.infer<typeof sendBackDayRequest>;

/** GET /api/v1/day-closes: points × days. `to` defaults to today, at most 62 days. */
export const closeOverviewQuery = z.strictObject({ from: day.optional(), to: day.optional(), pointId: id.optional() });
export type CloseOverviewQuery = z.infer<typeof closeOverviewQuery>;
export const closeOverviewAnswer = z.object({
  from: day, to: day, asOf: instant,
  points: z.array(z.object({
    pointId: id, code: z.string(), name: z.string(),
    cells: z.array(z.object({ day, state: z.enum(CLOSE_STATES), meals: count.nullable(), subsidyFen: fen.nullable() })),
  })),
  /** Per day: points closed (or without service) of those that owe a close. */
  days: z.array(z.object({ day, closed: count, owed: count })),
  /** Days that are not closed, oldest first. */
  unclosed: z.array(z.object({ pointId: id, pointName: z.string(), day, state: z.enum(CLOSE_STATES), ageDays: count })),
});
export type CloseOverviewAnswer = z.infer<typeof closeOverviewAnswer>;

export const LATE_STATES = ['held', 'booked', 'refused'] as const;
/** GET /api/v1/late-lines */
export const lateLinesQuery = z.strictObject({ state: z.enum(LATE_STATES).optional(), pointId: id.optional() });
export type LateLinesQuery = z.infer<typeof lateLinesQuery>;
export const lateLineRow = z.object({
  id, kind: z.enum(['stop', 'paper', 'kiosk', 'repriced']), pointId: id, pointName: z.string(), mealDay: day, period: mealPeriod, dinerName: z.string(),
  state: z.enum(LATE_STATES), refusal: z.string().nullable(), heldAt: instant, ageHours: count, bookedOn: day.nullable(), mealId: id.nullable(),
});
export type LateLineRow = z.infer<typeof lateLineRow>;
export const lateLinesAnswer = z.object({ asOf: instant, rows: z.array(lateLineRow) });
export type LateLinesAnswer = z.infer<typeof lateLinesAnswer>;
/** POST /api/v1/late-lines/book: books every held line whose point has an open day. */
export const bookLateLinesRequest = z.strictObject({});
export const bookLateLinesAnswer = z.object({ booked: count, refused: count, waiting: count });
export type BookLateLinesAnswer = z.infer<typeof bookLateLinesAnswer>;

/** GET and PUT /api/v1/closing-settings */
export const closingSettings = z.strictObject({
  /** Hours from the end of a meal within which an attendant enters its paper list alone. */
  paperHours: z.int().min(1).max(168).default(24),
  /** Share of paper lines called back by phone. */
  samplePercent: z.int().min(0).max(100).default(10),
  /** Largest share of the subsidy of closed days that an advance may reach. */
  advanceSharePercent: z.int().min(0).max(90).default(50),
});
export type ClosingSettings = z.infer<typeof closingSettings>;
export const closingSettingsAnswer = z.object({ settings: closingSettings, closingFrom: day.nullable() });
export type ClosingSettingsAnswer = z.infer<typeof closingSettingsAnswer>;

export const GIFT_REASONS = ['tasting', 'staff-meal', 'volunteer', 'hardship', 'replacement'] as const;
/** POST /api/v1/points/:pointId/gifts: portions given without a price. */
export const givePortionsRequest = z.strictObject({ setMealId: id, portions: z.int().min(1).max(200), reason: z.enum(GIFT_REASONS), note: note.default('') });
export type GivePortionsRequest = z.infer<typeof givePortionsRequest>;

export const TRANSFER_STATES = ['sent', 'accepted', 'taken-back'] as const;
/** POST /api/v1/points/:pointId/transfers: portions on their way to another point. */
export const sendPortionsRequest = z.strictObject({ toPointId: id, setMealId: id, portions: z.int().min(1).max(2000), note: note.default('') });
export type SendPortionsRequest = z.infer<typeof sendPortionsRequest>;
/** POST /api/v1/points/:pointId/transfers/:transferId/accept: counted at the receiving point. */
export const acceptPortionsRequest = z.strictObject({ accepted: z.int().min(0).max(2000), note: note.default('') });
export type AcceptPortionsRequest = z.infer<typeof acceptPortionsRequest>;
/** POST /api/v1/points/:pointId/transfers/:transferId/take-back: the sender has them again. */
export const takeBackPortionsRequest = z.strictObject({});
export const transferRow = z.object({
  id, fromPointId: id, fromPointName: z.string(), toPointId: id, toPointName: z.string(), setMealId: id, setCode: z.string(), setName: z.string(),
  day, period: mealPeriod, portions: count, state: z.enum(TRANSFER_STATES), sentAt: instant, accepted: count.nullable(), note: z.string(),
});
export type TransferRow = z.infer<typeof transferRow>;
/** GET /api/v1/points/:pointId/transfers */
export const transfersQuery = z.strictObject({ day: day.optional() });
export type TransfersQuery = z.infer<typeof transfersQuery>;
export const transfersAnswer = z.object({
  day, rows: z.array(transferRow), neighbours: z.array(z.object({ id, code: z.string(), name: z.string() })),
  /** What the sales of this minute propose to move from or to this point; empty but in the last twenty minutes of today's service. */
  proposals: z.array(z.object({ setMealId: id, setCode: z.string(), setName: z.string(), fromPointId: id, fromPointName: z.string(), toPointId: id, toPointName: z.string(), portions: count })),
});
export type TransfersAnswer = z.infer<typeof transfersAnswer>;
export const transferAnswer = z.object({ transfer: transferRow });
export type TransferAnswer = z.infer<typeof transferAnswer>;

import { z } from 'zod';
import { pathId, CATEGORY_CODES } from './seniors.js';

/** Life events: entered once; orders, routes, face, card, entitlement and wallet follow. Money is integer fen. */

const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Cs}]*$/u;
const printable = (longest: number): z.ZodString => z.string().trim().min(1).max(longest).regex(PRINTABLE);
const id = pathId;
const day = z.iso.date();
const instant = z.iso.datetime();
const fen = z.int();
const words = z.object({ zh: z.string(), en: z.string() });

/** The same lists as domain/persons; a test keeps them equal. */
export const LIFE_EVENT_KINDS = [
  'death', 'move-away', 'move-within', 'nursing-home', 'hospital', 'stay-end', 'category-start', 'category-end', 'birthday-90', 'merge', 'reversal',
] as const;
export const CONSEQUENCES = [
  'registration', 'plans', 'orders', 'stops', 'face', 'cards', 'categories', 'contacts', 'meals-after', 'wallet', 'stay', 'home', 'offer',
] as const;
export const STAY_KINDS = ['nursing-home', 'hospital'] as const;

/** Where the news comes from, and the paper or number that proves it. */
const told = { from: day, source: printable(60), evidence: printable(120) };

/** POST /api/v1/seniors/:seniorId/life-events and …/preview. `from`: the first day on which it holds; `to`: the day of return. */
export const lifeEventRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('death'), ...told }),
  z.strictObject({ kind: z.literal('move-away'), ...told }),
  z.strictObject({
    kind: z.literal('move-within'), ...told, pointId: id, communityId: id,
    home: z.strictObject({
      address: printable(120), latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180),
      floor: z.int().min(-3).max(120), hasLift: z.boolean(), doorNote: z.string().trim().max(60).regex(PRINTABLE),
    }),
  }),
  z.strictObject({ kind: z.literal('nursing-home'), ...told, to: day.nullable() }),
  z.strictObject({ kind: z.literal('hospital'), ...told, to: day.nullable() }),
  z.strictObject({ kind: z.literal('stay-end'), ...told, stay: z.enum(STAY_KINDS) }),
  z.strictObject({ kind: z.literal('category-start'), ...told, code: z.enum(CATEGORY_CODES).exclude(['special-senior']), to: day.nullable() }),
  z.strictObject({ kind: z.literal('category-end'), ...told, categoryId: id }),
]);
export type LifeEventRequest = z.infer<typeof lifeEventRequest>;

const effect = z.object({ consequence: z.enum(CONSEQUENCES), n: z.int(), restorable: z.boolean() });
export type LifeEventEffect = z.infer<typeof effect>;

const payerSum = z.object({ payerCode: z.string(), label: words, amountFen: fen });
/** What the meals after an event come to. Subsidy: what payers bore, by payer. */
export const mealsAfterSum = z.object({ meals: z.int(), grossFen: fen, dueFen: fen, subsidyFen: fen, payers: z.array(payerSum) });
export type MealsAfterSum = z.infer<typeof mealsAfterSum>;

/** What the event will stop and start, before it is recorded. Counts as of now; the record counts again. */
export const lifeEventPreview = z.object({
  effects: z.array(effect),
  mealsAfter: mealsAfterSum.nullable(),
  walletFen: fen.nullable(),
});
export type LifeEventPreview = z.infer<typeof lifeEventPreview>;
export const lifeEventAnswer = z.object({ lifeEventId: id, effects: z.array(effect) });
export type LifeEventAnswer = z.infer<typeof lifeEventAnswer>;

export const lifeEventRow = z.object({
  id,
  kind: z.enum(LIFE_EVENT_KINDS),
  from: day,
  to: day.nullable(),
  source: z.string(),
  evidence: z.string(),
  recordedByName: z.string().nullable(),
  at: instant,
  /** The event that this one takes back, and the one that took this one back. */
  reversesId: id.nullable(),
  reversedById: id.nullable(),
  effects: z.array(effect),
  undo: z.object({ reason: z.string(), askedByName: z.string(), askedAt: instant, mayDecide: z.boolean() }).nullable(),
  mayUndo: z.boolean(),
});
export type LifeEventRow = z.infer<typeof lifeEventRow>;

/** GET /api/v1/seniors/:seniorId/life-events: newest first. `lastSeen`: from real service events and people's word. */
export const lifeEventsAnswer = z.object({
  rows: z.array(lifeEventRow),
  stays: z.array(z.object({ id, kind: z.enum(STAY_KINDS), from: day, to: day.nullable() })),
  lastSeen: day.nullable(),
  mergedIntoId: id.nullable(),
  release: z.object({ lifeEventId: id, state: z.enum(['freed', 'paid', 'withdrawn']), balanceFen: fen, payeeRelation: z.string().nullable(), payeeNamed: z.boolean() }).nullable(),
});
export type LifeEventsAnswer = z.infer<typeof lifeEventsAnswer>;

/** POST /api/v1/life-events/:lifeEventId/undo: the event was reported by mistake. */
export const askUndoRequest = z.strictObject({ reason: printable(120) });
export type AskUndoRequest = z.infer<typeof askUndoRequest>;
/** POST /api/v1/life-events/:lifeEventId/undo/decision: by another person. */
export const decideUndoRequest = z.strictObject({ approve: z.boolean() });
export type DecideUndoRequest = z.infer<typeof decideUndoRequest>;
/** What was put back, and what cannot be: the face, messages already sent, meals whose money was already taken back. */
export const decideUndoAnswer = z.object({
  outcome: z.enum(['done', 'refused']),
  restored: z.array(z.object({ consequence: z.enum(CONSEQUENCES), n: z.int(), of: z.int() })),
  notRestored: z.array(z.enum(CONSEQUENCES)),
  /** Own money that was paid out before the mistake was seen: ask it back from the payee and top it up again. */
  paidOut: z.object({ amountFen: fen, payeeRelation: z.string().nullable() }).nullable(),
});
export type DecideUndoAnswer = z.infer<typeof decideUndoAnswer>;

export const CLAW_BACK_STATES = ['open', 'proposed', 'approved', 'refused'] as const;
export const mealAfterRow = z.object({
  mealId: id, seniorId: id.nullable(), seniorName: z.string(),
  /** What found the meal: a life event, or a confirmed exception. */
  lifeEventId: id.nullable(), eventKind: z.enum(LIFE_EVENT_KINDS).nullable(), eventFrom: day.nullable(), findingId: id.nullable(), findingLabel: z.object({ zh: z.string(), en: z.string() }).nullable(),
  day, period: z.string(), channel: z.string(), pointName: z.string(),
  grossFen: fen, dueFen: fen, subsidyFen: fen, payers: z.array(payerSum),
  /** open: nobody has proposed anything yet. */
  state: z.enum(CLAW_BACK_STATES),
  proposedByName: z.string().nullable(), decidedByName: z.string().nullable(), bookedOn: day.nullable(), reason: z.string(),
  mayDecide: z.boolean(),
});
export type MealAfterRow = z.infer<typeof mealAfterRow>;
/** GET /api/v1/life-events/:lifeEventId/meals */
export const mealsAfterAnswer = z.object({ rows: z.array(mealAfterRow), sum: mealsAfterSum });
export type MealsAfterAnswer = z.infer<typeof mealsAfterAnswer>;
/** GET /api/v1/claw-backs: meals after life events, and those that confirmed exceptions asked back; each meal once. */
export const clawBackQuery = z.strictObject({
  state: z.enum(CLAW_BACK_STATES).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type ClawBackQuery = z.infer<typeof clawBackQuery>;
export const clawBackListAnswer = z.object({ rows: z.array(mealAfterRow), total: z.int(), sum: mealsAfterSum });
export type ClawBackListAnswer = z.infer<typeof clawBackListAnswer>;

/** POST /api/v1/life-events/:lifeEventId/claw-backs: proposes meals of the event's list. */
export const proposeClawBackRequest = z.strictObject({ mealIds: z.array(id).min(1).max(200), reason: printable(120) });
export type ProposeClawBackRequest = z.infer<typeof proposeClawBackRequest>;
export const proposeClawBackAnswer = z.object({ proposed: z.int() });
/** POST /api/v1/claw-backs/:mealId/decision with Idempotency-Key: by another person; an approval posts the reversal today. */
export const decideClawBackRequest = z.strictObject({ approve: z.boolean(), reason: z.string().trim().max(120).regex(PRINTABLE) });
export type DecideClawBackRequest = z.infer<typeof decideClawBackRequest>;
export const decideClawBackAnswer = z.object({ mealId: id, state: z.enum(['approved', 'refused']), subsidyFen: fen, bookedOn: day.nullable(), repricedMealId: id.nullable() });
export type DecideClawBackAnswer = z.infer<typeof decideClawBackAnswer>;

/** GET /api/v1/life-events/:lifeEventId/letter: to the family, in careful words, for print. No payer's internals, no reproach. */
export const letterAnswer = z.object({
  seniorName: z.string(), addressedTo: z.string(), streetName: z.string(), pointName: z.string(), phone: z.string(), day,
  paragraphs: z.array(words), meals: z.int(), subsidyFen: fen, balanceFen: fen,
});
export type LetterAnswer = z.infer<typeof letterAnswer>;

/** PUT /api/v1/life-events/:lifeEventId/payee: who may receive the own money that was stored, and what proves it. */
export const namePayeeRequest = z.strictObject({ name: z.string().max(80), phone: z.string().max(24), relation: printable(20), proof: printable(120) });
export type NamePayeeRequest = z.infer<typeof namePayeeRequest>;

/** GET /api/v1/unseen-seniors: nobody has served or met them for so many days. */
export const unseenQuery = z.strictObject({
  days: z.enum(['30', '60', '90']).default('30'),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type UnseenQuery = z.infer<typeof unseenQuery>;
export const unseenRow = z.object({
  seniorId: id, name: z.string(), ageYears: z.int(), communityName: z.string(), pointName: z.string(), phoneMasked: z.string(),
  /** null: never since registration. */
  lastSeen: day.nullable(), daysUnseen: z.int(), band: z.union([z.literal(30), z.literal(60), z.literal(90)]),
  /** Away in a hospital or a nursing home: still listed, because stays are forgotten too. */
  away: z.enum(STAY_KINDS).nullable(),
});
export type UnseenRow = z.infer<typeof unseenRow>;
export const unseenAnswer = z.object({ rows: z.array(unseenRow), total: z.int(), counts: z.object({ d30: z.int(), d60: z.int(), d90: z.int() }) });
export type UnseenAnswer = z.infer<typeof unseenAnswer>;
export const SEEN_HOW = ['visited', 'phoned', 'family-says'] as const;
/** POST /api/v1/seniors/:seniorId/seen */
export const seenRequest = z.strictObject({ on: day, how: z.enum(SEEN_HOW), note: z.string().trim().max(120).regex(PRINTABLE) });
export type SeenRequest = z.infer<typeof seenRequest>;

/** GET /api/v1/delivery-offers: people who turned 90 and may have meals delivered. */
export const deliveryOffersAnswer = z.object({
  rows: z.array(z.object({
    lifeEventId: id, seniorId: id, seniorName: z.string(), birthDate: day, communityName: z.string(), pointName: z.string(),
    state: z.enum(['open', 'accepted', 'declined']), turnedOn: day,
  })),
  total: z.int(),
});
export type DeliveryOffersAnswer = z.infer<typeof deliveryOffersAnswer>;
/** POST /api/v1/delivery-offers/:lifeEventId/decision; an acceptance starts delivered lunches tomorrow. */
export const decideOfferRequest = z.strictObject({ accept: z.boolean() });
export type DecideOfferRequest = z.infer<typeof decideOfferRequest>;
export const decideOfferAnswer = z.object({ state: z.enum(['accepted', 'declined']), planId: id.nullable() });
export type DecideOfferAnswer = z.infer<typeof decideOfferAnswer>;

const duplicateHalf = z.object({ id, name: z.string(), birthDate: day, pointName: z.string(), meals: z.int(), idNumberMasked: z.string() });
/** GET /api/v1/person-duplicates: records that look like one person. */
export const duplicatesAnswer = z.object({
  rows: z.array(z.object({
    why: z.enum(['name-and-birth', 'phone-and-birth']),
    a: duplicateHalf, b: duplicateHalf,
  })),
  total: z.int(),
});
export type DuplicatesAnswer = z.infer<typeof duplicatesAnswer>;
/** POST /api/v1/seniors/:seniorId/merge: proposes that this record was the same person as `intoId`; another person decides. */
export const mergeRequest = z.strictObject({ intoId: id, evidence: printable(120) });
export type MergeRequest = z.infer<typeof mergeRequest>;
export const MERGE_STATES = ['proposed', 'refused', 'merged', 'undo-asked', 'undone'] as const;
export const mergeRow = z.object({
  id, state: z.enum(MERGE_STATES), from: duplicateHalf, into: duplicateHalf, evidence: z.string(), proposedByName: z.string(), proposedAt: z.iso.datetime(),
  decidedByName: z.string().nullable(), decisionNote: z.string(), undoReason: z.string().nullable(), undoByName: z.string().nullable(),
  mayDecide: z.boolean(), mayAskUndo: z.boolean(), mayDecideUndo: z.boolean(),
});
export type MergeRow = z.infer<typeof mergeRow>;
/** GET /api/v1/person-merges */
export const mergesAnswer = z.object({ rows: z.array(mergeRow), total: z.int() });
export type MergesAnswer = z.infer<typeof mergesAnswer>;
export const mergeAnswer = z.object({ mergeId: id, state: z.enum(MERGE_STATES) });
export type MergeAnswer = z.infer<typeof mergeAnswer>;
/** POST /api/v1/person-merges/:mergeId/decision and …/undo/decision, by another person than who asked. */
export const decideMergeRequest = z.strictObject({ approve: z.boolean(), note: z.string().trim().max(120).default('') });
export type DecideMergeRequest = z.infer<typeof decideMergeRequest>;
/** What a decision touched; paidOutFen is own money that its payee already has when a merge is taken back. */
export const decideMergeAnswer = mergeAnswer.extend({ cards: z.int(), contacts: z.int(), plans: z.int(), walletFen: fen, paidOutFen: fen });
export type DecideMergeAnswer = z.infer<typeof decideMergeAnswer>;
/** POST /api/v1/person-merges/:mergeId/undo */
export const askMergeUndoRequest = z.strictObject({ reason: printable(120) });
export type AskMergeUndoRequest = z.infer<typeof askMergeUndoRequest>;

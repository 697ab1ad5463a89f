import { z } from 'zod';
import { bankReference } from './bank-reference.js';
import { monthText } from './finance-claims.js';
import { mealPeriod } from './menu.js';

/** Contractors: their stops and objections, their bills matched stop by stop, advances on closed days. */

const id = z.uuid();
const anyId = z.guid();
const day = z.iso.date();
const instant = z.iso.datetime();
const fen = z.int();
const text = (min: number, max: number) => z.string().trim().min(min).max(max).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

export const BILL_FINDINGS = ['agreed', 'not-delivered', 'under-review', 'no-proof', 'amount-differs', 'duplicate', 'after-end', 'unknown', 'no-rate', 'not-billed'] as const;
export type BillFinding = (typeof BILL_FINDINGS)[number];
export const OBJECTION_OUTCOMES = ['upheld', 'rejected'] as const;

const objection = z.object({
  id, text: z.string(), raisedAt: instant, outcome: z.enum(OBJECTION_OUTCOMES).nullable(), answer: z.string().nullable(), answeredAt: instant.nullable(),
});

/** GET /api/v1/contractor/stops: a day of a contractor. Staff of the street name the operator. */
export const contractorStopsQuery = z.strictObject({ day: day.optional(), operatorId: anyId.optional() });
export type ContractorStopsQuery = z.infer<typeof contractorStopsQuery>;
export const contractorStopsAnswer = z.object({
  operatorId: anyId, operatorName: z.string(), day, asOf: instant,
  /** Objections to this day are taken until this instant. */
  objectionsUntil: instant, isOpen: z.boolean(), rateFen: fen.nullable(),
  delivered: z.int(), noResult: z.int(), noProof: z.int(),
  stops: z.array(z.object({
    stopId: id, stopNo: z.string(), crewName: z.string(), period: mealPeriod, dinerName: z.string(), result: z.string(), reason: z.string().nullable(),
    receivedBy: z.string().nullable(), resultAt: instant.nullable(), missing: z.enum(['no-result', 'no-proof']).nullable(), paidFen: fen.nullable(),
    objection: objection.nullable(),
  })),
});
export type ContractorStopsAnswer = z.infer<typeof contractorStopsAnswer>;

/** POST /api/v1/contractor/objections: to a stop, or to a line of a bill that came back. */
export const raiseObjectionRequest = z.strictObject({ stopId: id.optional(), billLineId: id.optional(), text: text(4, 300) })
  .refine((request) => (request.stopId === undefined) !== (request.billLineId === undefined), { message: 'one of stopId and billLineId', path: ['stopId'] });
export type RaiseObjectionRequest = z.infer<typeof raiseObjectionRequest>;
export const objectionRow = objection.extend({
  operatorId: anyId, operatorName: z.string(), day, stopNo: z.string().nullable(), said: z.string().nullable(), billedFen: fen.nullable(), finding: z.enum(BILL_FINDINGS).nullable(),
});
export type ObjectionRow = z.infer<typeof objectionRow>;
/** GET /api/v1/contractor/objections */
export const objectionsQuery = z.strictObject({ operatorId: anyId.optional(), open: z.enum(['yes']).optional() });
export type ObjectionsQuery = z.infer<typeof objectionsQuery>;
export const objectionsAnswer = z.object({ rows: z.array(objectionRow) });
export type ObjectionsAnswer = z.infer<typeof objectionsAnswer>;
/** POST /api/v1/contractor/objections/:objectionId/answer */
export const answerObjectionRequest = z.strictObject({ outcome: z.enum(OBJECTION_OUTCOMES), answer: text(2, 300) });
export type AnswerObjectionRequest = z.infer<typeof answerObjectionRequest>;
export const objectionAnswer = z.object({ objection: objectionRow });
export type ObjectionAnswer = z.infer<typeof objectionAnswer>;

/** PUT /api/v1/contractor-rates: proposes what a stop pays from a day on, with the paper that says so; another person decides. */
export const setContractorRateRequest = z.strictObject({ operatorId: anyId, validFrom: day, perStopFen: z.int().min(1).max(100_000), sourceDocument: text(2, 200) });
export type SetContractorRateRequest = z.infer<typeof setContractorRateRequest>;
export const contractorRatesAnswer = z.object({
  operators: z.array(z.object({
    operatorId: anyId, name: z.string(),
    rates: z.array(z.object({ streetName: z.string(), validFrom: day, perStopFen: fen, sourceDocument: z.string() })),
    changes: z.array(z.object({
      changeId: anyId, streetName: z.string(), validFrom: day, perStopFen: fen, sourceDocument: z.string(), state: z.enum(['proposed', 'approved', 'refused']),
      proposedByName: z.string(), proposedAt: instant, decidedByName: z.string().nullable(), decidedAt: instant.nullable(), mayDecide: z.boolean(),
    })),
  })),
});
export type ContractorRatesAnswer = z.infer<typeof contractorRatesAnswer>;
/** POST /api/v1/contractor-rates/:changeId/decision */
export const decideRateRequest = z.strictObject({ approve: z.boolean() });
export type DecideRateRequest = z.infer<typeof decideRateRequest>;

/** POST /api/v1/contractor-bills/preview and /api/v1/contractor-bills. CSV (UTF-8) or XLSX, at most about 180 kB. */
export const contractorBillRequest = z.strictObject({
  operatorId: anyId.optional(), invoiceNo: text(2, 40), fileName: text(3, 120), contentBase64: z.base64().min(4).max(245_000),
});
export type ContractorBillRequest = z.infer<typeof contractorBillRequest>;

const billLine = z.object({
  id: id.nullable(), lineNo: z.int().nullable(), day, said: z.string(), billedFen: fen, expectedFen: fen.nullable(), stopNo: z.string().nullable(), dinerName: z.string().nullable(),
  finding: z.enum(BILL_FINDINGS), state: z.enum(['matched', 'payable', 'returned']), objection: objection.nullable(),
});
export type BillLineRow = z.infer<typeof billLine>;
const totals = { billedFen: fen, agreedFen: fen, findings: z.record(z.enum(BILL_FINDINGS), z.int()) };
export const contractorBillPreview = z.object({ firstDay: day, lastDay: day, lines: z.array(billLine), ...totals });
export type ContractorBillPreview = z.infer<typeof contractorBillPreview>;
const billHead = {
  id, operatorId: anyId, operatorName: z.string(), invoiceNo: z.string(), fileName: z.string(), firstDay: day, lastDay: day, state: z.enum(['matched', 'decided']),
  uploadedBy: z.string(), uploadedAt: instant, decidedBy: z.string().nullable(), decidedAt: instant.nullable(),
};
export const contractorBillAnswer = z.object({ ...billHead, lines: z.array(billLine), ...totals });
export type ContractorBillAnswer = z.infer<typeof contractorBillAnswer>;
/** GET /api/v1/contractor-bills */
export const contractorBillsQuery = z.strictObject({ operatorId: anyId.optional() });
export type ContractorBillsQuery = z.infer<typeof contractorBillsQuery>;
export const contractorBillsAnswer = z.object({ rows: z.array(z.object({ ...billHead, billedFen: fen, agreedFen: fen, lines: z.int(), returned: z.int() })) });
export type ContractorBillsAnswer = z.infer<typeof contractorBillsAnswer>;
/** POST /api/v1/contractor-bills/:billId/decide: agreed lines become payable, the others go back. */
export const decideBillRequest = z.strictObject({});

export const ADVANCE_STATES = ['asked', 'once-approved', 'approved', 'paid', 'refused', 'deducted'] as const;
/** GET /api/v1/advances */
export const advancesQuery = z.strictObject({ operatorId: anyId.optional() });
export type AdvancesQuery = z.infer<typeof advancesQuery>;
export const advanceRow = z.object({
  id, operatorId: anyId, operatorName: z.string(), firstDay: day, lastDay: day, days: z.int(), baseFen: fen, sharePercent: z.int(), amountFen: fen, reason: z.string(),
  state: z.enum(ADVANCE_STATES), askedBy: z.string(), askedAt: instant, firstBy: z.string().nullable(), secondBy: z.string().nullable(), refusal: z.string().nullable(),
  deductedIn: z.string().nullable(), paidOn: day.nullable(), paidBy: z.string().nullable(), bankReference: z.string().nullable(),
});
export type AdvanceRow = z.infer<typeof advanceRow>;
export const advancesAnswer = z.object({
  rows: z.array(advanceRow),
  /** What each operator could ask for now, by street and month: closed days without an advance. baseFen is what a claim would hold of them. */
  open: z.array(z.object({ operatorId: anyId, operatorName: z.string(), streetId: anyId, streetName: z.string(), month: z.string(), days: z.int(), firstDay: day, lastDay: day, baseFen: fen, mostFen: fen, sharePercent: z.int() })),
  /** Paid and taken off by no claim yet. ended: the operator's contract, licence or account no longer holds today. */
  owed: z.array(z.object({ operatorId: anyId, operatorName: z.string(), advances: z.int(), amountFen: fen, firstDay: day, ended: z.boolean() })),
});
export type AdvancesAnswer = z.infer<typeof advancesAnswer>;
/** POST /api/v1/advances: on closed days of one street and month; both are named where there are several. */
export const requestAdvanceRequest = z.strictObject({ operatorId: anyId.optional(), streetId: anyId.optional(), month: monthText.optional(), amountFen: z.int().min(1).max(1_000_000_000), reason: text(4, 200) });
export type RequestAdvanceRequest = z.infer<typeof requestAdvanceRequest>;
/** POST /api/v1/advances/:advanceId/decide */
export const decideAdvanceRequest = z.strictObject({ approve: z.boolean(), reason: z.string().trim().max(200).default('') });
export type DecideAdvanceRequest = z.infer<typeof decideAdvanceRequest>;
/** POST /api/v1/advances/:advanceId/payment. One bank reference proves one payment. */
export const payAdvanceRequest = z.strictObject({ bankReference, paidOn: day });
export type PayAdvanceRequest = z.infer<typeof payAdvanceRequest>;
export const advanceAnswer = z.object({ advance: advanceRow });
export type AdvanceAnswer = z.infer<typeof advanceAnswer>;

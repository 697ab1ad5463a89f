import { z } from 'zod';
import { bankReference } from './bank-reference.js';
import { policyMention } from './finance.js';

/** Month claims: what a payer has to bear and what an operator is to get, from drafting to payment. */

export const CLAIM_STATUSES = ['draft', 'checked', 'signed', 'frozen'] as const;
export const CLAIM_PARTY_KINDS = ['payer', 'operator'] as const;
export const CLAIM_AGEING = ['0-30', '31-60', '61-90', '91+'] as const;

const id = z.guid();
const day = z.iso.date();
const fen = z.int();
const words = z.object({ zh: z.string(), en: z.string() });
export const monthText = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const party = { partyKind: z.enum(CLAIM_PARTY_KINDS), partyCode: z.string().min(1).max(36) };

/** GET /api/v1/finance/claims */
export const claimListQuery = z.strictObject({ month: monthText });
export type ClaimListQuery = z.infer<typeof claimListQuery>;

/** POST /api/v1/finance/claims: drafts the claim of a party, or drafts it anew while it is a draft. */
export const draftClaimRequest = z.strictObject({ month: monthText, ...party });
export type DraftClaimRequest = z.infer<typeof draftClaimRequest>;

/** The snapshot names what was looked at: a claim drafted anew meanwhile is refused. */
export const claimStepRequest = z.strictObject({ snapshotId: id });
export type ClaimStepRequest = z.infer<typeof claimStepRequest>;

/** POST /api/v1/finance/claims/:claimId/signature. Whoever freezes a claim with meals of unlicensed operators says why. */
export const signClaimRequest = z.strictObject({ snapshotId: id, reason: z.string().trim().min(4).max(200).optional() });
export type SignClaimRequest = z.infer<typeof signClaimRequest>;

export const returnClaimRequest = z.strictObject({ snapshotId: id, reason: z.string().trim().min(2).max(200) });
export type ReturnClaimRequest = z.infer<typeof returnClaimRequest>;

/** POST /api/v1/finance/claims/:claimId/payment. One bank reference proves one payment. */
export const payClaimRequest = z.strictObject({ snapshotId: id, bankReference, paidOn: day });
export type PayClaimRequest = z.infer<typeof payClaimRequest>;

/** undoAsked: somebody asked to take it back; a payment that was taken back is none. */
const payment = z.object({ bankReference: z.string(), paidOn: day, amountFen: fen, staffName: z.string(), undoAsked: z.boolean() });

/** A claim without its lines. payableFen = amountFen + adjustmentFen + deliveryFen + advanceFen + carriedFen; advanceFen and carriedFen are never positive. */
export const claimHead = z.object({
  claimId: z.string(), month: z.string(), ...party, partyLabel: words, status: z.enum(CLAIM_STATUSES), snapshotId: z.string(),
  throughSeq: z.int(), sealHash: z.string(), detailHash: z.string(), persons: z.int(), meals: z.int(), grossFen: fen, dueFen: fen,
  amountFen: fen, adjustmentFen: fen, deliveryFen: fen, advanceFen: fen, carriedFen: fen, payableFen: fen, madeAt: z.iso.datetime(), frozenAt: z.iso.datetime().nullable(),
  payment: payment.nullable(),
  /** The later claim that took a claim below zero in. */
  carriedTo: z.object({ claimId: z.string(), month: z.string() }).nullable(),
  /** Days since it was frozen; null while it is not, once it is paid, and for a credit. */
  unpaid: z.object({ days: z.int(), bucket: z.enum(CLAIM_AGEING) }).nullable(),
});
export type ClaimHeadData = z.infer<typeof claimHead>;

/** Each party of the month: what the roll-up shows now, and its claim where there is one. */
export const claimListAnswer = z.object({
  month: z.string(),
  /** The month has ended. */
  isOver: z.boolean(),
  parties: z.array(z.object({ ...party, label: words, currentFen: fen, meals: z.int(), claim: claimHead.nullable() })),
  /** Frozen and not paid, of any month, the oldest first. */
  unpaid: z.array(claimHead),
  /** Frozen below zero, neither carried into a later claim nor received back, the oldest first. */
  credits: z.array(claimHead),
  rollup: z.object({ throughSeq: z.int(), waiting: z.int() }),
  generatedAt: z.iso.datetime(),
});
export type ClaimListAnswer = z.infer<typeof claimListAnswer>;

export const claimLineData = z.object({
  lineNo: z.int(), kind: z.enum(['meals', 'adjustment', 'delivery', 'advance', 'carried']),
  line: z.enum(['meal', 'relief', 'operator-payment', 'tender', 'delivery', 'advance', 'carried']), partyCode: z.string(),
  pointId: z.string(), operatorId: z.string(), period: z.string(), channel: z.string(), ageTier: z.string(), categoryCode: z.string(),
  ruleId: z.string(), policyVersionId: z.string(), sold: z.int(), reversed: z.int(), grossFen: fen, dueFen: fen, amountFen: fen,
  cause: z.enum(['reversed', 'late-meal', 'late-reversal']).nullable(), adjustsClaimId: z.string().nullable(), adjustsMonth: z.string().nullable(),
  adjustsMealId: z.string().nullable(), adjustsDay: day.nullable(), sourceId: z.string().nullable(),
});
export type ClaimLineData = z.infer<typeof claimLineData>;

/** A sum of lines by point, age tier, category, rule, payer or tender. */
export const claimGroup = z.object({ key: z.string(), label: words, persons: z.int().nullable(), meals: z.int(), amountFen: fen });
export type ClaimGroup = z.infer<typeof claimGroup>;

/** GET /api/v1/finance/claims/:claimId */
export const claimAnswer = claimHead.extend({
  streetName: z.string(),
  points: z.array(claimGroup), ageTiers: z.array(claimGroup), categories: z.array(claimGroup), rules: z.array(claimGroup),
  payers: z.array(claimGroup), tenders: z.array(claimGroup),
  adjustments: z.array(claimLineData.extend({ pointName: z.string() })),
  /** Part of an operator's grossFen: what diners and payers paid for bringing meals. */
  deliveryFeesFen: fen,
  /** Agreed stops of a contractor, by day. */
  deliveries: z.array(z.object({ day, stops: z.int(), amountFen: fen })),
  /** Advances that this claim takes off; amountFen is negative. */
  advances: z.array(z.object({ advanceId: z.string(), firstDay: day, lastDay: day, paidOn: day.nullable(), bankReference: z.string().nullable(), amountFen: fen })),
  /** Earlier claims below zero that this one takes in; amountFen is negative. */
  carried: z.array(z.object({ claimId: z.string(), month: z.string(), amountFen: fen })),
  operators: z.array(z.object({
    operatorId: z.string(), name: z.string(), contractNo: z.string(), contractTo: day.nullable(), licenceNo: z.string(), licenceValidTo: day.nullable(), bankAccountName: z.string(),
  })),
  /** Meals on a payer's claim whose operator had no contract or licence on their day. */
  unfit: z.array(z.object({ operatorId: z.string(), name: z.string(), day, meals: z.int(), amountFen: fen })),
  policies: z.array(policyMention),
  acts: z.array(z.object({ act: z.string(), staffName: z.string(), at: z.iso.datetime(), note: z.string() })),
  /** The newest root of the journal that covers the claim, as printed on day sheets. */
  root: z.object({ day, lastSeq: z.int(), hash: z.string() }).nullable(),
});
export type ClaimAnswer = z.infer<typeof claimAnswer>;

import { z } from 'zod';

/** Finance: what the street pays for meals, each figure down to its meals, each meal to its rule, payers and proof. */

/** A sensible longest report: a year and the month that closes it. */
export const FINANCE_MAX_DAYS = 400;

export const FINANCE_GROUPS = ['day', 'point', 'operator', 'ageTier', 'category', 'payer'] as const;
export type FinanceGroup = (typeof FINANCE_GROUPS)[number];

const id = z.guid();
const day = z.iso.date();
const fen = z.int();
const words = z.object({ zh: z.string(), en: z.string() });
const DAY_MS = 86_400_000;

/** Days are first and last, both included. `category` none: meals that needed no category. */
const filters = {
  from: day,
  to: day,
  pointId: id.optional(),
  operatorId: id.optional(),
  ageTier: z.string().regex(/^(public|under-\d{1,3}|\d{1,3}-\d{1,3}|\d{1,3}\+)$/).optional(),
  category: z.string().regex(/^[a-z-]{1,20}$/).optional(),
  payer: z.string().regex(/^[a-z0-9][a-z0-9-]{0,19}$/).optional(),
  period: z.enum(['breakfast', 'lunch', 'dinner']).optional(),
  channel: z.enum(['eat-in', 'take-away', 'delivery']).optional(),
};

const inOrder = (query: { from: string; to: string }): boolean => query.from <= query.to;
const shortEnough = (query: { from: string; to: string }): boolean =>
  (Date.parse(query.to) - Date.parse(query.from)) / DAY_MS < FINANCE_MAX_DAYS;
const orderIssue = { path: ['to'], message: 'before from' };
const lengthIssue = { path: ['to'], message: `at most ${FINANCE_MAX_DAYS} days` };

/** GET /api/v1/finance/subsidy and /api/v1/finance/subsidy.xlsx */
export const subsidyReportQuery = z
  .strictObject({ ...filters, groupBy: z.enum(FINANCE_GROUPS).default('day') })
  .refine(inOrder, orderIssue).refine(shortEnough, lengthIssue);
export type SubsidyReportQuery = z.infer<typeof subsidyReportQuery>;

/** GET /api/v1/finance/meals: the meals behind a figure. */
export const financeMealsQuery = z
  .strictObject({
    ...filters,
    page: z.coerce.number().int().min(1).max(100_000).default(1),
    size: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine(inOrder, orderIssue).refine(shortEnough, lengthIssue);
export type FinanceMealsQuery = z.infer<typeof financeMealsQuery>;

/** GET /api/v1/finance/meals.xlsx */
export const financeMealsFileQuery = z.strictObject(filters).refine(inOrder, orderIssue).refine(shortEnough, lengthIssue);
export type FinanceMealsFileQuery = z.infer<typeof financeMealsFileQuery>;
export type FinanceFilters = FinanceMealsFileQuery;

/**
 * A row or the total. A meal counts on its day, its reversal counts against it on the day of the reversal, so that a
 * closed period never changes: meals = sold - reversed, and every amount is net of reversals. `grossFen` and `dueFen`
 * are null where rows share meals (grouped by payer). With a payer filter `subsidyFen` is that payer's part.
 */
export const subsidyFigures = z.object({
  persons: z.int(),
  sold: z.int(),
  reversed: z.int(),
  meals: z.int(),
  subsidisedMeals: z.int(),
  grossFen: fen.nullable(),
  dueFen: fen.nullable(),
  subsidyFen: fen,
  /** The part of reversals in subsidyFen: never positive. */
  reversedSubsidyFen: fen,
  /** Per payer code; payers without a part are absent. */
  payersFen: z.record(z.string(), fen),
});
export type SubsidyFigures = z.infer<typeof subsidyFigures>;

export const subsidyRow = subsidyFigures.extend({
  /** The value that the filter of the same name takes: a day, an id, a tier, a category, a payer. */
  key: z.string(),
  label: words,
});
export type SubsidyRow = z.infer<typeof subsidyRow>;

export const policyMention = z.object({
  policyVersionId: z.string(),
  name: z.string(),
  sourceDocument: z.string(),
  effectiveFrom: day,
  effectiveTo: day.nullable(),
});
export type PolicyMention = z.infer<typeof policyMention>;

/** Names the state of the ledger that was read: the newest transfer, and the newest seal of its hash chain. */
export const ledgerSnapshot = z.object({
  transferPosition: z.int(),
  sealSeq: z.int().nullable(),
  sealHash: z.string().nullable(),
});
export type LedgerSnapshot = z.infer<typeof ledgerSnapshot>;

export const subsidyReportAnswer = z.object({
  from: day,
  to: day,
  groupBy: z.enum(FINANCE_GROUPS),
  rows: z.array(subsidyRow),
  totals: subsidyFigures,
  payers: z.array(z.object({ payerCode: z.string(), label: words })),
  policies: z.array(policyMention),
  snapshot: ledgerSnapshot,
  generatedAt: z.iso.datetime(),
});
export type SubsidyReportAnswer = z.infer<typeof subsidyReportAnswer>;

/** GET /api/v1/finance/choices: what the filters can be set to, inside the scope. */
export const financeChoicesAnswer = z.object({
  points: z.array(z.object({ id: z.string(), name: z.string() })),
  operators: z.array(z.object({ id: z.string(), name: z.string() })),
  ageTiers: z.array(z.object({ key: z.string(), label: words })),
  categories: z.array(z.object({ key: z.string(), label: words })),
  payers: z.array(z.object({ key: z.string(), label: words })),
});
export type FinanceChoicesAnswer = z.infer<typeof financeChoicesAnswer>;

/** One line of the list: a meal on its day, or its reversal with negative amounts on the reversal's day. */
export const financeMealRow = z.object({
  kind: z.enum(['meal', 'reversal']),
  mealId: z.string(),
  day,
  period: z.string(),
  channel: z.string(),
  pointName: z.string(),
  operatorName: z.string(),
  /** Masked, null for a diner without an account. */
  dinerName: z.string().nullable(),
  ageYears: z.int().nullable(),
  ageTier: z.string(),
  ageTierLabel: words,
  categoryCode: z.string().nullable(),
  ruleId: z.string().nullable(),
  grossFen: fen,
  dueFen: fen,
  payers: z.array(z.object({ payerCode: z.string(), amountFen: fen })),
  identifiedBy: z.string(),
  /** Whether the meal was taken back, on whichever day. */
  isReversed: z.boolean(),
  at: z.iso.datetime(),
});
export type FinanceMealRow = z.infer<typeof financeMealRow>;

export const financeMealsAnswer = z.object({
  rows: z.array(financeMealRow),
  total: z.int(),
  totals: z.object({ grossFen: fen, dueFen: fen, subsidyFen: fen, meals: z.int() }),
  payers: z.array(z.object({ payerCode: z.string(), label: words })),
});
export type FinanceMealsAnswer = z.infer<typeof financeMealsAnswer>;

const ledgerTransfer = z.object({
  transferId: z.string(),
  position: z.int(),
  kind: z.string(),
  businessDay: day,
  actorKind: z.string(),
  contentHash: z.string(),
  /** Place in the hash chain; null until sealed, seconds after the sale. */
  sealSeq: z.int().nullable(),
  sealHash: z.string().nullable(),
  createdAt: z.iso.datetime(),
  entries: z.array(z.object({ accountKind: z.string(), accountName: z.string(), amountFen: fen })),
});

/** GET /api/v1/finance/meals/:mealId: everything that proves one meal. */
const proofPart = z.object({ ruleId: z.string(), payers: z.array(z.object({ payerCode: z.string(), label: words, amountFen: fen })) });
export const mealProofAnswer = z.object({
  mealId: z.string(),
  day,
  period: z.string(),
  channel: z.string(),
  pointName: z.string(),
  operatorName: z.string(),
  contractNo: z.string(),
  dinerName: z.string().nullable(),
  ageYears: z.int().nullable(),
  ageTier: z.string(),
  ageTierLabel: words,
  /** The category that opened the price, with the evidence it rests on. */
  category: z.object({ code: z.string(), label: words, evidence: z.string(), validFrom: day, validTo: day.nullable() }).nullable(),
  grossFen: fen,
  dueFen: fen,
  /** Part of grossFen. */
  deliveryFeeFen: fen,
  reliefs: z.array(proofPart),
  /** What payers owe the operator for this meal besides its price, by rule. */
  operatorPayments: z.array(proofPart),
  explanation: words,
  policy: policyMention.nullable(),
  /** The price computed again now from the stored facts and version. */
  recomputed: z.object({ agrees: z.boolean(), differences: z.array(z.string()) }),
  ledger: z.array(ledgerTransfer),
  proof: z.object({
    identifiedBy: z.string(),
    identification: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    deviceName: z.string().nullable(),
    staffName: z.string().nullable(),
    soldAt: z.iso.datetime(),
    routeStop: z.object({
      result: z.string(), reason: z.string().nullable(), receivedBy: z.string().nullable(), proof: z.string().nullable(),
      resultAt: z.iso.datetime().nullable(), crewName: z.string(),
    }).nullable(),
  }),
  reversal: z.object({ reason: z.string(), note: z.string(), staffName: z.string().nullable(), day, at: z.iso.datetime() }).nullable(),
});
export type MealProofAnswer = z.infer<typeof mealProofAnswer>;

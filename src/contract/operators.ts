import { z } from 'zod';
import { pathId } from './seniors.js';

/** Operators: who runs points, under which contract, licence and bank account, each with dates and evidence. */

const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Cs}]*$/u;
const printable = (longest: number): z.ZodString => z.string().trim().min(1).max(longest).regex(PRINTABLE);
const id = pathId;
const day = z.iso.date();
const instant = z.iso.datetime();

export const PAPER_KINDS = ['contract', 'licence', 'bank-account'] as const;
export const STANDING_PROBLEMS = [
  'no-contract', 'contract-ended', 'no-licence', 'licence-ended', 'no-bank-account', 'account-name-differs', 'account-shared',
] as const;
/** Legal form; it decides the limit of stored value. */
export const OPERATOR_KINDS = ['company', 'caterer', 'canteen', 'restaurant', 'delivery', 'individual'] as const;
/** What kind of place a point is, and how its meals come about. */
export const POINT_KINDS = ['community-point', 'operator-canteen', 'social-restaurant'] as const;
export const SUPPLIES = ['own', 'contracted', 'supplier'] as const;

const paper = z.object({
  paperId: z.string(),
  kind: z.enum(PAPER_KINDS),
  /** Bank accounts: last four digits only. */
  number: z.string(),
  partyName: z.string(),
  validFrom: day.nullable(),
  validTo: day.nullable(),
  evidence: z.string(),
  state: z.enum(['counts', 'proposed', 'refused', 'replaced']),
  recordedByName: z.string().nullable(),
  recordedAt: instant.nullable(),
  decidedByName: z.string().nullable(),
  mayDecide: z.boolean(),
});
export type OperatorPaper = z.infer<typeof paper>;

/** GET /api/v1/operators. Meals of the last 30 days; the public diner (public price, no account) counted apart. */
export const operatorRow = z.object({
  id,
  name: z.string(),
  kind: z.string(),
  points: z.int(),
  contractTo: day.nullable(),
  licenceTo: day.nullable(),
  accountName: z.string().nullable(),
  problems: z.array(z.enum(STANDING_PROBLEMS)),
  /** The next end of a paper in force, in days; null: none written. */
  endsInDays: z.int().nullable(),
  seniorMeals: z.int(),
  publicMeals: z.int(),
});
export type OperatorRow = z.infer<typeof operatorRow>;
export const operatorListAnswer = z.object({ rows: z.array(operatorRow), total: z.int() });
export type OperatorListAnswer = z.infer<typeof operatorListAnswer>;

/** GET /api/v1/operators/:operatorId */
export const operatorDetail = z.object({
  id, name: z.string(), kind: z.string(), day,
  problems: z.array(z.enum(STANDING_PROBLEMS)), maySell: z.boolean(), mayClaim: z.boolean(),
  /** Operators that name the same account, for asking. */
  sharedWith: z.array(z.string()),
  points: z.array(z.object({ id, code: z.string(), name: z.string(), kind: z.string(), supply: z.enum(SUPPLIES), openToPublic: z.boolean() })),
  /** Every version, newest first. */
  papers: z.array(paper),
});
export type OperatorDetail = z.infer<typeof operatorDetail>;

const dates = { validFrom: day, validTo: day };
/** POST /api/v1/operators: with the first papers; the account waits for a second person. */
export const createOperatorRequest = z.strictObject({
  name: printable(80), kind: z.enum(OPERATOR_KINDS),
  contract: z.strictObject({ number: printable(40), ...dates, evidence: printable(120) }),
  licence: z.strictObject({ number: printable(40), ...dates, evidence: printable(120) }),
});
export type CreateOperatorRequest = z.infer<typeof createOperatorRequest>;
export const createOperatorAnswer = z.object({ operatorId: id });

/** POST /api/v1/operators/:operatorId/papers: appended; `replaces` names the version that no longer counts. */
export const addPaperRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('contract'), number: printable(40), partyName: printable(80), validFrom: day, validTo: day, evidence: printable(120), replaces: z.string().max(36).nullable() }),
  z.strictObject({ kind: z.literal('licence'), number: printable(40), partyName: printable(80), validFrom: day, validTo: day, evidence: printable(120), replaces: z.string().max(36).nullable() }),
  z.strictObject({
    kind: z.literal('bank-account'), accountNo: z.string().trim().regex(/^\d[\d ]{6,28}\d$/), partyName: printable(80), validFrom: day, validTo: day.nullable(),
    evidence: printable(120), replaces: z.string().max(36).nullable(),
  }),
]);
export type AddPaperRequest = z.infer<typeof addPaperRequest>;
export const addPaperAnswer = z.object({ paperId: id, state: z.enum(['counts', 'proposed']), sharedWith: z.array(z.string()) });
export type AddPaperAnswer = z.infer<typeof addPaperAnswer>;

/** POST /api/v1/operators/:operatorId/papers/:paperId/decision: a bank account, by another person. */
export const decidePaperRequest = z.strictObject({ approve: z.boolean(), note: z.string().trim().max(120).regex(PRINTABLE) });
export type DecidePaperRequest = z.infer<typeof decidePaperRequest>;

/** PUT /api/v1/operators/:operatorId/points/:pointId */
export const setPointKindRequest = z.strictObject({ kind: z.enum(POINT_KINDS), supply: z.enum(SUPPLIES) });
export type SetPointKindRequest = z.infer<typeof setPointKindRequest>;

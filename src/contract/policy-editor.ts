import { z } from 'zod';
import { policyRulesSchema } from './policy.js';

/** Writing, testing, rehearsing and publishing a street's policy. Amounts are fen, days Shanghai days. */

const day = z.iso.date();
const month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/);
const text = (max: number) => z.string().trim().min(1).max(max);
const count = z.int().nonnegative();
const code = z.string().regex(/^[a-z0-9][a-z0-9-]*$/).max(40);
/** Sentences and names as the server words them, of any length. */
const worded = z.object({ zh: z.string(), en: z.string() });
const areaCode = z.string().regex(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/);

/** One meal of an invented diner and what it must cost: kept with the version, run before it is proposed. */
export const policyTestCaseSchema = z.strictObject({
  name: text(60),
  day,
  period: z.enum(['breakfast', 'lunch', 'dinner']),
  channel: z.enum(['eat-in', 'take-away', 'delivery']),
  mealKind: z.enum(['set', 'a-la-carte']),
  grossFen: count.max(1_000_000),
  deliveryFeeFen: count.max(1_000_000),
  pointArea: areaCode,
  dietTags: z.array(code).max(10),
  /** Completed years on the day; the birthday is the day itself. */
  ageYears: count.max(130),
  hukouArea: areaCode,
  residenceArea: areaCode,
  inNursingHome: z.boolean(),
  /** Categories in force on the day, with evidence. */
  categories: z.array(code).max(14),
  /** Slots that earlier meals hold: "lunch", "subsidy:day", "week:2026-W48". */
  usedSlots: z.array(z.string().min(1).max(60)).max(40),
  expectedDueFen: count.max(1_000_000),
});
export type PolicyTestCase = z.infer<typeof policyTestCaseSchema>;

const headFields = {
  name: text(80),
  jurisdiction: text(60),
  sourceDocument: text(200),
  effectiveFrom: day,
  /** The first day on which the version is no longer in force; null: until a successor. */
  effectiveTo: day.nullable(),
  rules: policyRulesSchema,
  testCases: z.array(policyTestCaseSchema).max(200),
};

export const createPolicyRequest = z.strictObject({ ...headFields, basedOnId: z.uuid().nullable() });
export type CreatePolicyRequest = z.infer<typeof createPolicyRequest>;

/** `revision`: the one that was read; a newer one refuses the save. */
export const savePolicyRequest = z.strictObject({ ...headFields, revision: z.int().positive() });
export type SavePolicyRequest = z.infer<typeof savePolicyRequest>;

/** What an export file holds; import reads the same. */
export const POLICY_FILE_FORMAT = 'rehufan-policy/1';
export const policyFileSchema = z.strictObject({ format: z.literal(POLICY_FILE_FORMAT), ...headFields });
export type PolicyFile = z.infer<typeof policyFileSchema>;

export const importPolicyRequest = z.strictObject({ text: z.string().min(2).max(400_000) });
export type ImportPolicyRequest = z.infer<typeof importPolicyRequest>;

export const policyStepRequest = z.strictObject({ revision: z.int().positive(), note: z.string().trim().max(200).default('') });
export type PolicyStepRequest = z.infer<typeof policyStepRequest>;

/** `place` and `reason` in words; `path` for the page: "stages.0.rules.1.shares". */
export const policyProblemSchema = z.object({ path: z.string(), place: worded, reason: worded });
export type PolicyProblemAnswer = z.infer<typeof policyProblemSchema>;

/** Rules as they are being typed: whatever they are, the answer says what is wrong with them. */
export const checkPolicyRequest = z.strictObject({
  rules: z.unknown(), testCases: z.array(policyTestCaseSchema).max(200), previewGrossFen: count.max(100_000).default(1_500),
});
export type CheckPolicyRequest = z.infer<typeof checkPolicyRequest>;

export const checkPolicyAnswer = z.object({
  problems: z.array(policyProblemSchema),
  /** Local residents without a category at a lunch of the street: what each age pays. Empty while there are problems. */
  previews: z.array(z.object({
    ageYears: z.int(), eatInDueFen: z.int(), deliveryDueFen: z.int(), explanation: worded,
  })),
  /** In the order of the cases; null where the rules cannot price yet. */
  testResults: z.array(z.object({ dueFen: z.int().nullable(), passed: z.boolean(), explanation: worded.nullable() })),
});
export type CheckPolicyAnswer = z.infer<typeof checkPolicyAnswer>;

export const policyRow = z.object({
  policyId: z.uuid(),
  state: z.enum(['draft', 'proposed', 'published']),
  /** Of published versions: over, in force today, still to come, or replaced before it began. */
  phase: z.enum(['past', 'current', 'future', 'superseded']).nullable(),
  name: z.string(), jurisdiction: z.string(), sourceDocument: z.string(),
  authorName: z.string(), publisherName: z.string().nullable(),
  effectiveFrom: day, effectiveTo: day.nullable(),
  changedAt: z.iso.datetime(),
  isMine: z.boolean(),
});
export type PolicyRow = z.infer<typeof policyRow>;

export const policyListAnswer = z.object({ rows: z.array(policyRow), today: day, mayWrite: z.boolean() });
export type PolicyListAnswer = z.infer<typeof policyListAnswer>;

const payerSum = z.object({ payerCode: z.string(), label: worded, beforeFen: z.int(), afterFen: z.int() });
const rehearsalGroup = z.object({
  key: z.string(), label: worded, people: z.int(), meals: z.int(),
  dueBeforeFen: z.int(), dueAfterFen: z.int(), subsidyBeforeFen: z.int(), subsidyAfterFen: z.int(),
});
const rehearsalPerson = z.object({ personCode: z.string(), maskedName: z.string(), meals: z.int(), diffFen: z.int() });
const side = z.object({ people: z.int(), meals: z.int(), sumFen: z.int() });

/** `diffFen` and the sides: what diners pay under the draft less what they paid; a gain is negative for the payers' cost. */
export const rehearsalSummarySchema = z.object({
  meals: z.int(), people: z.int(), changedMeals: z.int(), unreadableMeals: z.int(), countedFrom: day,
  grossFen: z.int(), dueBeforeFen: z.int(), dueAfterFen: z.int(), subsidyBeforeFen: z.int(), subsidyAfterFen: z.int(),
  operatorBeforeFen: z.int(), operatorAfterFen: z.int(),
  payers: z.array(payerSum), operatorPayers: z.array(payerSum),
  tiers: z.array(rehearsalGroup), points: z.array(rehearsalGroup),
  gain: side, lose: side, samePeople: z.int(),
  topGain: z.array(rehearsalPerson), topLose: z.array(rehearsalPerson),
});
export type RehearsalSummary = z.infer<typeof rehearsalSummarySchema>;

export const replaySummarySchema = z.object({
  meals: z.int(), agreed: z.int(), differing: z.int(),
  /** At most 500, in the order of days and sale. */
  differences: z.array(z.object({
    mealId: z.uuid(), day, pointName: z.string(), fields: z.array(z.string()), storedDueFen: z.int(), computedDueFen: z.int().nullable(),
  })),
});
export type ReplaySummary = z.infer<typeof replaySummarySchema>;

export const policyRunSchema = z.object({
  policyRunId: z.uuid(), kind: z.enum(['rehearsal', 'replay']), policyId: z.uuid().nullable(), month,
  state: z.enum(['queued', 'running', 'done', 'failed']), mealsTotal: z.int(), mealsDone: z.int(),
  requestedByName: z.string(), requestedAt: z.iso.datetime(), finishedAt: z.iso.datetime().nullable(),
  /** Whether the draft has been changed since. */
  isOutdated: z.boolean(),
  rehearsal: rehearsalSummarySchema.nullable(), replay: replaySummarySchema.nullable(),
});
export type PolicyRunAnswer = z.infer<typeof policyRunSchema>;
export const policyRunListAnswer = z.object({ rows: z.array(policyRunSchema) });
export type PolicyRunListAnswer = z.infer<typeof policyRunListAnswer>;

export const startRunRequest = z.strictObject({ month });
export type StartRunRequest = z.infer<typeof startRunRequest>;

export const rehearsedPersonAnswer = z.object({
  personCode: z.string(), maskedName: z.string(),
  meals: z.array(z.object({
    mealId: z.uuid(), day, period: z.string(), pointName: z.string(), grossFen: z.int(), dueBeforeFen: z.int(), dueAfterFen: z.int(), explanation: worded,
  })),
});
export type RehearsedPersonAnswer = z.infer<typeof rehearsedPersonAnswer>;

export const policyDetailAnswer = policyRow.extend({
  rules: policyRulesSchema, testCases: z.array(policyTestCaseSchema), revision: z.int(), note: z.string(), streetArea: z.string(),
  /** The version in force on the day before it begins: what it is compared with. */
  before: z.object({ policyId: z.uuid(), name: z.string(), effectiveFrom: day, effectiveTo: day.nullable(), rules: policyRulesSchema }).nullable(),
  check: checkPolicyAnswer,
  /** The newest rehearsal of exactly these rules that is done; publishing asks for one. */
  rehearsal: policyRunSchema.nullable(),
  audit: z.array(z.object({ at: z.iso.datetime(), actorName: z.string(), action: z.string(), note: z.string() })),
  may: z.object({ edit: z.boolean(), remove: z.boolean(), propose: z.boolean(), takeBack: z.boolean(), publish: z.boolean() }),
});
export type PolicyDetailAnswer = z.infer<typeof policyDetailAnswer>;

export const policyIdAnswer = z.object({ policyId: z.uuid() });
export type PolicyIdAnswer = z.infer<typeof policyIdAnswer>;

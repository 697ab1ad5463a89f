import { z } from 'zod';

/**
 * A street's subsidy policy as data: what an author writes, policy_version.policy stores and a report shows.
 * The meaning of each field stands at the types of src/domain/subsidy/policy.ts; overlaps, gaps and dangling
 * references are refused there (definePolicy).
 */

const count = z.int().nonnegative();
const areaCode = z.string().regex(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/, 'an administrative code without trailing zeros');
const code = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);

export const bilingualSchema = z.strictObject({ zh: z.string().min(1).max(60), en: z.string().min(1).max(80) });

const effectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), payPercent: count.max(100) }),
  z.strictObject({ kind: z.literal('off'), offFen: count }),
  z.strictObject({ kind: z.literal('fixed-price'), priceFen: count }),
  z.strictObject({ kind: z.literal('free') }),
  z.strictObject({ kind: z.literal('borne'), upToFen: count, leastDueFen: count.exactOptional() }),
]);

const areas = z.array(areaCode).min(1).exactOptional();

const conditionsSchema = z.strictObject({
  ages: z.strictObject({ fromAge: count.max(150), toAge: count.max(151).nullable() }).exactOptional(),
  periods: z.array(z.enum(['breakfast', 'lunch', 'dinner'])).min(1).exactOptional(),
  channels: z.array(z.enum(['eat-in', 'take-away', 'delivery'])).min(1).exactOptional(),
  mealKinds: z.array(z.enum(['set', 'a-la-carte'])).min(1).exactOptional(),
  weekdays: z.array(z.int().min(1).max(7)).min(1).exactOptional(),
  hukouAreas: areas,
  residenceAreas: areas,
  pointAreas: areas,
  categories: z.array(code).min(1).exactOptional(),
  allCategories: z.array(code).min(1).exactOptional(),
  dietTags: z.array(code).min(1).exactOptional(),
  notInNursingHome: z.boolean().exactOptional(),
  minimumSpend: z.strictObject({ amountFen: count, basis: z.enum(['gross', 'net']), exceeds: z.boolean() }).exactOptional(),
});

const capUnit = z.enum(['period', 'day', 'week', 'month', 'person']);
const pool = code.max(20).nullable();
const countCapSchema = z.strictObject({ per: capUnit, count: z.int().min(1).max(99), pool });
const limitSchema = z.union([
  countCapSchema,
  z.strictObject({ per: z.literal('meal'), amountFen: z.int().min(1) }),
  z.strictObject({ per: capUnit, amountFen: z.int().min(1), pool }),
]);

const shareConditionsSchema = z.strictObject({ hukouAreas: areas, residenceAreas: areas, pointAreas: areas }).exactOptional();

const ruleSchema = z.strictObject({
  id: code.max(60),
  label: bilingualSchema.nullable(),
  when: conditionsSchema,
  effects: z.array(z.strictObject({ tier: z.string().min(1).max(20).nullable(), effect: effectSchema })).min(1),
  cap: countCapSchema.nullable(),
  limits: z.array(limitSchema).max(6).exactOptional(),
  exclusiveGroup: code.max(20).exactOptional(),
  on: z.enum(['meal', 'delivery-fee']).exactOptional(),
  shares: z.array(z.union([
    z.strictObject({ payer: code.max(20), fixedFen: count, when: shareConditionsSchema }),
    z.strictObject({ payer: code.max(20), weight: count, when: shareConditionsSchema }),
  ])).min(1),
});

const operatorPaymentSchema = z.strictObject({
  id: code.max(60),
  label: bilingualSchema,
  when: conditionsSchema,
  amounts: z.array(z.strictObject({ tier: z.string().min(1).max(20).nullable(), amountFen: count })).min(1),
  cap: countCapSchema.nullable(),
  withReliefOnly: z.boolean().exactOptional(),
  payer: code.max(20),
});

export const policyRulesSchema = z.strictObject({
  ageTiers: z.array(z.strictObject({ fromAge: count.max(150), toAge: count.max(151).nullable(), label: bilingualSchema })).max(20),
  payers: z.array(z.strictObject({ code: code.max(20), label: bilingualSchema })).min(1).max(20),
  stages: z.array(z.strictObject({ id: code.max(60), rules: z.array(ruleSchema).min(1).max(40) })).max(20),
  operatorPayments: z.array(operatorPaymentSchema).max(20).exactOptional(),
  rounding: z.strictObject({ unitFen: z.union([z.literal(1), z.literal(10), z.literal(100)]), mode: z.enum(['half-up', 'down', 'up']) }).exactOptional(),
});

export type PolicyRulesData = z.infer<typeof policyRulesSchema>;

const day = z.iso.date();

/** What a price was computed from, as meal.facts stores it (QuoteFacts of src/domain/pricing). */
export const quoteFactsSchema = z.object({
  grossFen: count,
  deliveryFeeFen: count.exactOptional(),
  dietTags: z.array(z.string()).exactOptional(),
  day,
  period: z.enum(['breakfast', 'lunch', 'dinner']),
  channel: z.enum(['eat-in', 'take-away', 'delivery']),
  mealKind: z.enum(['set', 'a-la-carte']),
  pointArea: z.string(),
  diner: z.object({
    birthDate: day,
    hukouArea: z.string(),
    residenceArea: z.string(),
    inNursingHome: z.boolean().exactOptional(),
    categories: z.array(z.object({ code: z.string(), validFrom: day, validTo: day.nullable(), evidence: z.string() })),
  }).nullable(),
  usedSlots: z.array(z.string()),
  usedAmounts: z.array(z.object({ key: z.string(), amountFen: count })).exactOptional(),
});

export type QuoteFactsData = z.infer<typeof quoteFactsSchema>;

import type { CheckPolicyAnswer, PolicyTestCase } from '../../contract/policy-editor.js';
import { policyRulesSchema } from '../../contract/policy.js';
import { issueProblem, placeWords, problemWords } from '../../contract/policy.words.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { fen } from '../../domain/kernel/money.js';
import { quoteMeal, type QuoteFacts } from '../../domain/pricing/index.js';
import { definePolicy, policyProblems, type PolicyRules, type SubsidyPolicy } from '../../domain/subsidy/index.js';

const PREVIEW_AGES = [59, 60, 69, 70, 79, 80, 89, 90, 100];
const LONG_AGO = '1992-01-01' as BusinessDay;

/** Where rules are tried: the street's own area and the day of the previews. */
export interface TryPlace { area: string; today: BusinessDay }

/** Rules as a policy in force on every day, for trying and rehearsing; never stored. @throws DomainError as definePolicy does */
export function policyForTrying(rules: PolicyRules): SubsidyPolicy {
  return definePolicy({ versionId: 'tried', effectiveFrom: LONG_AGO, effectiveTo: null, rules });
}

/** What is wrong with rules of any shape; what they cost the ages of the street; whether their test cases pass. */
export function tryPolicy(rules: unknown, testCases: readonly PolicyTestCase[], previewGrossFen: number, place: TryPlace): CheckPolicyAnswer {
  const unpriced = testCases.map(() => ({ dueFen: null, passed: false, explanation: null }));
  const parsed = policyRulesSchema.safeParse(rules);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 20).map((issue) => {
      const { path, reason } = issueProblem(issue);
      return { path, place: placeWords(path), reason };
    });
    return { problems, previews: [], testResults: unpriced };
  }
  const problems = policyProblems(parsed.data).map(({ code, path, details }) => ({ path, place: placeWords(path), reason: problemWords(code, details) }));
  if (problems.length > 0) return { problems, previews: [], testResults: unpriced };
  const policy = policyForTrying(parsed.data);
  return { problems, previews: previewsOf(policy, previewGrossFen, place), testResults: testResults(policy, testCases) };
}

/** What each case costs under the policy, in order. */
export function testResults(policy: SubsidyPolicy, testCases: readonly PolicyTestCase[]): CheckPolicyAnswer['testResults'] {
  return testCases.map((one) => {
    const { dueFen, explanation } = quoteMeal({ ...factsOfCase(one), policy });
    return { dueFen, passed: dueFen === one.expectedDueFen, explanation };
  });
}

function previewsOf(policy: SubsidyPolicy, grossFen: number, { area, today }: TryPlace): CheckPolicyAnswer['previews'] {
  return PREVIEW_AGES.map((ageYears) => {
    const facts = (channel: QuoteFacts['channel']): QuoteFacts => ({
      grossFen: fen(grossFen), day: today, period: 'lunch', channel, mealKind: 'set', pointArea: area, usedSlots: [],
      diner: { birthDate: birthDateFor(ageYears, today), hukouArea: area, residenceArea: area, categories: [] },
    });
    const eatIn = quoteMeal({ ...facts('eat-in'), policy });
    return { ageYears, eatInDueFen: eatIn.dueFen, deliveryDueFen: quoteMeal({ ...facts('delivery'), policy }).dueFen, explanation: eatIn.explanation };
  });
}

function factsOfCase(one: PolicyTestCase): QuoteFacts {
  const day = one.day as BusinessDay;
  return {
    grossFen: fen(one.grossFen + one.deliveryFeeFen), deliveryFeeFen: fen(one.deliveryFeeFen), day, period: one.period, channel: one.channel,
    mealKind: one.mealKind, dietTags: one.dietTags, pointArea: one.pointArea, usedSlots: one.usedSlots,
    diner: {
      birthDate: birthDateFor(one.ageYears, day), hukouArea: one.hukouArea, residenceArea: one.residenceArea, inNursingHome: one.inNursingHome,
      categories: one.categories.map((code) => ({ code, validFrom: day, validTo: null, evidence: 'test case' })),
    },
  };
}

/** Someone who turns `ageYears` on the day. */
function birthDateFor(ageYears: number, day: BusinessDay): BusinessDay {
  return `${String(Number(day.slice(0, 4)) - ageYears).padStart(4, '0')}${day.slice(4)}` as BusinessDay;
}

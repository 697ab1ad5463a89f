import type { PolicyDetailAnswer, PolicyFile, PolicyTestCase } from '../../../../src/contract/policy-editor.js';
import type { PolicyRulesData } from '../../../../src/contract/policy.js';

export type Rule = PolicyRulesData['stages'][number]['rules'][number];
export type Conditions = Rule['when'];
export type Effect = Rule['effects'][number]['effect'];
export type Limit = NonNullable<Rule['limits']>[number];
export type Share = Rule['shares'][number];
export type Payment = NonNullable<PolicyRulesData['operatorPayments']>[number];

/** What the editor holds of a policy. */
export type PolicyForm = Pick<PolicyDetailAnswer, 'name' | 'jurisdiction' | 'sourceDocument' | 'effectiveFrom' | 'effectiveTo' | 'rules' | 'testCases'>;

/** A copy that may be changed without changing what was loaded. */
export function formOf({ name, jurisdiction, sourceDocument, effectiveFrom, effectiveTo, rules, testCases }: PolicyForm): PolicyForm {
  return JSON.parse(JSON.stringify({ name, jurisdiction, sourceDocument, effectiveFrom, effectiveTo, rules, testCases })) as PolicyForm;
}

export function fileOf(form: PolicyForm): PolicyFile {
  return { format: 'rehufan-policy/1', ...formOf(form) };
}

/** Codes typed with commas, Chinese commas or blanks between them. */
export function codesOf(text: string): string[] {
  return text.split(/[\s,，、]+/).filter((code) => code !== '');
}

/** Sets a condition, or leaves its key out where it says nothing. */
export function setCondition<Key extends keyof Conditions>(when: Conditions, key: Key, value: Conditions[Key] | undefined): void {
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) Reflect.deleteProperty(when, key);
  else Object.assign(when, { [key]: value });
}

export function tierCodes(rules: PolicyRulesData): string[] {
  return rules.ageTiers.map(({ fromAge, toAge }) => (toAge === null ? `${fromAge}+` : `${fromAge}-${toAge - 1}`));
}

const label = (): { zh: string; en: string } => ({ zh: '助餐补贴', en: 'meal subsidy' });

/** A code that no rule or payment has yet. */
function freeId(rules: PolicyRulesData, stem: string): string {
  const taken = new Set([...rules.stages.flatMap((stage) => stage.rules.map((rule) => rule.id)), ...(rules.operatorPayments ?? []).map((one) => one.id)]);
  let number = 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

export function newRule(rules: PolicyRulesData): Rule {
  return {
    id: freeId(rules, 'rule'), label: label(), when: {}, effects: [{ tier: null, effect: { kind: 'percent', payPercent: 100 } }], cap: null,
    shares: [{ payer: rules.payers[0]?.code ?? 'street', weight: 1 }],
  };
}

export function newPayment(rules: PolicyRulesData): Payment {
  return {
    id: freeId(rules, 'operating'), label: { zh: '运营补贴', en: 'operating subsidy' }, when: {}, amounts: [{ tier: null, amountFen: 100 }],
    cap: { per: 'day', count: 1, pool: 'operating' }, payer: rules.payers[0]?.code ?? 'street',
  };
}

export function newTestCase(area: string, day: string): PolicyTestCase {
  return {
    name: '新用例', day, period: 'lunch', channel: 'eat-in', mealKind: 'set', grossFen: 1500, deliveryFeeFen: 0, pointArea: area, dietTags: [], ageYears: 80,
    hukouArea: area, residenceArea: area, inNursingHome: false, categories: [], usedSlots: [], expectedDueFen: 1500,
  };
}

export function newTier(fromAge: number): PolicyRulesData['ageTiers'][number] {
  return { fromAge, toAge: null, label: { zh: `${fromAge} 岁以上`, en: `aged ${fromAge} or over` } };
}

export function newPayer(rules: PolicyRulesData): PolicyRulesData['payers'][number] {
  return { code: `payer-${rules.payers.length + 1}`, label: { zh: '出资方', en: 'a payer' } };
}

/** A first policy for a street that has none: nobody pays less until its author says so. */
export function blankRules(): PolicyRulesData {
  return {
    ageTiers: [newTier(60)],
    payers: [{ code: 'street', label: { zh: '街道', en: 'the street' } }],
    stages: [],
  };
}

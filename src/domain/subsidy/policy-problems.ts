import { tierCode } from './age-tiers.js';
import type { EntitlementCap, OperatorPayment, PayerShare, PolicyRules, RuleConditions, RuleLimit, SubsidyRule } from './policy.js';
import { checkEffects } from './effect-problems.js';

/** One thing that keeps rules from pricing. */
export interface PolicyProblem {
  code: 'POLICY.TIERS_OVERLAP' | 'POLICY.TIERS_GAP' | 'POLICY.INVALID';
  /** Where it stands in the rules as an author wrote them: "ageTiers.1", "stages.0.rules.2.effects.0". */
  path: string;
  /** `problem` and `where` (an id or a code), or the ages between which tiers overlap or gap. */
  details: Readonly<Record<string, string | number | null>>;
}

/** Notes one problem at a place. */
export type Note = (problem: string, where: string, path: string) => void;

const AREA_CODE = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;
const CODE = /^[a-z0-9][a-z0-9-]*$/;
const MAX_RULE_ID = 60;
const MAX_PAYER_CODE = 20;
const MAX_POOL = 20;
const MAX_COUNT = 99;
const LIST_CONDITIONS = [
  'periods', 'channels', 'mealKinds', 'weekdays', 'hukouAreas', 'residenceAreas', 'pointAreas', 'categories', 'allCategories', 'dietTags',
] as const;
/** "meal:lunch" is the slot that every sale claims against a second meal, subsidised or not. */
const MEAL_POOL = 'meal';

/** Everything that is wrong with rules, in the order in which an author reads them; empty when they can price. */
export function policyProblems(rules: PolicyRules): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const note: Note = (problem, where, path) => { problems.push({ code: 'POLICY.INVALID', path, details: { problem, where } }); };
  problems.push(...tierProblems(rules));
  checkPayers(rules, note);
  checkRounding(rules, note);
  checkRules(rules, note);
  return problems;
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

/** Overlaps and gaps are refused, not guessed (standards.md 1.2, P6: a published text overlapped at exactly 90). */
function tierProblems({ ageTiers }: PolicyRules): PolicyProblem[] {
  return ageTiers.flatMap((tier, index): PolicyProblem[] => {
    const path = `ageTiers.${index}`;
    const found: PolicyProblem[] = [];
    const invalid = (problem: string, where: string): number => found.push({ code: 'POLICY.INVALID', path, details: { problem, where } });
    if (!isCount(tier.fromAge, 0)) invalid('age', String(tier.fromAge));
    else if (tier.toAge !== null && !isCount(tier.toAge, tier.fromAge + 1)) invalid('empty-tier', tierCode(tier));
    const next = ageTiers[index + 1];
    if (next === undefined) {
      if (tier.toAge !== null) found.push({ code: 'POLICY.TIERS_GAP', path, details: { fromAge: tier.toAge, toAge: null } });
    } else if (tier.toAge === null || next.fromAge < tier.toAge) {
      found.push({ code: 'POLICY.TIERS_OVERLAP', path: `ageTiers.${index + 1}`, details: { fromAge: next.fromAge, toAge: tier.toAge } });
    } else if (next.fromAge > tier.toAge) {
      found.push({ code: 'POLICY.TIERS_GAP', path: `ageTiers.${index + 1}`, details: { fromAge: tier.toAge, toAge: next.fromAge } });
    }
    return found;
  });
}

function checkPayers({ payers }: PolicyRules, note: Note): void {
  const codes = new Set<string>();
  for (const [index, { code }] of payers.entries()) {
    if (!CODE.test(code) || code.length > MAX_PAYER_CODE || codes.has(code)) note('payer-code', code, `payers.${index}`);
    codes.add(code);
  }
}

function checkRounding({ rounding }: PolicyRules, note: Note): void {
  if (rounding === undefined) return;
  if (![1, 10, 100].includes(rounding.unitFen) || !['half-up', 'down', 'up'].includes(rounding.mode)) note('rounding', rounding.mode, 'rounding');
}

function checkRules(rules: PolicyRules, note: Note): void {
  const ids = new Set<string>();
  const checkId = (id: string, path: string): void => {
    if (!CODE.test(id) || id.length > MAX_RULE_ID || ids.has(id)) note('rule-id', id, path);
    ids.add(id);
  };
  for (const [stageIndex, stage] of rules.stages.entries()) {
    if (stage.rules.length === 0) note('empty-stage', stage.id, `stages.${stageIndex}`);
    for (const [ruleIndex, rule] of stage.rules.entries()) {
      const path = `stages.${stageIndex}.rules.${ruleIndex}`;
      checkId(rule.id, path);
      checkEffects(rule, rules, path, note);
      checkConditions(rule.id, rule.when, path, note);
      checkCaps(rule, path, note);
      checkShares(rule, rules, path, note);
      if (rule.exclusiveGroup !== undefined && !isPool(rule.exclusiveGroup)) note('exclusive-group', rule.id, path);
    }
  }
  for (const [index, payment] of (rules.operatorPayments ?? []).entries()) {
    const path = `operatorPayments.${index}`;
    checkId(payment.id, path);
    checkPayment(payment, rules, path, note);
  }
}

function checkConditions(ruleId: string, when: RuleConditions, path: string, note: Note): void {
  const at = `${path}.when`;
  for (const area of [...(when.hukouAreas ?? []), ...(when.residenceAreas ?? []), ...(when.pointAreas ?? [])]) {
    if (!AREA_CODE.test(area)) note('area-code', ruleId, at);
  }
  if (when.weekdays?.some((day) => !isCount(day, 1) || day > 7)) note('weekday', ruleId, at);
  if (when.minimumSpend && !isCount(when.minimumSpend.amountFen, 0)) note('minimum-spend', ruleId, at);
  if (when.ages && (!isCount(when.ages.fromAge, 0) || (when.ages.toAge !== null && !isCount(when.ages.toAge, when.ages.fromAge + 1)))) note('ages', ruleId, at);
  // An empty list would hold for nobody; whoever means "no condition" leaves the key out.
  if (LIST_CONDITIONS.some((key) => when[key]?.length === 0)) note('empty-condition', ruleId, at);
}

function isPool(pool: string): boolean {
  return CODE.test(pool) && pool.length <= MAX_POOL && pool !== MEAL_POOL;
}

function checkCount(cap: EntitlementCap, ruleId: string, path: string, note: Note): void {
  if (!isCount(cap.count, 1) || cap.count > MAX_COUNT) note('cap', ruleId, path);
  if (cap.pool !== null && !isPool(cap.pool)) note('cap-pool', ruleId, path);
}

function checkCaps({ id, cap, limits }: SubsidyRule, path: string, note: Note): void {
  if (cap !== null) checkCount(cap, id, `${path}.cap`, note);
  const seen = new Set(cap === null ? [] : [limitName(cap)]);
  for (const [index, limit] of (limits ?? []).entries()) {
    const at = `${path}.limits.${index}`;
    if ('count' in limit) checkCount(limit, id, at, note);
    else {
      if (!isCount(limit.amountFen, 1)) note('cap', id, at);
      if (limit.per !== 'meal' && limit.pool !== null && !isPool(limit.pool)) note('cap-pool', id, at);
    }
    if (seen.has(limitName(limit))) note('two-limits-for-one-unit', id, at);
    seen.add(limitName(limit));
  }
}

function limitName(limit: RuleLimit): string {
  return `${'count' in limit ? 'count' : 'amount'} ${limit.per} ${limit.per === 'meal' ? '' : (limit.pool ?? '')}`;
}

function checkShares(rule: SubsidyRule, { payers }: PolicyRules, path: string, note: Note): void {
  const known = new Set(payers.map((payer) => payer.code));
  const seen = new Set<string>();
  let weightSum = 0;
  for (const [index, share] of rule.shares.entries()) {
    const at = `${path}.shares.${index}`;
    if (!known.has(share.payer) || seen.has(share.payer)) note('share-payer', rule.id, at);
    seen.add(share.payer);
    if ('weight' in share) {
      if (isCount(share.weight, 0)) weightSum += share.weight;
      else note('share-weight', rule.id, at);
    } else if (!isCount(share.fixedFen, 0)) note('share-amount', rule.id, at);
    if (share.when !== undefined) checkConditions(rule.id, shareConditions(share), at, note);
  }
  // Without a share by weight nobody would bear what the fixed shares leave.
  if (weightSum === 0) note('nobody-bears-the-rest', rule.id, `${path}.shares`);
}

function shareConditions({ when }: PayerShare): RuleConditions {
  return when ?? {};
}

function checkPayment(payment: OperatorPayment, { ageTiers, payers }: PolicyRules, path: string, note: Note): void {
  const tiers = new Set<string | null>(ageTiers.map(tierCode));
  const seen = new Set<string | null>();
  if (payment.amounts.length === 0) note('no-effect', payment.id, path);
  for (const { tier, amountFen } of payment.amounts) {
    if (tier !== null && !tiers.has(tier)) note('unknown-tier', payment.id, path);
    if (seen.has(tier) || (tier === null && payment.amounts.length > 1)) note('two-effects-for-one-age', payment.id, path);
    if (!isCount(amountFen, 0)) note('effect', payment.id, path);
    seen.add(tier);
  }
  if (!payers.some(({ code }) => code === payment.payer)) note('share-payer', payment.id, path);
  if (payment.cap !== null) checkCount(payment.cap, payment.id, `${path}.cap`, note);
  checkConditions(payment.id, payment.when, path, note);
}

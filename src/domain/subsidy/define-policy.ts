import type { BusinessDay } from '../kernel/business-day.js';
import { DomainError } from '../kernel/domain-error.js';
import { tierCode } from './age-tiers.js';
import type { Effect, PolicyRules, PolicyVersionData, RuleConditions, SubsidyPolicy, SubsidyRule } from './policy.js';

const AREA_CODE = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;
const CODE = /^[a-z0-9][a-z0-9-]*$/;
const MAX_RULE_ID = 60;
const MAX_PAYER_CODE = 20;
const MAX_POOL = 20;
/** "meal:lunch" is the slot that every sale claims against a second meal, subsidised or not. */
const MEAL_POOL = 'meal';

/**
 * Checks a policy version and marks it as usable.
 *
 * @throws DomainError POLICY.TIERS_OVERLAP or POLICY.TIERS_GAP when an age would have two prices or none;
 *   POLICY.INVALID with the `problem` and where it stands for everything else.
 */
export function definePolicy(data: PolicyVersionData): SubsidyPolicy {
  if (data.effectiveTo !== null && data.effectiveTo <= data.effectiveFrom) invalid('ends-before-it-begins', data.versionId);
  checkTiers(data.rules);
  checkPayers(data.rules);
  checkRules(data.rules);
  return data as SubsidyPolicy;
}

/** Whether the version prices meals of `day`. */
export function inForce(policy: SubsidyPolicy, day: BusinessDay): boolean {
  return policy.effectiveFrom <= day && (policy.effectiveTo === null || day < policy.effectiveTo);
}

function invalid(problem: string, where: string): never {
  throw new DomainError('POLICY.INVALID', 'invalid', { problem, where });
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

/** Overlaps and gaps are refused, not guessed (standards.md 1.2, P6: a published text overlapped at exactly 90). */
function checkTiers({ ageTiers }: PolicyRules): void {
  ageTiers.forEach((tier, index) => {
    if (!isCount(tier.fromAge, 0)) invalid('age', String(tier.fromAge));
    if (tier.toAge !== null && !isCount(tier.toAge, tier.fromAge + 1)) invalid('empty-tier', tierCode(tier));
    const next = ageTiers[index + 1];
    if (next === undefined) {
      if (tier.toAge !== null) throw new DomainError('POLICY.TIERS_GAP', 'invalid', { fromAge: tier.toAge, toAge: null });
      return;
    }
    if (tier.toAge === null || next.fromAge < tier.toAge) {
      throw new DomainError('POLICY.TIERS_OVERLAP', 'invalid', { fromAge: next.fromAge, toAge: tier.toAge });
    }
    if (next.fromAge > tier.toAge) {
      throw new DomainError('POLICY.TIERS_GAP', 'invalid', { fromAge: tier.toAge, toAge: next.fromAge });
    }
  });
}

function checkPayers({ payers }: PolicyRules): void {
  const codes = new Set<string>();
  for (const { code } of payers) {
    if (!CODE.test(code) || code.length > MAX_PAYER_CODE || codes.has(code)) invalid('payer-code', code);
    codes.add(code);
  }
}

function checkRules(rules: PolicyRules): void {
  const ids = new Set<string>();
  for (const stage of rules.stages) {
    if (stage.rules.length === 0) invalid('empty-stage', stage.id);
    for (const rule of stage.rules) {
      if (!CODE.test(rule.id) || rule.id.length > MAX_RULE_ID || ids.has(rule.id)) invalid('rule-id', rule.id);
      ids.add(rule.id);
      checkEffects(rule, rules);
      checkConditions(rule.id, rule.when);
      checkCap(rule);
      checkShares(rule, rules);
    }
  }
}

function checkEffects(rule: SubsidyRule, { ageTiers }: PolicyRules): void {
  const known = new Set(ageTiers.map(tierCode));
  const seen = new Set<string | null>();
  if (rule.effects.length === 0) invalid('no-effect', rule.id);
  for (const { tier, effect } of rule.effects) {
    if (tier !== null && !known.has(tier)) invalid('unknown-tier', rule.id);
    if (seen.has(tier) || (tier === null && rule.effects.length > 1)) invalid('two-effects-for-one-age', rule.id);
    if (tier === null && rule.label === null) invalid('no-label', rule.id);
    if (!isSound(effect)) invalid('effect', rule.id);
    seen.add(tier);
  }
}

function isSound(effect: Effect): boolean {
  switch (effect.kind) {
    case 'percent': return isCount(effect.payPercent, 0) && effect.payPercent <= 100;
    case 'off': return isCount(effect.offFen, 0);
    case 'fixed-price': return isCount(effect.priceFen, 0);
    case 'free': return true;
  }
}

function checkConditions(ruleId: string, when: RuleConditions): void {
  for (const area of [...(when.hukouAreas ?? []), ...(when.residenceAreas ?? []), ...(when.pointAreas ?? [])]) {
    if (!AREA_CODE.test(area)) invalid('area-code', ruleId);
  }
  if (when.weekdays?.some((day) => !isCount(day, 1) || day > 7)) invalid('weekday', ruleId);
  if (when.minimumSpend && !isCount(when.minimumSpend.amountFen, 0)) invalid('minimum-spend', ruleId);
  // An empty list would hold for nobody; whoever means "no condition" leaves the key out.
  if (Object.values(when).some((value) => Array.isArray(value) && value.length === 0)) invalid('empty-condition', ruleId);
}

function checkCap({ id, cap }: SubsidyRule): void {
  if (cap === null) return;
  if (!isCount(cap.count, 1)) invalid('cap', id);
  if (cap.pool !== null && (!CODE.test(cap.pool) || cap.pool.length > MAX_POOL || cap.pool === MEAL_POOL)) invalid('cap-pool', id);
}

function checkShares(rule: SubsidyRule, { payers }: PolicyRules): void {
  const known = new Set(payers.map((payer) => payer.code));
  const seen = new Set<string>();
  let weightSum = 0;
  for (const share of rule.shares) {
    if (!known.has(share.payer) || seen.has(share.payer)) invalid('share-payer', rule.id);
    seen.add(share.payer);
    if ('weight' in share) {
      if (!isCount(share.weight, 0)) invalid('share-weight', rule.id);
      weightSum += share.weight;
    } else if (!isCount(share.fixedFen, 0)) invalid('share-amount', rule.id);
  }
  // Without a share by weight nobody would bear what the fixed shares leave.
  if (weightSum === 0) invalid('nobody-bears-the-rest', rule.id);
}

import type { BusinessDay } from '../kernel/business-day.js';
import { DomainError } from '../kernel/domain-error.js';
import { policyProblems } from './policy-problems.js';
import type { PolicyVersionData, SubsidyPolicy } from './policy.js';

/**
 * Checks a policy version and marks it as usable.
 *
 * @throws DomainError POLICY.TIERS_OVERLAP or POLICY.TIERS_GAP when an age would have two prices or none;
 *   POLICY.INVALID with the `problem` and where it stands for everything else.
 */
export function definePolicy(data: PolicyVersionData): SubsidyPolicy {
  if (data.effectiveTo !== null && data.effectiveTo <= data.effectiveFrom) {
    throw new DomainError('POLICY.INVALID', 'invalid', { problem: 'ends-before-it-begins', where: data.versionId });
  }
  const [first] = policyProblems(data.rules);
  if (first !== undefined) throw new DomainError(first.code, 'invalid', first.details);
  return data as SubsidyPolicy;
}

/** Whether the version prices meals of `day`. */
export function inForce(policy: SubsidyPolicy, day: BusinessDay): boolean {
  return policy.effectiveFrom <= day && (policy.effectiveTo === null || day < policy.effectiveTo);
}

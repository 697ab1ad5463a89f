export * from './age-tiers.js';
export * from './define-policy.js';
export { policyProblems, type PolicyProblem } from './policy-problems.js';
export * from './policy.js';

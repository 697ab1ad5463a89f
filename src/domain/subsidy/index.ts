export * from './age-tiers.js';
export * from './define-policy.js';
export * from './policy.js';

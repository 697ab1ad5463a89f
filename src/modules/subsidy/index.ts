export { demoStreetPolicy, type AuthoredPolicy } from './demo-street-policy.js';
export { PolicyBook, type PolicyPeriod } from './policy-book.js';
export { SubsidyModule } from './subsidy.module.js';

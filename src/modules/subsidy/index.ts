export { DeliveryFees } from './delivery-fees.js';
export { demoStreetPolicy, type AuthoredPolicy } from './demo-street-policy.js';
export { PayerWords } from './payer-words.query.js';
export { PolicyBook, type PolicyPeriod } from './policy-book.js';
export { ReplayMonth } from './replay-month.js';
export { SubsidyConsumerModule } from './subsidy-consumer.module.js';
export { SubsidyModule } from './subsidy.module.js';

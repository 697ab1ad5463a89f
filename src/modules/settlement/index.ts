export { SettlementModule } from './settlement.module.js';
export { RollupConsumerModule } from './rollup/rollup-consumer.module.js';
export { MealRollup } from './rollup/meal-rollup.js';
export { RollupCheck, type RollupDifference, type RollupVerdict } from './rollup/rollup-check.query.js';

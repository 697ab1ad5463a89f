export { SettlementModule } from './settlement.module.js';
export { SheetWriter } from './sheet-writer.js';
export type { SheetPlan } from './sheet-file.js';
export { RollupConsumerModule } from './rollup/rollup-consumer.module.js';
export { MealRollup } from './rollup/meal-rollup.js';
export { RollupCheck, type RollupDifference, type RollupVerdict } from './rollup/rollup-check.query.js';

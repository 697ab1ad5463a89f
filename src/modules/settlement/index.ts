export { SettlementModule } from './settlement.module.js';
export { SheetWriter } from './sheet-writer.js';
export type { SheetPlan } from './sheet-file.js';

export { Advances } from './advances.js';
export { ClosingModule } from './closing.module.js';
export { ClosingConsumerModule } from './closing-consumer.module.js';
export { ClosedDays, type ClosedDay } from './closed-days.js';
export { Payables, type PayableStop } from './payables.js';
export { LateLines, type LateMeal } from './late-lines.js';

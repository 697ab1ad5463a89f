export { RecallDesk } from './recall-desk.js';
export { RecallModule } from './recall.module.js';

export * from './claim-ageing.js';
export * from './claim-lines.js';
export * from './claim-month.js';
export * from './claim-steps.js';

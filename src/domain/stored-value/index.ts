export * from './age-debts.js';
export * from './bank-file.js';
export * from './cash-shift.js';
export * from './refund-rules.js';

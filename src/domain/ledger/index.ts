export * from './account-kinds.js';
export * from './claim-postings.js';
export * from './debt-settlement.js';
export * from './flow-rules.js';
export * from './posting.js';
export * from './stored-value-limit.js';
export * from './treasury-postings.js';
export * from './wallet-postings.js';

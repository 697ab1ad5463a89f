export * from './posting.js';
export * from './stored-value-limit.js';

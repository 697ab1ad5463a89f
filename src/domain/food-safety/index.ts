export * from './batch-release.js';
export * from './records.js';

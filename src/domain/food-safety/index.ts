export * from './batch-release.js';

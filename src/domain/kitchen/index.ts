export * from './load-clock.js';
export * from './cooking-plan.js';
export * from './feed-load.js';

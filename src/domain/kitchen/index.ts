export * from './live-point.js';
export * from './load-clock.js';
export * from './cooking-plan.js';
export * from './feed-load.js';
export * from './stock.js';
export * from './live-demand.js';
export * from './steer-cooking.js';

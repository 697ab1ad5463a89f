export * from './production-plan.js';
export * from './walk-in-plan.js';
export * from './weekday-forecast.js';

export * from './production-plan.js';
export * from './weekday-forecast.js';

export * from './composition.js';
export * from './read-composition.js';
export * from './recipe-nutrition.js';
export * from './reference-intake.js';
export * from './restrictions.js';
export * from './person-limits.js';
export * from './portion-cost.js';

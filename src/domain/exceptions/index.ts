export * from './events.js';
export * from './finding.js';
export * from './kinds.js';
export * from './scan.js';
export * from './settings.js';
export { chiSquareLower, chiSquareUpper, binomialUpper } from './statistics.js';

export * from './load-clock.js';

export * from './impossible-pattern.js';

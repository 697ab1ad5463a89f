export * from './client.js';
export { isSettled } from './settled.js';

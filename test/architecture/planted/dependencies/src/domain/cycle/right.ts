import { left } from './left.js';
export const right = (): unknown => left;

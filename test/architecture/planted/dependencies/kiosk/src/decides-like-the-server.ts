import { margin } from '../../src/domain/identity/margin.js';
export const same = margin;

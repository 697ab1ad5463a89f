import { words } from '../../src/contract/words.js';
export const shown = words;

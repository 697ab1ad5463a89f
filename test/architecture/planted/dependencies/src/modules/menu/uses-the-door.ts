import { Ledger } from '../ledger/index.js';
export const ledger = new Ledger();

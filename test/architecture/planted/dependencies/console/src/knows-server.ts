// breaks: pages-know-the-contract-alone
import { Ledger } from '../../src/modules/ledger/index.js';
export const ledger = new Ledger();

// breaks: infra-knows-no-capability
import { Ledger } from '../modules/ledger/index.js';
export const ledger = new Ledger();

// breaks: starts-use-the-door
import { AccountEntity } from '../modules/ledger/account.entity.js';
export const account = new AccountEntity();

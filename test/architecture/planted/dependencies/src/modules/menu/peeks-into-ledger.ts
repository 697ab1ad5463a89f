// breaks: modules-meet-at-the-door
import { AccountEntity } from '../ledger/account.entity.js';
export const account = new AccountEntity();

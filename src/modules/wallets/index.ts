export { WalletsModule } from './wallets.module.js';
export { CashShifts, type PointDrawers } from './cash-shifts.js';
export { WalletPeople } from './wallet-people.js';

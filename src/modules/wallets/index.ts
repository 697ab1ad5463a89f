export { WalletsModule } from './wallets.module.js';
export { CashShifts, type PointDrawers } from './cash-shifts.js';
export { FreeWallet, type TakenBack } from './free-wallet.js';
export { StoredValueSettings } from './stored-value-settings.js';
export { OpenCashShift } from './open-cash-shift.js';
export { WalletPeople } from './wallet-people.js';

import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { NoticesModule } from '../notices/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { CashShiftListQuery } from './cash-shift-list.query.js';
import { CashShifts } from './cash-shifts.js';
import { CloseCashShift } from './close-cash-shift.js';
import { CreditWallet } from './credit-wallet.js';
import { DebtListQuery } from './debt-list.query.js';
import { DeskDrawer } from './desk-drawer.js';
import { DeskMoneyController } from './desk-money.controller.js';
import { DrawerController } from './drawer.controller.js';
import { OpenCashShift } from './open-cash-shift.js';
import { StoredValueSettings } from './stored-value-settings.js';
import { TopUpWallet } from './top-up-wallet.js';
import { WalletPeople } from './wallet-people.js';

/** Stored value of seniors and the drawers of points: everything that moves own money and is not a meal. */
@Module({
  imports: [LedgerModule, NoticesModule, SeniorsModule, SitesModule],
  controllers: [DrawerController, DeskMoneyController],
  providers: [
    CashShiftListQuery, CashShifts, CloseCashShift, CreditWallet, DebtListQuery, DeskDrawer, OpenCashShift, StoredValueSettings, TopUpWallet, WalletPeople,
  ],
  exports: [CashShifts, WalletPeople],
})
export class WalletsModule {}

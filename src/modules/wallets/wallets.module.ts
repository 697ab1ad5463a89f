import { Module } from '@nestjs/common';
import { DevicesModule } from '../devices/index.js';
import { LedgerModule } from '../ledger/index.js';
import { NoticesModule } from '../notices/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { AskMoneyRequest } from './ask-money-request.js';
import { BankFilesController } from './bank-files.controller.js';
import { CashShiftListQuery } from './cash-shift-list.query.js';
import { CashShifts } from './cash-shifts.js';
import { BillImport } from './channels/bill-import.js';
import { ChannelOrders } from './channels/channel-orders.js';
import { ChannelRefundLists } from './channels/channel-refund-list.query.js';
import { FailedRefunds } from './channels/failed-refunds.js';
import { ChannelRefunds } from './channels/channel-refunds.js';
import { ChannelsController } from './channels/channels.controller.js';
import { HearChannel } from './channels/hear-channel.js';
import { PaymentChannels } from './channels/payment-channels.js';
import { ReconcileChannel } from './channels/reconcile-channel.js';
import { ReconciliationDays } from './channels/reconciliation-days.query.js';
import { SeniorCardBanks } from './channels/senior-card-bank.js';
import { SettleChannelOrder } from './channels/settle-channel-order.js';
import { UseSeniorCard } from './channels/use-senior-card.js';
import { CloseCashShift } from './close-cash-shift.js';
import { CreditWallet } from './credit-wallet.js';
import { DebtListQuery } from './debt-list.query.js';
import { DecideMoneyRequest } from './decide-money-request.js';
import { DeskDrawer } from './desk-drawer.js';
import { DeskMoneyController } from './desk-money.controller.js';
import { DrawerController } from './drawer.controller.js';
import { FreeWallet } from './free-wallet.js';
import { GiftMovements } from './gift-movements.query.js';
import { ImportBankFile } from './import-bank-file.js';
import { MoneyRequestListQuery } from './money-request-list.query.js';
import { MoneyRequestsController } from './money-requests.controller.js';
import { MoveGifts } from './move-gifts.js';
import { OpenCashShift } from './open-cash-shift.js';
import { PayOutRefund } from './pay-out-refund.js';
import { StatementReport } from './statement.query.js';
import { StoredValueSettings } from './stored-value-settings.js';
import { StreetSettings } from './street-settings.js';
import { TopUpWallet } from './top-up-wallet.js';
import { KioskSalesUntold } from './kiosk-sales-untold.js';
import { ValueWallet } from './value-wallet.js';
import { WalletDesk } from './wallet-desk.js';
import { WalletListQueries } from './wallet-list.query.js';
import { WalletMovements } from './wallet-movements.query.js';
import { WalletOverviewQuery } from './wallet-overview.query.js';
import { WalletPeople } from './wallet-people.js';
import { WalletReleaseList } from './wallet-release-list.query.js';
import { WalletReleasesController } from './wallet-releases.controller.js';
import { WalletSheets } from './wallet-sheets.js';
import { WalletsController } from './wallets.controller.js';

/** Stored value of seniors and the drawers of points: everything that moves own money and is not a meal. */
@Module({
  imports: [DevicesModule, LedgerModule, NoticesModule, SeniorsModule, SitesModule, SubsidyModule],
  controllers: [
    BankFilesController, ChannelsController, DeskMoneyController, DrawerController, MoneyRequestsController, WalletReleasesController, WalletsController,
  ],
  providers: [
    AskMoneyRequest, CashShiftListQuery, CashShifts, ChannelOrders, ChannelRefundLists, ChannelRefunds, FailedRefunds, CloseCashShift, CreditWallet, DebtListQuery, DecideMoneyRequest,
    BillImport, DeskDrawer, FreeWallet, GiftMovements, HearChannel, ImportBankFile, MoneyRequestListQuery, MoveGifts, OpenCashShift, PaymentChannels, PayOutRefund, ReconcileChannel, ReconciliationDays,
    SeniorCardBanks, SettleChannelOrder, StatementReport, StoredValueSettings, StreetSettings, TopUpWallet, KioskSalesUntold, UseSeniorCard, ValueWallet, WalletDesk,
    WalletListQueries, WalletMovements, WalletOverviewQuery, WalletPeople, WalletReleaseList, WalletSheets,
  ],
  exports: [CashShifts, FreeWallet, OpenCashShift, StoredValueSettings, WalletPeople],
})
export class WalletsModule {}

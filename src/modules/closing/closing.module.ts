import { Module } from '@nestjs/common';
import { DevicesModule } from '../devices/index.js';
import { LedgerModule } from '../ledger/index.js';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { OperatorsModule } from '../operators/index.js';
import { PaymentModule } from '../payment/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { WalletsModule } from '../wallets/index.js';
import { AdvanceController } from './advance.controller.js';
import { AdvanceDays } from './advance-days.query.js';
import { Advances } from './advances.js';
import { BillAgain } from './bill-again.js';
import { CarriedStops } from './carried-stops.query.js';
import { CloseIdleDays } from './close-idle-days.js';
import { CloseOverview } from './close-overview.query.js';
import { CloseRecord } from './close-record.js';
import { ClosedDays } from './closed-days.js';
import { ClosingSettingsBook } from './closing-settings-book.js';
import { ContractorBillDesk } from './contractor-bill-desk.js';
import { ContractorBills } from './contractor-bills.query.js';
import { ContractorController } from './contractor.controller.js';
import { ContractorRates } from './contractor-rates.js';
import { CountersignDay } from './countersign-day.js';
import { CloseOverviewController, DayCloseController } from './day-close.controller.js';
import { DayClosePage } from './day-close.query.js';
import { DayCounts } from './day-count.query.js';
import { DayFacts } from './day-facts.query.js';
import { DecideContractorBill } from './decide-contractor-bill.js';
import { DecidePaperLine } from './decide-paper-line.js';
import { EnterPaperList } from './enter-paper-list.js';
import { ImportContractorBill } from './import-contractor-bill.js';
import { LateLineList } from './late-line-list.query.js';
import { LateLines } from './late-lines.js';
import { MakePaperList } from './make-paper-list.js';
import { Objections } from './objections.js';
import { ContractorScope } from './contractor-scope.js';
import { PaperController } from './paper.controller.js';
import { PaperLists } from './paper-list.query.js';
import { Payables } from './payables.js';
import { PostPaperLine } from './post-paper-line.js';
import { RemindUnclosedDays } from './remind-unclosed-days.js';
import { SendBackDay } from './send-back-day.js';
import { SignDay } from './sign-day.js';
import { KiosksTold } from './kiosks-told.js';

/** The close of a point's day and what belongs to it: late lines, paper lists, contractors' bills, advances. */
@Module({
  imports: [DevicesModule, LedgerModule, MenuModule, NoticesModule, NutritionModule, OperatorsModule, PaymentModule, SeniorsModule, SitesModule, WalletsModule],
  controllers: [DayCloseController, CloseOverviewController, PaperController, ContractorController, AdvanceController],
  providers: [
    CloseIdleDays, CloseOverview, CloseRecord, ClosedDays, ClosingSettingsBook, CountersignDay, DayClosePage, DayCounts, DayFacts, LateLineList, LateLines,
    RemindUnclosedDays, SendBackDay, SignDay, DecidePaperLine, EnterPaperList, MakePaperList, PaperLists, PostPaperLine, AdvanceDays, Advances, BillAgain, CarriedStops,
    ContractorBillDesk, ContractorBills, ContractorRates, DecideContractorBill, ImportContractorBill, Objections, ContractorScope, Payables, KiosksTold,
  ],
  exports: [Advances, ClosedDays, LateLines, Payables, RemindUnclosedDays],
})
export class ClosingModule {}

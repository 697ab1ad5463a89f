import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { ClosingModule } from '../closing/index.js';
import { FacesModule } from '../faces/index.js';
import { LedgerModule } from '../ledger/index.js';
import { MenuModule } from '../menu/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { PaymentModule } from '../payment/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { DecideOfflineSale } from './decide-offline-sale.js';
import { EnvelopePurge } from './envelope-purge.js';
import { IssueEnvelope } from './issue-envelope.js';
import { KioskOfflineController, LastSalesController } from './kiosk-offline.controller.js';
import { OfflinePeople } from './offline-people.query.js';
import { OfflineReviewController } from './offline-review.controller.js';
import { OfflineReview } from './offline-review.query.js';
import { OfflineSaleStore } from './offline-sale-store.js';
import { OfflineSettingsBook } from './offline-settings-book.js';
import { OpenOrders } from './open-orders.query.js';
import { PanelWithoutNetwork } from './panel-without-network.js';
import { PostOfflineSale } from './post-offline-sale.js';
import { TakeOfflineSales } from './take-offline-sales.js';

/** Selling while the network is away: what a kiosk may do, what it did, and what finance makes of it. */
@Module({
  imports: [AccessModule, ClosingModule, FacesModule, LedgerModule, MenuModule, NutritionModule, PaymentModule, SeniorsModule, SitesModule],
  controllers: [KioskOfflineController, LastSalesController, OfflineReviewController],
  providers: [DecideOfflineSale, EnvelopePurge, IssueEnvelope, OfflinePeople, OfflineReview, OfflineSaleStore, OfflineSettingsBook, OpenOrders, PanelWithoutNetwork, PostOfflineSale, TakeOfflineSales],
})
export class OfflineModule {}

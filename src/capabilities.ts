import type { Type } from '@nestjs/common';
import { AccessModule } from './modules/access/index.js';
import { AuditModule } from './modules/audit/index.js';
import { CareModule } from './modules/care/index.js';
import { ClosingModule } from './modules/closing/index.js';
import { DevicesModule } from './modules/devices/index.js';
import { KitchenModule } from './modules/kitchen/index.js';
import { FacesModule } from './modules/faces/index.js';
import { DeliveryModule } from './modules/delivery/index.js';
import { DispatchModule } from './modules/dispatch/index.js';
import { ExceptionsModule } from './modules/exceptions/index.js';
import { FamilyModule } from './modules/family/index.js';
import { JournalModule } from './modules/journal/index.js';
import { KioskOrdersModule } from './modules/kiosk-orders/index.js';
import { LedgerModule } from './modules/ledger/index.js';
import { LifeEventsModule } from './modules/life-events/index.js';
import { MenuModule } from './modules/menu/index.js';
import { MenuPlanModule } from './modules/menu-plan/index.js';
import { NoticesModule } from './modules/notices/index.js';
import { NutritionModule } from './modules/nutrition/index.js';
import { OfflineModule } from './modules/offline/index.js';
import { OperatorsModule } from './modules/operators/index.js';
import { OrderingModule } from './modules/ordering/index.js';
import { PaymentModule } from './modules/payment/index.js';
import { ProductionModule } from './modules/production/index.js';
import { RecallModule } from './modules/recall/index.js';
import { RatingsModule } from './modules/ratings/index.js';
import { SeatingModule } from './modules/seating/index.js';
import { SeniorsModule } from './modules/seniors/index.js';
import { SettlementModule } from './modules/settlement/index.js';
import { SitesModule } from './modules/sites/index.js';
import { FoodSafetyModule } from './modules/food-safety/index.js';
import { StockModule } from './modules/stock/index.js';
import { SubsidyModule } from './modules/subsidy/index.js';
import { TreasuryModule } from './modules/treasury/index.js';
import { VolunteersModule } from './modules/volunteers/index.js';
import { WalletsModule } from './modules/wallets/index.js';

/** Every capability, one line each; both processes load them all, the worker adds the job consumers. */
export const CAPABILITIES: Type[] = [
  AccessModule,
  AuditModule,
  CareModule,
  ClosingModule,
  DevicesModule,
  KitchenModule,
  FacesModule,
  DeliveryModule,
  DispatchModule,
  ExceptionsModule,
  FamilyModule,
  JournalModule,
  KioskOrdersModule,
  LedgerModule,
  LifeEventsModule,
  MenuModule,
  MenuPlanModule,
  NoticesModule,
  NutritionModule,
  OfflineModule,
  OperatorsModule,
  OrderingModule,
  PaymentModule,
  ProductionModule,
  RecallModule,
  StockModule,
  FoodSafetyModule,
  RatingsModule,
  SeatingModule,
  SeniorsModule,
  SettlementModule,
  SitesModule,
  SubsidyModule,
  TreasuryModule,
  VolunteersModule,
  WalletsModule,
];

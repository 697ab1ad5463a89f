import { Module } from '@nestjs/common';
import { DevicesModule } from '../devices/index.js';
import { FacesModule } from '../faces/index.js';
import { LedgerModule } from '../ledger/index.js';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { OperatorsModule } from '../operators/index.js';
import { SeatingModule } from '../seating/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { WalletsModule } from '../wallets/index.js';
import { DeskController } from './desk.controller.js';
import { DeskCounter } from './desk-counter.js';
import { DeskIdentification } from './desk-identification.js';
import { DeskSalesQuery } from './desk-sales.query.js';
import { KioskCounter } from './kiosk-counter.js';
import { KioskDigitBrake } from './kiosk-digit-brake.js';
import { KioskIdentification } from './kiosk-identification.js';
import { KioskPaymentsController } from './kiosk-payments.controller.js';
import { MealClaims } from './meal-claims.js';
import { GiveUpPayment } from './give-up-payment.js';
import { MealPricing } from './meal-pricing.js';
import { NearestPoint } from './nearest-point.query.js';
import { OpenKioskPanel } from './open-kiosk-panel.js';
import { PaymentOutcome } from './payment-outcome.query.js';
import { RecordMeal } from './record-meal.js';
import { RefundAtDesk } from './refund-at-desk.js';
import { RefundMeal } from './refund-meal.js';
import { PinTickets } from './pin-tickets.js';
import { ReturnDebtPayment } from './return-debt-payment.js';
import { TakeBackDifference } from './take-back-difference.js';
import { RepriceMeal } from './reprice-meal.js';
import { ReverseMeal } from './reverse-meal.js';
import { SellDeliveredMeal } from './sell-delivered-meal.js';
import { SecondFactorBrake } from './second-factor-brake.js';
import { SeniorPinBrake } from './senior-pin-brake.js';
import { SellHeldMeal } from './sell-held-meal.js';
import { SellOfflineMeal } from './sell-offline-meal.js';
import { SellMeal } from './sell-meal.js';
import { ShortWallet } from './short-wallet.js';

/** Selling and refunding meals: at the kiosk, at the desk and at the door. */
@Module({
  imports: [DevicesModule, FacesModule, LedgerModule, MenuModule, NoticesModule, NutritionModule, OperatorsModule, SeatingModule, SeniorsModule, SitesModule, SubsidyModule, WalletsModule],
  controllers: [KioskPaymentsController, DeskController],
  providers: [
    MealClaims, MealPricing, NearestPoint, OpenKioskPanel, PaymentOutcome, GiveUpPayment, RecordMeal, SellMeal, ShortWallet, RefundAtDesk, RefundMeal, ReturnDebtPayment, TakeBackDifference, RepriceMeal, ReverseMeal, SellDeliveredMeal, SellHeldMeal, SellOfflineMeal,
    KioskIdentification, KioskCounter, PinTickets,
    DeskIdentification, DeskCounter, DeskSalesQuery, SecondFactorBrake, KioskDigitBrake, SeniorPinBrake,
  ],
  exports: [KioskIdentification, MealClaims, MealPricing, RepriceMeal, ReverseMeal, SellDeliveredMeal, SellHeldMeal, SellOfflineMeal],
})
export class PaymentModule {}

import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { SitesModule } from '../sites/index.js';
import { AdjustMeal } from './adjust-meal.js';
import { CancelOrder } from './cancel-order.js';
import { ClashSheetController } from './clash-sheet.controller.js';
import { ClashSheet } from './clash-sheet.query.js';
import { DecideClash } from './decide-clash.js';
import { MaterialisePlans } from './materialise-plans.js';
import { OrderBook } from './order-book.js';
import { OrderLists } from './order-list.query.js';
import { OrderScope } from './order-scope.js';
import { OrdersController, StandingPlansController } from './orders.controller.js';
import { PlaceOrder } from './place-order.js';
import { SeniorOrders } from './senior-orders.js';
import { StandingPlans } from './standing-plans.js';

@Module({
  imports: [MenuModule, NutritionModule, SitesModule],
  controllers: [ClashSheetController, OrdersController, StandingPlansController],
  providers: [AdjustMeal, ClashSheet, DecideClash, OrderBook, OrderLists, OrderScope, MaterialisePlans, PlaceOrder, CancelOrder, SeniorOrders, StandingPlans],
  exports: [OrderBook, SeniorOrders],
})
export class OrderingModule {}

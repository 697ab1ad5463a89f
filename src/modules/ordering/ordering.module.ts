import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { SitesModule } from '../sites/index.js';
import { AdjustMeal } from './adjust-meal.js';
import { CancelOrder } from './cancel-order.js';
import { ChangeDish } from './change-dish.js';
import { ClashSheetController } from './clash-sheet.controller.js';
import { ClashSheet } from './clash-sheet.query.js';
import { DishChangesController } from './dish-changes.controller.js';
import { DishChanges } from './dish-changes.query.js';
import { DecideClash } from './decide-clash.js';
import { LateOrdersController, OrderCutoffsController } from './late-orders.controller.js';
import { LateOrders } from './late-orders.js';
import { MaterialisePlans } from './materialise-plans.js';
import { OrderBook } from './order-book.js';
import { OrderCutoffs } from './order-cutoffs.js';
import { OrderLists } from './order-list.query.js';
import { OrdersAhead } from './orders-ahead.query.js';
import { OrderWeek } from './order-week.query.js';
import { OrderScope } from './order-scope.js';
import { OrdersController, StandingPlansController } from './orders.controller.js';
import { PlaceOrder } from './place-order.js';
import { StormOrders } from './storm-orders.js';
import { PlaceUrgentOrder } from './place-urgent-order.js';
import { SeniorOrders } from './senior-orders.js';
import { StandingPlans } from './standing-plans.js';

@Module({
  imports: [MenuModule, NoticesModule, NutritionModule, SitesModule],
  controllers: [ClashSheetController, DishChangesController, LateOrdersController, OrderCutoffsController, OrdersController, StandingPlansController],
  providers: [AdjustMeal, ChangeDish, DishChanges, LateOrders, OrderCutoffs, ClashSheet, DecideClash, OrderBook, OrderLists, OrderScope, OrdersAhead, OrderWeek, MaterialisePlans, PlaceOrder, PlaceUrgentOrder, StormOrders, CancelOrder, SeniorOrders, StandingPlans],
  exports: [CancelOrder, OrdersAhead, PlaceOrder, PlaceUrgentOrder, StormOrders, OrderBook, SeniorOrders],
})
export class OrderingModule {}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  cancelOrderAnswer, cancelOrderRequest, changeStandingPlanAnswer, createStandingPlanRequest, endStandingPlanRequest, orderCheckAnswer, orderCheckQuery, orderListAnswer, orderListQuery,
  pauseStandingPlanRequest, placeOrderAnswer, placeOrderRequest, standingPlanAnswer, standingPlanListAnswer, standingPlanListQuery,
  type CancelOrderAnswer, type CancelOrderRequest, type ChangeStandingPlanAnswer, type CreateStandingPlanRequest, type EndStandingPlanRequest, type OrderCheckAnswer, type OrderCheckQuery, type OrderListAnswer,
  type OrderListQuery, type PauseStandingPlanRequest, type PlaceOrderAnswer, type PlaceOrderRequest, type StandingPlanAnswer,
  type StandingPlanListAnswer, type StandingPlanListQuery,
} from '../../contract/ordering.js';
import { orderWeekAnswer, orderWeekQuery, type OrderWeekAnswer, type OrderWeekQuery } from '../../contract/order-week.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { CancelOrder } from './cancel-order.js';
import { ClashSheet } from './clash-sheet.query.js';
import { OrderLists } from './order-list.query.js';
import { OrderWeek } from './order-week.query.js';
import { PlaceOrder } from './place-order.js';
import { StandingPlans } from './standing-plans.js';

@Controller('orders')
export class OrdersController {
  constructor(
    private readonly lists: OrderLists, private readonly placeOrder: PlaceOrder, private readonly cancelOrder: CancelOrder, private readonly clashes: ClashSheet, private readonly weeks: OrderWeek,
  ) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'family', 'auditor')
  @ApiOperation({ operationId: 'listOrders', summary: 'Orders of a day and period' })
  @ApiResponse({ status: 200, standardSchema: orderListAnswer })
  list(@Query({ schema: orderListQuery }) query: OrderListQuery, @CurrentStaff() staff: StaffIdentity): Promise<OrderListAnswer> {
    return this.lists.orders(query, staff);
  }

  @Get('check')
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'checkOrder', summary: 'What of a set meal is against a person' })
  @ApiResponse({ status: 200, standardSchema: orderCheckAnswer })
  check(@Query({ schema: orderCheckQuery }) query: OrderCheckQuery, @CurrentStaff() staff: StaffIdentity): Promise<OrderCheckAnswer> {
    return this.clashes.check(query, staff);
  }

  @Get('week')
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'orderWeek', summary: 'Seven days of one senior: what stands, and what can be ordered until when' })
  @ApiResponse({ status: 200, standardSchema: orderWeekAnswer })
  week(@Query({ schema: orderWeekQuery }) query: OrderWeekQuery, @CurrentStaff() staff: StaffIdentity): Promise<OrderWeekAnswer> {
    return this.weeks.show(query, staff);
  }

  @Post()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'placeOrder', summary: 'Order one meal for a senior' })
  @ApiResponse({ status: 201, standardSchema: placeOrderAnswer })
  place(
    @Body({ schema: placeOrderRequest }) request: PlaceOrderRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<PlaceOrderAnswer> {
    return this.placeOrder.execute(request, staff, key);
  }

  @Post(':orderId/cancel')
  @HttpCode(200)
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'cancelOrder', summary: 'Cancel an order before its cut-off' })
  @ApiResponse({ status: 200, standardSchema: cancelOrderAnswer })
  cancel(
    @Param('orderId', ParseUUIDPipe) orderId: string, @Body({ schema: cancelOrderRequest }) _request: CancelOrderRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<CancelOrderAnswer> {
    return this.cancelOrder.execute(orderId, staff);
  }
}

@Controller('standing-plans')
export class StandingPlansController {
  constructor(private readonly lists: OrderLists, private readonly plans: StandingPlans) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'family', 'auditor')
  @ApiOperation({ operationId: 'listStandingPlans', summary: 'Meals until further notice' })
  @ApiResponse({ status: 200, standardSchema: standingPlanListAnswer })
  list(@Query({ schema: standingPlanListQuery }) query: StandingPlanListQuery, @CurrentStaff() staff: StaffIdentity): Promise<StandingPlanListAnswer> {
    return this.lists.standingPlans(query, staff);
  }

  @Post()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'createStandingPlan', summary: 'Meals on weekdays until further notice' })
  @ApiResponse({ status: 201, standardSchema: standingPlanAnswer })
  create(@Body({ schema: createStandingPlanRequest }) request: CreateStandingPlanRequest, @CurrentStaff() staff: StaffIdentity): Promise<StandingPlanAnswer> {
    return this.plans.create(request, staff);
  }

  @Post(':planId/pause')
  @HttpCode(200)
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'pauseStandingPlan', summary: 'Pause a standing plan, or take the pause away' })
  @ApiResponse({ status: 200, standardSchema: changeStandingPlanAnswer })
  pause(
    @Param('planId', ParseUUIDPipe) planId: string, @Body({ schema: pauseStandingPlanRequest }) request: PauseStandingPlanRequest,
    @CurrentStaff() staff: StaffIdentity,
  ): Promise<ChangeStandingPlanAnswer> {
    return this.plans.pause(planId, request, staff);
  }

  @Post(':planId/end')
  @HttpCode(200)
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'endStandingPlan', summary: 'End a standing plan from a day on' })
  @ApiResponse({ status: 200, standardSchema: changeStandingPlanAnswer })
  end(
    @Param('planId', ParseUUIDPipe) planId: string, @Body({ schema: endStandingPlanRequest }) request: EndStandingPlanRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<ChangeStandingPlanAnswer> {
    return this.plans.end(planId, request.from, staff);
  }
}

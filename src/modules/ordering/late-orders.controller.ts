import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  askLateOrderRequest, decideLateOrderRequest, lateOrderAnswer, lateOrderListAnswer, lateOrderQuery, orderCutoffsAnswer, setMealCutoffRequest, setOrderCutoffRequest,
  type AskLateOrderRequest, type DecideLateOrderRequest, type LateOrderAnswer, type LateOrderListAnswer, type LateOrderQuery, type OrderCutoffsAnswer, type SetMealCutoffRequest, type SetOrderCutoffRequest,
} from '../../contract/late-orders.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { LateOrders } from './late-orders.js';
import { OrderCutoffs } from './order-cutoffs.js';

/** Meals that were asked for after their cut-off. */
@Controller('late-orders')
export class LateOrdersController {
  constructor(private readonly late: LateOrders) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'family', 'auditor')
  @ApiOperation({ operationId: 'listLateOrders', summary: 'Who asked too late, and what was decided' })
  @ApiResponse({ status: 200, standardSchema: lateOrderListAnswer })
  list(@Query({ schema: lateOrderQuery }) query: LateOrderQuery, @CurrentStaff() staff: StaffIdentity): Promise<LateOrderListAnswer> {
    return this.late.list(query.day, staff);
  }

  @Post()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'family')
  @ApiOperation({ operationId: 'askLateOrder', summary: 'Ask for a meal after its cut-off' })
  @ApiResponse({ status: 201, standardSchema: lateOrderAnswer })
  ask(@Body({ schema: askLateOrderRequest }) request: AskLateOrderRequest, @CurrentStaff() staff: StaffIdentity): Promise<LateOrderAnswer> {
    return this.late.ask(request, staff);
  }

  @Post('decide')
  @HttpCode(200)
  @Access('kitchen', 'dispatcher', 'street')
  @ApiOperation({ operationId: 'decideLateOrder', summary: 'Take or refuse a meal that was asked for too late' })
  @ApiResponse({ status: 200, standardSchema: lateOrderAnswer })
  decide(@Body({ schema: decideLateOrderRequest }) request: DecideLateOrderRequest, @CurrentStaff() staff: StaffIdentity): Promise<LateOrderAnswer> {
    return this.late.decide(request, staff);
  }
}

/** Until when each channel takes orders. */
@Controller('order-cutoffs')
export class OrderCutoffsController {
  constructor(private readonly cutoffs: OrderCutoffs) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showOrderCutoffs', summary: 'Cut-offs by meal and channel' })
  @ApiResponse({ status: 200, standardSchema: orderCutoffsAnswer })
  show(@CurrentStaff() staff: StaffIdentity): Promise<OrderCutoffsAnswer> {
    return this.cutoffs.show(staff);
  }

  @Put()
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'setOrderCutoff', summary: 'Close a channel earlier than the kitchen' })
  @ApiResponse({ status: 200, standardSchema: orderCutoffsAnswer })
  set(@Body({ schema: setOrderCutoffRequest }) request: SetOrderCutoffRequest, @CurrentStaff() staff: StaffIdentity): Promise<OrderCutoffsAnswer> {
    return this.cutoffs.set(request, staff);
  }
  @Put('meals')
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'setMealCutoff', summary: 'Until when a meal is ordered at every point of the street' })
  @ApiResponse({ status: 200, standardSchema: orderCutoffsAnswer })
  setMeal(@Body({ schema: setMealCutoffRequest }) request: SetMealCutoffRequest, @CurrentStaff() staff: StaffIdentity): Promise<OrderCutoffsAnswer> {
    return this.cutoffs.setMeal(request, staff);
  }
}

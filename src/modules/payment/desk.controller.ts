import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  deskQuoteAnswer, deskQuoteRequest, deskRefundAnswer, deskRefundRequest, deskSaleRequest, deskSalesAnswer, deskSalesQuery,
  deskTodayAnswer, endedSaleAnswer, endSaleRequest, refundDecisionRequest, saleAnswer, type DeskQuoteAnswer, type DeskQuoteRequest,
  type DeskRefundAnswer, type DeskRefundRequest, type DeskSaleRequest, type DeskSalesAnswer, type DeskSalesAsked, type DeskTodayAnswer,
  type EndedSaleAnswer, type EndSaleRequest, type RefundDecisionRequest, type SaleAnswer,
} from '../../contract/desk.js';
import { Access } from '../../infra/http/access.decorator.js';
import { deskPointOf } from '../../infra/http/desk-point.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { DeskCounter } from './desk-counter.js';
import { GiveUpPayment } from './give-up-payment.js';
import { RefundAtDesk } from './refund-at-desk.js';

/** The assisted desk; the point is the attendant's own and never named in a request. */
@ApiTags('desk')
@Controller('desk')
export class DeskController {
  constructor(private readonly counter: DeskCounter, private readonly refunds: RefundAtDesk, private readonly giveUpPayment: GiveUpPayment) {}

  @Get('today')
  @Access('attendant')
  @ApiOperation({ operationId: 'deskToday', summary: 'What the attendant’s point serves now' })
  @ApiResponse({ status: 200, standardSchema: deskTodayAnswer })
  today(@CurrentStaff() staff: StaffIdentity): Promise<DeskTodayAnswer> {
    return this.counter.today(deskPointOf(staff));
  }

  @Post('quotes')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'deskQuote', summary: 'The price for a senior or for the public' })
  @ApiResponse({ status: 200, standardSchema: deskQuoteAnswer })
  quote(@CurrentStaff() staff: StaffIdentity, @Body({ schema: deskQuoteRequest }) request: DeskQuoteRequest): Promise<DeskQuoteAnswer> {
    return this.counter.quote(deskPointOf(staff), request);
  }

  @Post('sales')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'deskSell', summary: 'Sells one meal by hand' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: saleAnswer })
  sell(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: deskSaleRequest }) request: DeskSaleRequest): Promise<SaleAnswer> {
    return this.counter.sell(deskPointOf(staff), staff.staffId, key, request);
  }

  @Post('sales/end')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'deskGiveUpSale', summary: 'Gives an own sale up that had no answer: nothing is charged under its key from now on' })
  @ApiResponse({ status: 200, standardSchema: endedSaleAnswer })
  giveUp(@CurrentStaff() staff: StaffIdentity, @Body({ schema: endSaleRequest }) request: EndSaleRequest): Promise<EndedSaleAnswer> {
    return this.giveUpPayment.atDesk(staff.staffId, request.key);
  }

  @Get('sales')
  @Access('attendant')
  @ApiOperation({ operationId: 'deskSales', summary: 'The sales of the point today, newest first: searched by pick-up number, receipt number or name' })
  @ApiResponse({ status: 200, standardSchema: deskSalesAnswer })
  sales(@CurrentStaff() staff: StaffIdentity, @Query({ schema: deskSalesQuery }) query: DeskSalesAsked): Promise<DeskSalesAnswer> {
    return this.counter.salesOfDay(deskPointOf(staff), staff.staffId, query);
  }

  @Post('refunds')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'deskRefund', summary: 'Takes a meal back within its period' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: deskRefundAnswer })
  refund(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: deskRefundRequest }) request: DeskRefundRequest): Promise<DeskRefundAnswer> {
    return this.refunds.execute({ pointId: deskPointOf(staff), staffId: staff.staffId, key, request });
  }

  @Post('refunds/:mealId/decision')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'decideDeskRefund', summary: 'The second person decides on a refund beyond what one may give alone' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: deskRefundAnswer })
  decideRefund(
    @CurrentStaff() staff: StaffIdentity, @Param('mealId', ParseUUIDPipe) mealId: string, @IdempotencyKey() key: string,
    @Body({ schema: refundDecisionRequest }) request: RefundDecisionRequest,
  ): Promise<DeskRefundAnswer> {
    return this.refunds.decide({ pointId: deskPointOf(staff), staffId: staff.staffId, mealId, key, request });
  }
}

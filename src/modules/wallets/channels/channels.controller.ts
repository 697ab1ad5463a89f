import { Body, Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { doneAnswer, type DoneAnswer } from '../../../contract/access.js';
import {
  billFileRequest, bindSeniorCardRequest, cardAnswer, channelOrderAnswer, channelOrderRequest, channelOrdersAnswer, channelRefundByBankRequest, channelRefundsAnswer, channelRefundsQuery, familyChannelsAnswer, familyTopUpRequest, lostCardRequest, reconcileRequest, reconciliationAnswer,
  reconciliationDaysAnswer, reconciliationDaysQuery, reconciliationQuery, seniorCardTopUpAnswer, seniorCardTopUpRequest, settleDifferenceRequest, type BillFileRequest, type BindSeniorCardRequest,
  type ChannelOrdersAnswer, type ChannelRefundByBankRequest, type ChannelRefundsAnswer, type ChannelRefundsQuery, type ReconciliationDaysAnswer, type ReconciliationDaysQuery, type SettleDifferenceRequest, type CardAnswer, type ChannelOrderAnswer, type ChannelOrderRequest,
  type FamilyChannelsAnswer, type FamilyTopUpRequest, type LostCardRequest, type ReconcileRequest, type ReconciliationAnswer, type SeniorCardTopUpAnswer, type SeniorCardTopUpRequest,
} from '../../../contract/payment-channels.js';
import { moneyRequestAnswer, type MoneyRequestAnswer } from '../../../contract/wallets.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { Access, PublicRoute } from '../../../infra/http/access.decorator.js';
import { deskPointOf } from '../../../infra/http/desk-point.js';
import { CurrentStaff, IdempotencyKey, type AppRequest, type StaffIdentity } from '../../../infra/http/request-context.js';
import { PointScope } from '../../sites/index.js';
import { AskMoneyRequest } from '../ask-money-request.js';
import { BillImport } from './bill-import.js';
import { ChannelOrders } from './channel-orders.js';
import { ChannelRefundLists } from './channel-refund-list.query.js';
import { FailedRefunds } from './failed-refunds.js';
import { HearChannel } from './hear-channel.js';
import { PaymentChannels } from './payment-channels.js';
import { ReconcileChannel } from './reconcile-channel.js';
import { ReconciliationDays } from './reconciliation-days.query.js';
import { SeniorCardBanks } from './senior-card-bank.js';
import { UseSeniorCard } from './use-senior-card.js';

/** Payment channels: orders of desk and family, cards, bills, and what the platforms tell us. */
@ApiTags('channels')
@Controller()
export class ChannelsController {
  constructor(
    private readonly orders: ChannelOrders, private readonly channels: PaymentChannels, private readonly hearing: HearChannel, private readonly cards: UseSeniorCard,
    private readonly reconciling: ReconcileChannel, private readonly points: PointScope, private readonly bills: BillImport, private readonly days: ReconciliationDays,
    private readonly banks: SeniorCardBanks, private readonly refunds: ChannelRefundLists, private readonly failed: FailedRefunds, private readonly asking: AskMoneyRequest,
  ) {}

  @Post('channel-orders')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'createChannelOrder', summary: 'A QR code that pays into a senior’s wallet' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: channelOrderAnswer })
  create(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: channelOrderRequest }) request: ChannelOrderRequest): Promise<ChannelOrderAnswer> {
    return this.orders.create(staff, key, request);
  }

  @Get('channel-orders/:channelOrderId')
  @Access('attendant', 'family', 'finance')
  @ApiOperation({ operationId: 'channelOrder', summary: 'Whether an order is paid' })
  @ApiResponse({ status: 200, standardSchema: channelOrderAnswer })
  read(@CurrentStaff() staff: StaffIdentity, @Param('channelOrderId', ParseUUIDPipe) channelOrderId: string): Promise<ChannelOrderAnswer> {
    return this.orders.read(staff, channelOrderId);
  }

  @Post('channel-orders/:channelOrderId/ask')
  @HttpCode(200)
  @Access('attendant', 'family', 'finance')
  @ApiOperation({ operationId: 'askChannelOrder', summary: 'Asks the channel now' })
  @ApiResponse({ status: 200, standardSchema: channelOrderAnswer })
  ask(@CurrentStaff() staff: StaffIdentity, @Param('channelOrderId', ParseUUIDPipe) channelOrderId: string): Promise<ChannelOrderAnswer> {
    return this.orders.refresh(staff, channelOrderId);
  }

  @Post('channel-orders/:channelOrderId/cancel')
  @HttpCode(200)
  @Access('attendant', 'family')
  @ApiOperation({ operationId: 'cancelChannelOrder', summary: 'Calls an order off, unless it is paid' })
  @ApiResponse({ status: 200, standardSchema: channelOrderAnswer })
  cancel(@CurrentStaff() staff: StaffIdentity, @Param('channelOrderId', ParseUUIDPipe) channelOrderId: string): Promise<ChannelOrderAnswer> {
    return this.orders.cancel(staff, channelOrderId);
  }

  @Get('wallets/:seniorId/channel-orders')
  @Access('administrator', 'street', 'finance', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'listChannelOrders', summary: 'The newest orders that pay into a wallet' })
  @ApiResponse({ status: 200, standardSchema: channelOrdersAnswer })
  async ordersOf(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string): Promise<ChannelOrdersAnswer> {
    return { channels: this.channels.names(), seniorCardBank: this.banks.bank?.name ?? null, orders: await this.orders.listFor(staff, seniorId) };
  }

  @Get('family/channels')
  @Access('family')
  @ApiOperation({ operationId: 'familyChannels', summary: 'What the family can pay with, and its newest orders' })
  @ApiResponse({ status: 200, standardSchema: familyChannelsAnswer })
  async familyChannels(@CurrentStaff() staff: StaffIdentity): Promise<FamilyChannelsAnswer> {
    return { channels: this.channels.names(), orders: await this.orders.ofSenior(staff.scopeId) };
  }

  @Post('family/top-ups')
  @HttpCode(200)
  @Access('family')
  @ApiOperation({ operationId: 'familyTopUp', summary: 'A QR code that pays into the own senior’s wallet' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: channelOrderAnswer })
  familyTopUp(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: familyTopUpRequest }) request: FamilyTopUpRequest): Promise<ChannelOrderAnswer> {
    return this.orders.create(staff, key, { ...request, seniorId: staff.scopeId });
  }

  @Post('desk/senior-card-top-ups')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'seniorCardTopUp', summary: 'Money from the bank’s senior card into the wallet' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: seniorCardTopUpAnswer })
  seniorCard(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: seniorCardTopUpRequest }) request: SeniorCardTopUpRequest): Promise<SeniorCardTopUpAnswer> {
    return this.cards.topUp(staff, deskPointOf(staff), key, request);
  }

  @Post('wallets/:seniorId/senior-card')
  @HttpCode(200)
  @Access('attendant', 'street')
  @ApiOperation({ operationId: 'bindSeniorCard', summary: 'The bank’s card becomes a second credential' })
  @ApiResponse({ status: 200, standardSchema: cardAnswer })
  bind(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @Body({ schema: bindSeniorCardRequest }) request: BindSeniorCardRequest): Promise<CardAnswer> {
    return this.cards.bind(staff, seniorId, request.cardNo);
  }

  @Post('wallets/:seniorId/lost-card')
  @HttpCode(200)
  @Access('attendant', 'street')
  @ApiOperation({ operationId: 'replaceLostCard', summary: 'Blocks the street’s cards at once and gives a new one' })
  @ApiResponse({ status: 200, standardSchema: cardAnswer })
  lost(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @Body({ schema: lostCardRequest }) request: LostCardRequest): Promise<CardAnswer> {
    return this.cards.replaceLost(staff, seniorId, request);
  }

  @Get('channel-refunds')
  @Access('finance', 'auditor')
  @ApiOperation({ operationId: 'channelRefunds', summary: 'What payment channels owe back, those they gave up first' })
  @ApiResponse({ status: 200, standardSchema: channelRefundsAnswer })
  channelRefunds(@CurrentStaff() staff: StaffIdentity, @Query({ schema: channelRefundsQuery }) query: ChannelRefundsQuery): Promise<ChannelRefundsAnswer> {
    return this.refunds.list(staff, query);
  }

  @Post('channel-refunds/:channelRefundId/again')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'sendChannelRefundAgain', summary: 'Sends a refund again that the channel gave up, under the same number' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async refundAgain(@CurrentStaff() staff: StaffIdentity, @Param('channelRefundId', ParseUUIDPipe) channelRefundId: string): Promise<DoneAnswer> {
    await this.failed.sendAgain(staff, channelRefundId);
    return { done: true };
  }

  @Post('channel-refunds/:channelRefundId/bank-requests')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'askChannelRefundByBank', summary: 'Asks for a refund by bank that the channel gave up; another person decides' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  refundByBank(
    @CurrentStaff() staff: StaffIdentity, @Param('channelRefundId', ParseUUIDPipe) channelRefundId: string, @Body({ schema: channelRefundByBankRequest }) request: ChannelRefundByBankRequest,
  ): Promise<MoneyRequestAnswer> {
    return this.asking.channelRefund(staff, channelRefundId, request);
  }

  @Get('reconciliations/days')
  @Access('finance', 'auditor')
  @ApiOperation({ operationId: 'reconciliationDays', summary: 'A month of channel bills, day by day' })
  @ApiResponse({ status: 200, standardSchema: reconciliationDaysAnswer })
  async reconciliationDays(@CurrentStaff() staff: StaffIdentity, @Query({ schema: reconciliationDaysQuery }) query: ReconciliationDaysQuery): Promise<ReconciliationDaysAnswer> {
    return this.days.month(query.month, await this.points.points(staff));
  }

  @Post('reconciliations/files')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'importChannelBill', summary: 'Reads a channel’s bill that finance fetched by itself, and matches it' })
  @ApiResponse({ status: 200, standardSchema: reconciliationAnswer })
  async billFile(@CurrentStaff() staff: StaffIdentity, @Body({ schema: billFileRequest }) request: BillFileRequest): Promise<ReconciliationAnswer> {
    return this.bills.read(staff, await this.points.points(staff), request);
  }

  @Post('reconciliations/settle')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'settleChannelDifference', summary: 'What became of a difference between bill and orders' })
  @ApiResponse({ status: 200, standardSchema: reconciliationAnswer })
  async settle(@CurrentStaff() staff: StaffIdentity, @Body({ schema: settleDifferenceRequest }) request: SettleDifferenceRequest): Promise<ReconciliationAnswer> {
    return this.bills.settle(staff, await this.points.points(staff), request);
  }

  @Get('reconciliations')
  @Access('finance', 'auditor')
  @ApiOperation({ operationId: 'reconciliation', summary: 'A channel’s bill of a day as it was matched' })
  @ApiResponse({ status: 200, standardSchema: reconciliationAnswer })
  async reconciliation(@CurrentStaff() staff: StaffIdentity, @Query({ schema: reconciliationQuery }) query: ReconcileRequest): Promise<ReconciliationAnswer> {
    return this.reconciling.read(await this.points.points(staff), query.channel, query.day as BusinessDay);
  }

  @Post('reconciliations')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'reconcileChannel', summary: 'Fetches a channel’s bill of a day and matches it' })
  @ApiResponse({ status: 200, standardSchema: reconciliationAnswer })
  async reconcile(@CurrentStaff() staff: StaffIdentity, @Body({ schema: reconcileRequest }) request: ReconcileRequest): Promise<ReconciliationAnswer> {
    return this.reconciling.execute(staff, await this.points.points(staff), request.channel, request.day as BusinessDay);
  }

  @Post('payment-channels/wechat/notify')
  @HttpCode(200)
  @Header('Content-Type', 'application/json')
  @PublicRoute()
  @ApiOperation({ operationId: 'wechatNotify', summary: 'What WeChat Pay tells; believed by its signature only' })
  @ApiResponse({ status: 200, description: 'Dealt with' })
  wechat(@Req() request: AppRequest): Promise<string> {
    return this.hearing.execute('wechat', { headers: request.headers, rawBody: request.rawBody?.toString('utf8') ?? '' });
  }

  @Post('payment-channels/alipay/notify')
  @HttpCode(200)
  @Header('Content-Type', 'text/plain')
  @PublicRoute()
  @ApiOperation({ operationId: 'alipayNotify', summary: 'What Alipay tells; believed by its signature only' })
  @ApiResponse({ status: 200, description: 'Dealt with' })
  alipay(@Req() request: AppRequest): Promise<string> {
    return this.hearing.execute('alipay', { headers: request.headers, rawBody: request.rawBody?.toString('utf8') ?? '' });
  }
}

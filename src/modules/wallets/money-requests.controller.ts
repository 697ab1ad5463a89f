import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  decideRequest, moneyRequestAnswer, moneyRequestsAnswer, moneyRequestsQuery, payeeAnswer, payoutRequest, refundRequest, undoTopUpRequest, writeOffRequest, type DecideRequest,
  type MoneyRequestAnswer, type MoneyRequestsAnswer, type MoneyRequestsQuery, type PayeeAnswer, type PayoutRequest, type RefundRequest, type UndoTopUpRequest, type WriteOffRequest,
} from '../../contract/wallets.js';
import { doneAnswer, type DoneAnswer } from '../../contract/access.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { AskMoneyRequest } from './ask-money-request.js';
import { ChannelRefunds } from './channels/channel-refunds.js';
import { DecideMoneyRequest } from './decide-money-request.js';
import { MoneyRequestListQuery } from './money-request-list.query.js';
import { PayOutRefund } from './pay-out-refund.js';

/** What two people must agree on: refunds, debts given up, top-ups undone. */
@ApiTags('wallets')
@Controller()
export class MoneyRequestsController {
  constructor(
    private readonly asking: AskMoneyRequest, private readonly deciding: DecideMoneyRequest, private readonly requests: MoneyRequestListQuery, private readonly channelRefunds: ChannelRefunds,
    private readonly payouts: PayOutRefund,
  ) {}

  @Post('wallets/:seniorId/refund-requests')
  @HttpCode(200)
  @Access('attendant', 'street', 'finance')
  @ApiOperation({ operationId: 'askRefund', summary: 'Asks for a refund of own money' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  askRefund(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @Body({ schema: refundRequest }) request: RefundRequest): Promise<MoneyRequestAnswer> {
    return this.asking.refund(staff, seniorId, request);
  }

  @Post('wallets/:seniorId/write-off-requests')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'askWriteOff', summary: 'Asks to give up a debt' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  askWriteOff(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @Body({ schema: writeOffRequest }) request: WriteOffRequest): Promise<MoneyRequestAnswer> {
    return this.asking.writeOff(staff, seniorId, request);
  }

  @Post('top-ups/:topUpId/undo-requests')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'askUndoTopUp', summary: 'Asks to undo a top-up of today' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  askUndo(@CurrentStaff() staff: StaffIdentity, @Param('topUpId', ParseUUIDPipe) topUpId: string, @Body({ schema: undoTopUpRequest }) request: UndoTopUpRequest): Promise<MoneyRequestAnswer> {
    return this.asking.undoTopUp(staff, topUpId, request);
  }

  @Post('money-requests/:requestId/undo-requests')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'askUndoWriteOff', summary: 'Asks to make a debt owed again that was written off' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  askUndoWriteOff(@CurrentStaff() staff: StaffIdentity, @Param('requestId', ParseUUIDPipe) requestId: string, @Body({ schema: undoTopUpRequest }) request: UndoTopUpRequest): Promise<MoneyRequestAnswer> {
    return this.asking.undoWriteOff(staff, requestId, request);
  }

  @Get('money-requests')
  @Access('attendant', 'street', 'finance', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'listMoneyRequests', summary: 'What waits for a second person, and what was decided' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestsAnswer })
  list(@CurrentStaff() staff: StaffIdentity, @Query({ schema: moneyRequestsQuery }) query: MoneyRequestsQuery): Promise<MoneyRequestsAnswer> {
    return this.requests.list(staff, query);
  }

  @Post('money-requests/:requestId/approve')
  @HttpCode(200)
  @Access('attendant', 'street', 'finance')
  @ApiOperation({ operationId: 'approveMoneyRequest', summary: 'The second person lets the money move' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  async approve(@CurrentStaff() staff: StaffIdentity, @Param('requestId', ParseUUIDPipe) requestId: string, @IdempotencyKey() key: string, @Body({ schema: decideRequest }) request: DecideRequest): Promise<MoneyRequestAnswer> {
    const answer = await this.deciding.approve(staff, requestId, key, request);
    await this.channelRefunds.sendDue();
    return answer;
  }

  @Post('money-requests/:requestId/refuse')
  @HttpCode(200)
  @Access('attendant', 'street', 'finance')
  @ApiOperation({ operationId: 'refuseMoneyRequest', summary: 'The second person refuses' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  refuse(@CurrentStaff() staff: StaffIdentity, @Param('requestId', ParseUUIDPipe) requestId: string, @Body({ schema: decideRequest }) request: DecideRequest): Promise<MoneyRequestAnswer> {
    return this.deciding.refuse(staff, requestId, request);
  }

  @Post('money-requests/:requestId/payout')
  @HttpCode(200)
  @Access('finance', 'attendant')
  @ApiOperation({ operationId: 'markPayout', summary: 'A refund reached the person, with its reference' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async payout(@CurrentStaff() staff: StaffIdentity, @Param('requestId', ParseUUIDPipe) requestId: string, @Body({ schema: payoutRequest }) request: PayoutRequest): Promise<DoneAnswer> {
    await this.payouts.execute(staff, requestId, request);
    return { done: true };
  }

  @Post('money-requests/:requestId/payee')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'showPayee', summary: 'The bank account that a refund is paid to, in full' })
  @ApiResponse({ status: 200, standardSchema: payeeAnswer })
  payee(@CurrentStaff() staff: StaffIdentity, @Param('requestId', ParseUUIDPipe) requestId: string): Promise<PayeeAnswer> {
    return this.payouts.payee(staff, requestId);
  }
}

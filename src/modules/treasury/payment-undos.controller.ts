import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { askUndoRequest, decideUndoRequest, paymentUndo, paymentUndosAnswer, type AskUndoRequest, type DecideUndoRequest, type PaymentUndo, type PaymentUndosAnswer } from '../../contract/payment-undo.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { UndoPayment } from './undo-payment.js';

/** Payments and receipts that the bank sent back or that were entered wrongly. */
@ApiTags('treasury')
@Controller('treasury/undos')
export class PaymentUndosController {
  constructor(private readonly undo: UndoPayment) {}

  @Get()
  @Access('finance', 'street', 'auditor')
  @ApiOperation({ operationId: 'listPaymentUndos', summary: 'Payments and receipts that were asked to be taken back' })
  @ApiResponse({ status: 200, standardSchema: paymentUndosAnswer })
  list(@CurrentStaff() staff: StaffIdentity): Promise<PaymentUndosAnswer> {
    return this.undo.list(staff);
  }

  @Post()
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'askPaymentUndo', summary: 'Asks to take a payment or receipt back' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: paymentUndo })
  ask(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: askUndoRequest }) request: AskUndoRequest): Promise<PaymentUndo> {
    return this.undo.ask(staff, key, request);
  }

  @Post(':undoId/decision')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'decidePaymentUndo', summary: 'Another person takes the payment or receipt back, or refuses' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: paymentUndo })
  decide(
    @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Param('undoId', ParseUUIDPipe) undoId: string, @Body({ schema: decideUndoRequest }) request: DecideUndoRequest,
  ): Promise<PaymentUndo> {
    return this.undo.decide(staff, key, undoId, request);
  }
}

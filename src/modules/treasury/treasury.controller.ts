import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  decideReceiptRequest, draftOwnPartRequest, ownPartSettlement, ownPartsAnswer, ownPartsQuery, payOwnPartRequest, recordReceiptRequest, transitAnswer, transitMovementsAnswer, transitMovementsQuery,
  transitQuery, transitReceiptRow,
  type DecideReceiptRequest, type DraftOwnPartRequest, type OwnPartSettlement, type OwnPartsAnswer, type OwnPartsQuery, type PayOwnPartRequest, type RecordReceiptRequest,
  type TransitAnswer, type TransitMovementsAnswer, type TransitMovementsQuery, type TransitQuery, type TransitReceiptRow,
} from '../../contract/treasury.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { addMonths, monthOfDay, parseMonth } from '../../domain/settlement/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { fileAnswer, XLSX } from '../../infra/sheets/file-answer.js';
import { PointScope } from '../sites/index.js';
import { MoneyInTransit } from './money-in-transit.query.js';
import { RecordReceipt } from './record-receipt.js';
import { SettleOwnParts } from './settle-own-parts.js';
import { streetOf } from './street-of.js';
import { TransitMovements } from './transit-movements.query.js';
import { TreasurySheets } from './treasury-sheets.js';

/** The street's money at the bank: what is on its way there, and what leaves it for operators besides their claims. */
@ApiTags('treasury')
@Controller('treasury')
export class TreasuryController {
  constructor(
    private readonly transit: MoneyInTransit, private readonly receipts: RecordReceipt, private readonly settling: SettleOwnParts, private readonly movements: TransitMovements,
    private readonly sheets: TreasurySheets, private readonly points: PointScope, private readonly clock: Clock,
  ) {}

  @Get('transit')
  @Access('finance', 'street', 'auditor')
  @ApiOperation({ operationId: 'moneyInTransit', summary: 'Money paid by code that the bank has not got yet, and what arrived' })
  @ApiResponse({ status: 200, standardSchema: transitAnswer })
  inTransit(@CurrentStaff() staff: StaffIdentity, @Query({ schema: transitQuery }) query: TransitQuery): Promise<TransitAnswer> {
    const throughDay = (query.throughDay ?? addDays(this.clock.today(), -1)) as BusinessDay;
    return this.transit.answer(streetOf(staff), throughDay, { staffId: staff.staffId, mayDecide: staff.role === 'finance' });
  }

  @Get('transit.xlsx')
  @Access('finance', 'street', 'auditor')
  @ApiOperation({ operationId: 'exportMoneyInTransit', summary: 'Money in transit and receipts as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async transitFile(@CurrentStaff() staff: StaffIdentity, @Query({ schema: transitQuery }) query: TransitQuery): Promise<StreamableFile> {
    return fileAnswer(await this.sheets.transit(await this.inTransit(staff, query), staff));
  }

  @Get('transit/movements')
  @Access('finance', 'street', 'auditor')
  @ApiOperation({ operationId: 'moneyInTransitMovements', summary: 'Each sale, top-up, refund and receipt that money in transit is made of' })
  @ApiResponse({ status: 200, standardSchema: transitMovementsAnswer })
  async moved(@CurrentStaff() staff: StaffIdentity, @Query({ schema: transitMovementsQuery }) query: TransitMovementsQuery): Promise<TransitMovementsAnswer> {
    streetOf(staff);
    await this.points.narrowed(staff, query.pointId);
    return this.movements.list(query);
  }

  @Post('receipts')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'recordTransitReceipt', summary: 'Money on its way has arrived at the bank' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: transitReceiptRow })
  record(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: recordReceiptRequest }) request: RecordReceiptRequest): Promise<TransitReceiptRow> {
    return this.receipts.execute(staff, key, request);
  }

  @Post('receipts/:receiptId/decision')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'decideTransitReceipt', summary: 'Another person confirms a receipt with a difference, or refuses it' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: transitReceiptRow })
  decide(
    @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Param('receiptId', ParseUUIDPipe) receiptId: string, @Body({ schema: decideReceiptRequest }) request: DecideReceiptRequest,
  ): Promise<TransitReceiptRow> {
    return this.receipts.decide(staff, key, receiptId, request);
  }

  @Get('own-parts')
  @Access('finance', 'street', 'auditor')
  @ApiOperation({ operationId: 'ownParts', summary: 'What diners paid themselves and operators have not got yet' })
  @ApiResponse({ status: 200, standardSchema: ownPartsAnswer })
  ownParts(@CurrentStaff() staff: StaffIdentity, @Query({ schema: ownPartsQuery }) query: OwnPartsQuery): Promise<OwnPartsAnswer> {
    const month = query.month === undefined ? addMonths(monthOfDay(this.clock.today()), -1) : parseMonth(query.month);
    return this.settling.list(staff, month);
  }

  @Get('own-parts.xlsx')
  @Access('finance', 'street', 'auditor')
  @ApiOperation({ operationId: 'exportOwnParts', summary: 'Own parts due to operators as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async ownPartsFile(@CurrentStaff() staff: StaffIdentity, @Query({ schema: ownPartsQuery }) query: OwnPartsQuery): Promise<StreamableFile> {
    return fileAnswer(await this.sheets.ownParts(await this.ownParts(staff, query), staff));
  }

  @Post('own-parts')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'draftOwnParts', summary: 'Drafts what an operator gets of diners’ own parts' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: ownPartSettlement })
  draft(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: draftOwnPartRequest }) request: DraftOwnPartRequest): Promise<OwnPartSettlement> {
    return this.settling.draft(staff, key, request);
  }

  @Post('own-parts/:settlementId/payment')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'payOwnParts', summary: 'Another person records that own parts were paid' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: ownPartSettlement })
  pay(
    @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Param('settlementId', ParseUUIDPipe) settlementId: string, @Body({ schema: payOwnPartRequest }) request: PayOwnPartRequest,
  ): Promise<OwnPartSettlement> {
    return this.settling.pay(staff, key, settlementId, request);
  }

  @Post('own-parts/:settlementId/withdrawal')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'withdrawOwnParts', summary: 'Takes a draft of own parts back' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: ownPartSettlement })
  withdraw(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Param('settlementId', ParseUUIDPipe) settlementId: string): Promise<OwnPartSettlement> {
    return this.settling.withdraw(staff, key, settlementId);
  }
}

import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { debtPaymentRequest, deskTopUpAnswer, deskTopUpRequest, type DebtPaymentRequest, type DeskTopUpAnswer, type DeskTopUpRequest } from '../../contract/desk.js';
import { debtsAnswer, debtsQuery, type DebtsAnswer, type DebtsQuery } from '../../contract/wallets.js';
import { Access } from '../../infra/http/access.decorator.js';
import { deskPointOf } from '../../infra/http/desk-point.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { DebtListQuery } from './debt-list.query.js';
import { TopUpWallet } from './top-up-wallet.js';

/** Money over the counter that is no meal: top-ups and debts. */
@ApiTags('desk')
@Controller()
export class DeskMoneyController {
  constructor(private readonly topUpWallet: TopUpWallet, private readonly debts: DebtListQuery, private readonly points: PointScope) {}

  @Post('desk/top-ups')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'deskTopUp', summary: 'Takes a senior’s money: what is owed first, the rest into the wallet' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: deskTopUpAnswer })
  topUp(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: deskTopUpRequest }) request: DeskTopUpRequest): Promise<DeskTopUpAnswer> {
    return this.topUpWallet.execute({ pointId: deskPointOf(staff), staffId: staff.staffId, key, request });
  }

  @Post('desk/debt-payments')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'payDebt', summary: 'Takes money for delivered meals that are still owed' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: deskTopUpAnswer })
  payDebt(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: debtPaymentRequest }) request: DebtPaymentRequest): Promise<DeskTopUpAnswer> {
    return this.topUpWallet.payDebt({ pointId: deskPointOf(staff), staffId: staff.staffId, key, request });
  }

  @Get('debts')
  @Access('finance', 'street', 'administrator', 'auditor', 'attendant')
  @ApiOperation({ operationId: 'listDebts', summary: 'What seniors owe for delivered meals, by age' })
  @ApiResponse({ status: 200, standardSchema: debtsAnswer })
  async debtList(@CurrentStaff() staff: StaffIdentity, @Query({ schema: debtsQuery }) query: DebtsQuery): Promise<DebtsAnswer> {
    return this.debts.list(query, await this.points.narrowed(staff, query.pointId));
  }
}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  advanceAnswer, advancesAnswer, advancesQuery, decideAdvanceRequest, payAdvanceRequest, requestAdvanceRequest, type AdvanceAnswer, type AdvancesAnswer, type AdvancesQuery,
  type DecideAdvanceRequest, type PayAdvanceRequest, type RequestAdvanceRequest,
} from '../../contract/contractor.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { Advances } from './advances.js';
import { ContractorScope } from './contractor-scope.js';

/** Advances on closed days. */
@ApiTags('contractor')
@Controller('advances')
export class AdvanceController {
  constructor(private readonly scope: ContractorScope, private readonly advances: Advances) {}

  @Get()
  @Access('contractor', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listAdvances', summary: 'Requests, and what could be asked for now' })
  @ApiResponse({ status: 200, standardSchema: advancesAnswer })
  async list(@Query({ schema: advancesQuery }) query: AdvancesQuery, @CurrentStaff() staff: StaffIdentity): Promise<AdvancesAnswer> {
    return this.advances.list(await this.scope.some(staff, query.operatorId), staff);
  }

  @Post()
  @HttpCode(200)
  @Access('contractor', 'street')
  @ApiOperation({ operationId: 'requestAdvance', summary: 'Asks for an advance on closed days of one street and month' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: advanceAnswer })
  async ask(
    @Body({ schema: requestAdvanceRequest }) request: RequestAdvanceRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<AdvanceAnswer> {
    return { advance: await this.advances.ask(request, staff, key) };
  }

  @Post(':advanceId/decide')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'decideAdvance', summary: 'Approves (two people) or refuses an advance' })
  @ApiResponse({ status: 200, standardSchema: advanceAnswer })
  async decide(
    @Param('advanceId', ParseUUIDPipe) advanceId: string, @Body({ schema: decideAdvanceRequest }) request: DecideAdvanceRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<AdvanceAnswer> {
    return { advance: await this.advances.decide(advanceId, request, staff) };
  }

  @Post(':advanceId/payment')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'payAdvance', summary: 'Records that the bank paid an approved advance; posts it' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: advanceAnswer })
  async pay(
    @Param('advanceId', ParseUUIDPipe) advanceId: string, @Body({ schema: payAdvanceRequest }) request: PayAdvanceRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<AdvanceAnswer> {
    return { advance: await this.advances.pay(advanceId, request, staff, key) };
  }
}

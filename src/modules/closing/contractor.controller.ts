import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  answerObjectionRequest, contractorBillAnswer, contractorBillPreview, contractorBillRequest, contractorBillsAnswer, contractorBillsQuery, contractorRatesAnswer, decideRateRequest,
  contractorStopsAnswer, contractorStopsQuery, decideBillRequest, objectionAnswer, objectionsAnswer, objectionsQuery, raiseObjectionRequest, setContractorRateRequest,
  type AnswerObjectionRequest, type ContractorBillAnswer, type ContractorBillPreview, type ContractorBillRequest, type ContractorBillsAnswer, type ContractorBillsQuery,
  type ContractorRatesAnswer, type DecideRateRequest, type ContractorStopsAnswer, type ContractorStopsQuery, type ObjectionAnswer, type ObjectionsAnswer, type ObjectionsQuery,
  type RaiseObjectionRequest, type SetContractorRateRequest,
} from '../../contract/contractor.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { CarriedStops } from './carried-stops.query.js';
import { ContractorBillDesk } from './contractor-bill-desk.js';
import { ContractorRates } from './contractor-rates.js';
import { Objections } from './objections.js';
import { ContractorScope, streetOf } from './contractor-scope.js';

/** A contractor's stops, objections and bills; the street's side of them. */
@ApiTags('contractor')
@Controller()
export class ContractorController {
  constructor(
    private readonly scope: ContractorScope, private readonly stops: CarriedStops, private readonly objections: Objections, private readonly desk: ContractorBillDesk,
    private readonly rates: ContractorRates, private readonly clock: Clock,
  ) {}

  @Get('contractor/stops')
  @Access('contractor', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listContractorStops', summary: 'What a contractor’s crews carried on a day' })
  @ApiResponse({ status: 200, standardSchema: contractorStopsAnswer })
  async stopList(@Query({ schema: contractorStopsQuery }) query: ContractorStopsQuery, @CurrentStaff() staff: StaffIdentity): Promise<ContractorStopsAnswer> {
    return this.stops.page(await this.scope.one(staff, query.operatorId), (query.day ?? this.clock.today()) as BusinessDay, streetOf(staff));
  }

  @Get('contractor/objections')
  @Access('contractor', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listObjections', summary: 'Objections and their answers' })
  @ApiResponse({ status: 200, standardSchema: objectionsAnswer })
  async objectionList(@Query({ schema: objectionsQuery }) query: ObjectionsQuery, @CurrentStaff() staff: StaffIdentity): Promise<ObjectionsAnswer> {
    return this.objections.list((await this.scope.some(staff, query.operatorId)).map(({ id }) => id), query.open === 'yes', streetOf(staff));
  }

  @Post('contractor/objections')
  @HttpCode(200)
  @Access('contractor')
  @ApiOperation({ operationId: 'raiseObjection', summary: 'Objects to a stop or a returned line, until the next noon' })
  @ApiResponse({ status: 200, standardSchema: objectionAnswer })
  async raise(@Body({ schema: raiseObjectionRequest }) request: RaiseObjectionRequest, @CurrentStaff() staff: StaffIdentity): Promise<ObjectionAnswer> {
    return { objection: await this.objections.raise(request, staff) };
  }

  @Post('contractor/objections/:objectionId/answer')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'answerObjection', summary: 'Upholds or rejects an objection' })
  @ApiResponse({ status: 200, standardSchema: objectionAnswer })
  async answer(
    @Param('objectionId', ParseUUIDPipe) objectionId: string, @Body({ schema: answerObjectionRequest }) request: AnswerObjectionRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<ObjectionAnswer> {
    return { objection: await this.objections.answer(objectionId, request, staff) };
  }

  @Get('contractor-rates')
  @Access('contractor', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listContractorRates', summary: 'What a stop pays, by operator and day of effect' })
  @ApiResponse({ status: 200, standardSchema: contractorRatesAnswer })
  rateList(@CurrentStaff() staff: StaffIdentity): Promise<ContractorRatesAnswer> {
    return this.rates.list(staff);
  }

  @Put('contractor-rates')
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'setContractorRate', summary: 'Proposes what a stop pays from a day on' })
  @ApiResponse({ status: 200, standardSchema: contractorRatesAnswer })
  setRate(@Body({ schema: setContractorRateRequest }) request: SetContractorRateRequest, @CurrentStaff() staff: StaffIdentity): Promise<ContractorRatesAnswer> {
    return this.rates.propose(request, staff);
  }

  @Post('contractor-rates/:changeId/decision')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'decideContractorRate', summary: 'Puts a proposed rate in force, or refuses it; another person than who proposed' })
  @ApiResponse({ status: 200, standardSchema: contractorRatesAnswer })
  decideRate(
    @Param('changeId', ParseUUIDPipe) changeId: string, @Body({ schema: decideRateRequest }) request: DecideRateRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<ContractorRatesAnswer> {
    return this.rates.decide(changeId, request, staff);
  }

  @Post('contractor-bills/preview')
  @HttpCode(200)
  @Access('contractor', 'street', 'finance')
  @ApiOperation({ operationId: 'previewContractorBill', summary: 'What importing a bill would find' })
  @ApiResponse({ status: 200, standardSchema: contractorBillPreview })
  preview(@Body({ schema: contractorBillRequest }) request: ContractorBillRequest, @CurrentStaff() staff: StaffIdentity): Promise<ContractorBillPreview> {
    return this.desk.preview(request, staff);
  }

  @Post('contractor-bills')
  @HttpCode(200)
  @Access('contractor', 'street', 'finance')
  @ApiOperation({ operationId: 'importContractorBill', summary: 'Imports a bill and matches it stop by stop' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: contractorBillAnswer })
  importBill(
    @Body({ schema: contractorBillRequest }) request: ContractorBillRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<ContractorBillAnswer> {
    return this.desk.import(request, staff, key);
  }

  @Get('contractor-bills')
  @Access('contractor', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listContractorBills', summary: 'Bills, newest first' })
  @ApiResponse({ status: 200, standardSchema: contractorBillsAnswer })
  billList(@Query({ schema: contractorBillsQuery }) query: ContractorBillsQuery, @CurrentStaff() staff: StaffIdentity): Promise<ContractorBillsAnswer> {
    return this.desk.list(query, staff);
  }

  @Get('contractor-bills/:billId')
  @Access('contractor', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'showContractorBill', summary: 'One bill with what became of each line' })
  @ApiResponse({ status: 200, standardSchema: contractorBillAnswer })
  bill(@Param('billId', ParseUUIDPipe) billId: string, @CurrentStaff() staff: StaffIdentity): Promise<ContractorBillAnswer> {
    return this.desk.show(billId, staff);
  }

  @Post('contractor-bills/:billId/decide')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'decideContractorBill', summary: 'Agreed lines become payable, the others go back' })
  @ApiResponse({ status: 200, standardSchema: contractorBillAnswer })
  decide(@Param('billId', ParseUUIDPipe) billId: string, @Body({ schema: decideBillRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<ContractorBillAnswer> {
    return this.desk.decide(billId, staff);
  }
}

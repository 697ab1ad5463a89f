import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  decideRadiusAnswer, decideRadiusRequest, deliverySettingsAnswer, deliverySettingsSchema, dispatchBoardAnswer, dispatchBoardQuery, planRunAnswer,
  planRunListAnswer, planRunListQuery, radiusListAnswer, radiusListQuery, requestPlanRequest, routePlanAnswer,
  type DecideRadiusAnswer, type DecideRadiusRequest, type DeliverySettingsAnswer, type DeliverySettingsBody, type DispatchBoardAnswer,
  type DispatchBoardQuery, type PlanRunAnswer, type PlanRunListAnswer, type PlanRunListQuery, type RadiusListAnswer, type RadiusListQuery,
  type RequestPlanRequest, type RoutePlanAnswer,
} from '../../contract/dispatch.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { DecideRadiusByPerson } from './decide-radius-by-person.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DispatchBoard } from './dispatch-board.query.js';
import { DispatchReads } from './dispatch-reads.query.js';
import { RequestPlan } from './request-plan.js';

@Controller('dispatch')
export class DispatchController {
  constructor(
    private readonly board: DispatchBoard,
    private readonly reads: DispatchReads,
    private readonly requestPlan: RequestPlan,
    private readonly decideRadius: DecideRadiusByPerson,
  ) {}

  @Get('board')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'kitchen', 'attendant', 'contractor', 'auditor')
  @ApiOperation({ operationId: 'dispatchBoard', summary: 'What each depot carries, has planned and has done' })
  @ApiResponse({ status: 200, standardSchema: dispatchBoardAnswer })
  readBoard(@Query({ schema: dispatchBoardQuery }) query: DispatchBoardQuery, @CurrentStaff() staff: StaffIdentity): Promise<DispatchBoardAnswer> {
    return this.board.read(query, staff);
  }

  @Post('runs')
  @HttpCode(202)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'requestRoutePlan', summary: 'Plan a depot now; answers with the run, whose progress is read separately' })
  @ApiResponse({ status: 202, standardSchema: planRunAnswer })
  async request(@Body({ schema: requestPlanRequest }) request: RequestPlanRequest, @CurrentStaff() staff: StaffIdentity): Promise<PlanRunAnswer> {
    const runId = await this.requestPlan.execute(request, staff);
    return { run: await this.reads.run(runId, staff) };
  }

  @Get('runs')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listPlanRuns', summary: 'Runs of a day, newest first' })
  @ApiResponse({ status: 200, standardSchema: planRunListAnswer })
  runs(@Query({ schema: planRunListQuery }) query: PlanRunListQuery, @CurrentStaff() staff: StaffIdentity): Promise<PlanRunListAnswer> {
    return this.reads.runs(query, staff);
  }

  @Get('runs/:runId')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'planRun', summary: 'Progress of one run' })
  @ApiResponse({ status: 200, standardSchema: planRunAnswer })
  async run(@Param('runId', ParseUUIDPipe) runId: string, @CurrentStaff() staff: StaffIdentity): Promise<PlanRunAnswer> {
    return { run: await this.reads.run(runId, staff) };
  }

  @Get('plans/:routePlanId')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'routePlan', summary: 'Trips, doors and who is left out' })
  @ApiResponse({ status: 200, standardSchema: routePlanAnswer })
  plan(@Param('routePlanId', ParseUUIDPipe) routePlanId: string, @CurrentStaff() staff: StaffIdentity): Promise<RoutePlanAnswer> {
    return this.reads.plan(routePlanId, staff);
  }

  @Get('radius')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listRadiusDecisions', summary: 'Who lives outside the home radius, and what was decided' })
  @ApiResponse({ status: 200, standardSchema: radiusListAnswer })
  radius(@Query({ schema: radiusListQuery }) query: RadiusListQuery, @CurrentStaff() staff: StaffIdentity): Promise<RadiusListAnswer> {
    return this.reads.radius(query, staff);
  }

  @Post('radius/:orderId')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'decideRadius', summary: 'Decide about an order outside the radius' })
  @ApiResponse({ status: 200, standardSchema: decideRadiusAnswer })
  decide(
    @Param('orderId', ParseUUIDPipe) orderId: string, @Body({ schema: decideRadiusRequest }) request: DecideRadiusRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<DecideRadiusAnswer> {
    return this.decideRadius.execute(orderId, request, staff);
  }
}

@Controller('streets/:streetId/delivery-settings')
export class DeliverySettingsController {
  constructor(private readonly settings: DeliverySettingsBook) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'deliverySettings', summary: 'Home radius, trip freshness and the times at a door' })
  @ApiResponse({ status: 200, standardSchema: deliverySettingsAnswer })
  async read(@Param('streetId', ParseUUIDPipe) streetId: string, @CurrentStaff() staff: StaffIdentity): Promise<DeliverySettingsAnswer> {
    await this.settings.requireScope(streetId, staff);
    return { settings: await this.settings.of(streetId) };
  }

  @Put()
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'setDeliverySettings', summary: 'Set them; plans made from now on use them' })
  @ApiResponse({ status: 200, standardSchema: deliverySettingsAnswer })
  async write(
    @Param('streetId', ParseUUIDPipe) streetId: string, @Body({ schema: deliverySettingsSchema }) settings: DeliverySettingsBody, @CurrentStaff() staff: StaffIdentity,
  ): Promise<DeliverySettingsAnswer> {
    await this.settings.requireScope(streetId, staff);
    return { settings: await this.settings.set(streetId, settings, staff) };
  }
}

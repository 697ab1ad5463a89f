import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  changeCrewAnswer, changeCrewRequest, changeDoorAnswer, changeDoorRequest, decideCureAnswer, decideCureRequest, dispatchCrewsAnswer, doorListAnswer, doorListQuery,
  rememberOrderAnswer, rememberOrderRequest,
  type ChangeCrewAnswer, type ChangeCrewRequest, type ChangeDoorAnswer, type ChangeDoorRequest, type DecideCureAnswer, type DecideCureRequest, type DispatchCrewsAnswer,
  type DoorListAnswer, type DoorListQuery, type RememberOrderAnswer,
} from '../../contract/dispatch-doors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ChangeDoors } from './change-doors.js';
import { DispatchReads } from './dispatch-reads.query.js';
import { DoorReads } from './doors.query.js';
import { PlanCures } from './plan-cures.js';

/** Crews, doors, the remembered order, and what is done about people on no trip. */
@Controller('dispatch')
export class DoorsController {
  constructor(private readonly reads: DoorReads, private readonly change: ChangeDoors, private readonly cures: PlanCures, private readonly plans: DispatchReads) {}

  @Get('crews')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'dispatchCrews', summary: 'Crews with skills and breaks' })
  @ApiResponse({ status: 200, standardSchema: dispatchCrewsAnswer })
  async crews(@CurrentStaff() staff: StaffIdentity): Promise<DispatchCrewsAnswer> {
    return { crews: await this.reads.crews(staff) };
  }

  @Put('crews/:crewId')
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'changeCrew', summary: 'Set the skills and breaks of a crew' })
  @ApiResponse({ status: 200, standardSchema: changeCrewAnswer })
  async changeCrew(
    @Param('crewId', ParseUUIDPipe) crewId: string, @Body({ schema: changeCrewRequest }) request: ChangeCrewRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<ChangeCrewAnswer> {
    await this.change.changeCrew(crewId, request, staff);
    const crew = (await this.reads.crews(staff)).find((one) => one.crewId === crewId);
    if (crew === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return { crew };
  }

  @Get('doors')
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'listDoorRules', summary: 'Doors with a rule of their own, or found by name' })
  @ApiResponse({ status: 200, standardSchema: doorListAnswer })
  doors(@Query({ schema: doorListQuery }) query: DoorListQuery, @CurrentStaff() staff: StaffIdentity): Promise<DoorListAnswer> {
    return this.reads.doors(query, staff);
  }

  @Put('doors/:seniorId')
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'changeDoorRule', summary: 'Set what a door asks of its crew' })
  @ApiResponse({ status: 200, standardSchema: changeDoorAnswer })
  async changeDoor(
    @Param('seniorId', ParseUUIDPipe) seniorId: string, @Body({ schema: changeDoorRequest }) request: ChangeDoorRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<ChangeDoorAnswer> {
    await this.change.changeDoor(seniorId, request, staff);
    return { seniorId };
  }

  @Post('plans/:routePlanId/remember')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'rememberRouteOrder', summary: 'Ride in the order of this plan from now on' })
  @ApiResponse({ status: 200, standardSchema: rememberOrderAnswer })
  async remember(
    @Param('routePlanId', ParseUUIDPipe) planId: string, @Body({ schema: rememberOrderRequest }) _request: object, @CurrentStaff() staff: StaffIdentity,
  ): Promise<RememberOrderAnswer> {
    return { doors: await this.change.remember(planId, staff) };
  }

  @Post('unplanned/:orderId')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'decideCure', summary: 'Decide what is done about a person on no trip' })
  @ApiResponse({ status: 200, standardSchema: decideCureAnswer })
  async decide(
    @Param('orderId', ParseUUIDPipe) orderId: string, @Body({ schema: decideCureRequest }) request: DecideCureRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<DecideCureAnswer> {
    const { runIds } = await this.cures.decide(orderId, request, staff);
    const [first] = runIds;
    return { orderId, run: first === undefined ? null : await this.plans.run(first, staff) };
  }
}

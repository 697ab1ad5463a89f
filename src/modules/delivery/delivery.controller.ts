import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  closeTripRequest, crewTodayAnswer, leaveTripRequest, routeSheetsAnswer, stopResultAnswer, stopResultRequest, tripAnswer,
  type CloseTripRequest, type CrewTodayAnswer, type LeaveTripRequest, type RouteSheetsAnswer, type StopResultAnswer, type StopResultRequest, type TripAnswer,
} from '../../contract/delivery.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { CloseTrip } from './close-trip.js';
import { CrewDay } from './crew-day.query.js';
import { LeaveTrip } from './leave-trip.js';
import { RecordStopResult } from './record-stop-result.js';

@Controller('crew')
export class CrewController {
  constructor(
    private readonly day: CrewDay,
    private readonly leaveTrip: LeaveTrip,
    private readonly closeTrip: CloseTrip,
    private readonly recordResult: RecordStopResult,
  ) {}

  @Get('today')
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'crewToday', summary: 'The own trips of today' })
  @ApiResponse({ status: 200, standardSchema: crewTodayAnswer })
  today(@CurrentStaff() staff: StaffIdentity): Promise<CrewTodayAnswer> {
    return this.day.today(staff);
  }

  @Post('trips/:tripId/leave')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'leaveTrip', summary: 'The crate is checked, the trip begins' })
  @ApiResponse({ status: 200, standardSchema: tripAnswer })
  leave(
    @Param('tripId', ParseUUIDPipe) tripId: string, @Body({ schema: leaveTripRequest }) request: LeaveTripRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<TripAnswer> {
    return this.leaveTrip.execute(tripId, request, staff);
  }

  @Post('trips/:tripId/close')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'closeTrip', summary: 'Every stop has its result' })
  @ApiResponse({ status: 200, standardSchema: tripAnswer })
  close(
    @Param('tripId', ParseUUIDPipe) tripId: string, @Body({ schema: closeTripRequest }) request: CloseTripRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<TripAnswer> {
    return this.closeTrip.execute(tripId, request, staff);
  }

  @Post('stops/:stopId/result')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'recordStopResult', summary: 'Delivered, absent or refused; a delivered meal is paid from this event' })
  @ApiResponse({ status: 200, standardSchema: stopResultAnswer })
  result(
    @Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: stopResultRequest }) request: StopResultRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<StopResultAnswer> {
    return this.recordResult.execute(stopId, request, staff, key);
  }
}

@Controller('dispatch/plans/:routePlanId/sheets')
export class RouteSheetsController {
  constructor(private readonly day: CrewDay) {}

  @Get()
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'routeSheets', summary: 'Printable pages, one a trip' })
  @ApiResponse({ status: 200, standardSchema: routeSheetsAnswer })
  sheets(@Param('routePlanId', ParseUUIDPipe) routePlanId: string, @CurrentStaff() staff: StaffIdentity): Promise<RouteSheetsAnswer> {
    return this.day.sheets(routePlanId, staff);
  }
}

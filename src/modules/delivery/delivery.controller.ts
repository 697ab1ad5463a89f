import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  byHandResultRequest, closeTripRequest, crewTodayAnswer, leaveTripRequest, routeSheetsAnswer, stopPhotoAnswer, stopPhotoRequest, stopPhotoView, stopResultAnswer, stopResultRequest, swapBoxAnswer,
  swapBoxRequest, tripAnswer, type ByHandResultRequest, type CloseTripRequest, type CrewTodayAnswer, type LeaveTripRequest, type RouteSheetsAnswer, type StopPhotoAnswer, type StopPhotoRequest,
  type StopPhotoView, type StopResultAnswer, type StopResultRequest, type SwapBoxAnswer, type SwapBoxRequest, type TripAnswer,
} from '../../contract/delivery.js';
import {
  crewLadderRequest, ladderAnswer, raiseAlarmRequest, welfareAnswer, welfareRequest,
  type CrewLadderRequest, type LadderAnswer, type RaiseAlarmRequest, type WelfareAnswer, type WelfareRequest,
} from '../../contract/care.js';
import { lookAtPhotoRequest, photoListAnswer, photoListQuery, type LookAtPhotoRequest, type PhotoListAnswer, type PhotoListQuery } from '../../contract/photos.js';
import { takeOverAnswer, takeOverRequest, type TakeOverAnswer, type TakeOverRequest } from '../../contract/dispatch-changes.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { CloseTrip } from './close-trip.js';
import { CrewDay } from './crew-day.query.js';
import { LeaveTrip } from './leave-trip.js';
import { PhotoList } from './photo-list.query.js';
import { ReportFromDoor } from './report-from-door.js';
import { StopPhotos } from './stop-photos.js';
import { SwapBox } from './swap-box.js';
import { TakeOver } from './take-over.js';
import { RecordByHand } from './record-by-hand.js';
import { RecordStopResult } from './record-stop-result.js';

@Controller('crew')
export class CrewController {
  constructor(
    private readonly day: CrewDay,
    private readonly leaveTrip: LeaveTrip,
    private readonly closeTrip: CloseTrip,
    private readonly recordResult: RecordStopResult,
    private readonly report: ReportFromDoor,
    private readonly takeOver: TakeOver,
    private readonly photos: StopPhotos,
    private readonly swapBox: SwapBox,
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

  @Post('stops/:stopId/photos')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'storeStopPhoto', summary: 'A photo of a door, which arrives by itself; the same id is the same photo' })
  @ApiResponse({ status: 200, standardSchema: stopPhotoAnswer })
  photo(
    @Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: stopPhotoRequest }) request: StopPhotoRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<StopPhotoAnswer> {
    return this.photos.keep(stopId, request, staff);
  }

  @Post('stops/:stopId/swap')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'swapBox', summary: 'A door got another box than its own; somebody with a diet is called' })
  @ApiResponse({ status: 200, standardSchema: swapBoxAnswer })
  swap(
    @Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: swapBoxRequest }) request: SwapBoxRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<SwapBoxAnswer> {
    return this.swapBox.execute(stopId, request, staff);
  }

  @Post('stops/:stopId/ladder')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'recordCrewLadder', summary: 'What was tried at a door that does not open, or how it ended' })
  @ApiResponse({ status: 200, standardSchema: ladderAnswer })
  ladder(
    @Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: crewLadderRequest }) request: CrewLadderRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<LadderAnswer> {
    return this.report.ladder(stopId, request, staff);
  }

  @Post('stops/:stopId/welfare')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'recordWelfare', summary: 'How the person seemed; a worry goes to the community at once' })
  @ApiResponse({ status: 200, standardSchema: welfareAnswer })
  async welfare(
    @Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: welfareRequest }) request: WelfareRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<WelfareAnswer> {
    await this.report.welfare(stopId, request, staff);
    return { id: request.id };
  }

  @Post('take-over')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'takeOverTrip', summary: 'Carry on what a crew that broke down could not; the crate was scanned' })
  @ApiResponse({ status: 200, standardSchema: takeOverAnswer })
  take(@Body({ schema: takeOverRequest }) request: TakeOverRequest, @CurrentStaff() staff: StaffIdentity): Promise<TakeOverAnswer> {
    return this.takeOver.execute(request, staff);
  }

  @Post('alarms')
  @HttpCode(200)
  @Access('crew', 'volunteer')
  @ApiOperation({ operationId: 'raiseAlarm', summary: 'Somebody needs help, now' })
  @ApiResponse({ status: 200, standardSchema: welfareAnswer })
  async alarm(@Body({ schema: raiseAlarmRequest }) request: RaiseAlarmRequest, @CurrentStaff() staff: StaffIdentity): Promise<WelfareAnswer> {
    await this.report.alarm(request, staff);
    return { id: request.id };
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

@Controller('delivery')
export class StopPhotosController {
  constructor(private readonly photos: StopPhotos, private readonly photoList: PhotoList) {}

  @Get('photos')
  @Access('administrator', 'street', 'finance', 'dispatcher', 'auditor')
  @ApiOperation({ operationId: 'listStopPhotos', summary: 'Doors with a photo, who looked at it and why' })
  @ApiResponse({ status: 200, standardSchema: photoListAnswer })
  list(@Query({ schema: photoListQuery }) query: PhotoListQuery, @CurrentStaff() staff: StaffIdentity): Promise<PhotoListAnswer> {
    return this.photoList.list(query, staff);
  }

  @Post('stops/:stopId/photo/look')
  @HttpCode(200)
  @Access('administrator', 'street', 'finance', 'dispatcher', 'auditor')
  @ApiOperation({ operationId: 'lookAtStopPhoto', summary: 'The photo of a door, with a reason that stays on record' })
  @ApiResponse({ status: 200, standardSchema: stopPhotoView })
  look(@Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: lookAtPhotoRequest }) request: LookAtPhotoRequest, @CurrentStaff() staff: StaffIdentity): Promise<StopPhotoView> {
    return this.photos.look(stopId, request.reason, staff);
  }
}

/** Meals that somebody brings who is no crew. */
@Controller('dispatch')
export class ByHandController {
  constructor(private readonly byHand: RecordByHand) {}

  @Post('by-hand/:orderId')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'recordByHand', summary: 'What came of a meal brought by hand; a delivered one is paid from this event' })
  @ApiResponse({ status: 200, standardSchema: stopResultAnswer })
  record(
    @Param('orderId', ParseUUIDPipe) orderId: string, @Body({ schema: byHandResultRequest }) request: ByHandResultRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<StopResultAnswer> {
    return this.byHand.execute(orderId, request, staff, key);
  }
}

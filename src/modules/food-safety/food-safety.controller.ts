import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  addProbeAnswer, addProbeRequest, addSafetyRecordRequest, canteenAnswer, closeInspectionRequest, inspectionListAnswer, inspectionPhotoAnswer, inspectionPhotoQuery,
  openInspectionRequest, probeReadingsAnswer, probeReadingsRequest, safetyDayAnswer, safetyDayQuery, saveCertificateRequest, setSeatsRequest, signCheckRequest,
  wasteDaysAnswer, weighWasteRequest, type AddProbeAnswer, type AddProbeRequest, type AddSafetyRecordRequest, type CanteenAnswer, type CloseInspectionRequest,
  type InspectionListAnswer, type InspectionPhotoAnswer, type InspectionPhotoQuery, type OpenInspectionRequest, type ProbeReadingsAnswer, type ProbeReadingsRequest,
  type SafetyDayAnswer, type SafetyDayQuery, type SaveCertificateRequest, type SetSeatsRequest, type SignCheckRequest, type WasteDaysAnswer, type WeighWasteRequest,
  pointWasteAnswer, pointWasteQuery, weighPointWasteRequest, type PointWasteAnswer, type PointWasteQuery, type WeighPointWasteRequest,
} from '../../contract/food-safety.js';
import { Access, PublicRoute } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { CanteenScreen } from './canteen-screen.js';
import { Inspections } from './inspections.js';
import { PointWaste } from './point-waste.js';
import { ProbeBook } from './probe-book.js';
import { SafetyLog } from './safety-log.js';
import { WeighedWaste } from './weighed-waste.js';

/** The log of food safety: what was seen, measured, checked, found and thrown away. */
@Controller('kitchen')
export class FoodSafetyController {
  constructor(private readonly log: SafetyLog, private readonly probes: ProbeBook, private readonly inspections: Inspections, private readonly waste: WeighedWaste) {}

  @Get('safety')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'safetyDay', summary: 'The food safety log of a day, with what is due' })
  @ApiResponse({ status: 200, standardSchema: safetyDayAnswer })
  day(@Query({ schema: safetyDayQuery }) query: SafetyDayQuery, @CurrentStaff() staff: StaffIdentity): Promise<SafetyDayAnswer> {
    return this.log.day(staff, query.day);
  }

  @Post('safety/records')
  @HttpCode(200)
  @Access('kitchen', 'attendant', 'supervisor')
  @ApiOperation({ operationId: 'addSafetyRecord', summary: 'Record what was seen or measured' })
  @ApiResponse({ status: 200, standardSchema: safetyDayAnswer })
  record(@Body({ schema: addSafetyRecordRequest }) request: AddSafetyRecordRequest, @CurrentStaff() staff: StaffIdentity): Promise<SafetyDayAnswer> {
    return this.log.record(request, staff);
  }

  @Post('safety/checks')
  @HttpCode(200)
  @Access('street', 'kitchen', 'supervisor')
  @ApiOperation({ operationId: 'signSafetyCheck', summary: 'Sign the daily, weekly or monthly check' })
  @ApiResponse({ status: 200, standardSchema: safetyDayAnswer })
  sign(@Body({ schema: signCheckRequest }) request: SignCheckRequest, @CurrentStaff() staff: StaffIdentity): Promise<SafetyDayAnswer> {
    return this.log.sign(request, staff);
  }

  @Post('safety/certificates')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'saveHealthCertificate', summary: 'Keep the health certificate of a person in the kitchen' })
  @ApiResponse({ status: 200, standardSchema: safetyDayAnswer })
  certificate(@Body({ schema: saveCertificateRequest }) request: SaveCertificateRequest, @CurrentStaff() staff: StaffIdentity): Promise<SafetyDayAnswer> {
    return this.log.saveCertificate(request, staff);
  }

  @Post('safety/probes')
  @Access('administrator', 'kitchen')
  @ApiOperation({ operationId: 'addProbe', summary: 'Register a temperature probe; its key is told once' })
  @ApiResponse({ status: 201, standardSchema: addProbeAnswer })
  addProbe(@Body({ schema: addProbeRequest }) request: AddProbeRequest, @CurrentStaff() staff: StaffIdentity): Promise<AddProbeAnswer> {
    return this.probes.add(request, staff);
  }

  @Get('safety/inspections')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listInspections', summary: 'Findings of inspections and their closure' })
  @ApiResponse({ status: 200, standardSchema: inspectionListAnswer })
  listInspections(@CurrentStaff() staff: StaffIdentity): Promise<InspectionListAnswer> {
    return this.inspections.list(staff);
  }

  @Post('safety/inspections')
  @HttpCode(200)
  @Access('street', 'supervisor')
  @ApiOperation({ operationId: 'openInspection', summary: 'Record a finding with photo, place and due day' })
  @ApiResponse({ status: 200, standardSchema: inspectionListAnswer })
  openInspection(@Body({ schema: openInspectionRequest }) request: OpenInspectionRequest, @CurrentStaff() staff: StaffIdentity): Promise<InspectionListAnswer> {
    return this.inspections.open(request, staff);
  }

  @Post('safety/inspections/close')
  @HttpCode(200)
  @Access('street', 'supervisor')
  @ApiOperation({ operationId: 'closeInspection', summary: 'A finding is put right' })
  @ApiResponse({ status: 200, standardSchema: inspectionListAnswer })
  closeInspection(@Body({ schema: closeInspectionRequest }) request: CloseInspectionRequest, @CurrentStaff() staff: StaffIdentity): Promise<InspectionListAnswer> {
    return this.inspections.close(request, staff);
  }

  @Get('safety/inspections/photo')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'inspectionPhoto', summary: 'The photo of a finding' })
  @ApiResponse({ status: 200, standardSchema: inspectionPhotoAnswer })
  photo(@Query({ schema: inspectionPhotoQuery }) query: InspectionPhotoQuery, @CurrentStaff() staff: StaffIdentity): Promise<InspectionPhotoAnswer> {
    return this.inspections.photo(query.inspectionId, staff);
  }

  @Get('weighed-waste')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listWeighedWaste', summary: 'Waste by weight and cost per meal, thirty days' })
  @ApiResponse({ status: 200, standardSchema: wasteDaysAnswer })
  listWaste(@CurrentStaff() staff: StaffIdentity): Promise<WasteDaysAnswer> {
    return this.waste.days(staff);
  }

  @Post('weighed-waste')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'weighWaste', summary: 'Record waste by weight' })
  @ApiResponse({ status: 200, standardSchema: wasteDaysAnswer })
  weigh(@Body({ schema: weighWasteRequest }) request: WeighWasteRequest, @CurrentStaff() staff: StaffIdentity): Promise<WasteDaysAnswer> {
    return this.waste.weigh(request, staff);
  }
}

/** What probes or their gateways send, by the key of the probe. */
@Controller('probes')
export class ProbesController {
  constructor(private readonly probes: ProbeBook) {}

  @Post('readings')
  @HttpCode(200)
  @PublicRoute()
  @ApiOperation({ operationId: 'takeProbeReadings', summary: 'Readings of a probe' })
  @ApiResponse({ status: 200, standardSchema: probeReadingsAnswer })
  take(@Body({ schema: probeReadingsRequest }) request: ProbeReadingsRequest): Promise<ProbeReadingsAnswer> {
    return this.probes.take(request);
  }
}

/** The screen on the wall of a point. */
@Controller('points/:pointId')
export class CanteenController {
  constructor(private readonly screen: CanteenScreen, private readonly pointWaste: PointWaste) {}

  @Get('canteen')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'canteenScreen', summary: 'Dishes, allergens, portions and seats of a point' })
  @ApiResponse({ status: 200, standardSchema: canteenAnswer })
  canteen(@Param('pointId', ParseUUIDPipe) pointId: string, @CurrentStaff() staff: StaffIdentity): Promise<CanteenAnswer> {
    return this.screen.show(pointId, staff);
  }

  @Put('seats')
  @Access('attendant', 'street')
  @ApiOperation({ operationId: 'setSeats', summary: 'How many seats a point has' })
  @ApiResponse({ status: 200, standardSchema: canteenAnswer })
  seats(@Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: setSeatsRequest }) request: SetSeatsRequest, @CurrentStaff() staff: StaffIdentity): Promise<CanteenAnswer> {
    return this.screen.setSeats(pointId, request, staff);
  }

  @Get('weighed-waste')
  @Access('administrator', 'street', 'finance', 'kitchen', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'pointWaste', summary: 'Waste of a point by weight on a day' })
  @ApiResponse({ status: 200, standardSchema: pointWasteAnswer })
  waste(@Param('pointId', ParseUUIDPipe) pointId: string, @Query({ schema: pointWasteQuery }) query: PointWasteQuery, @CurrentStaff() staff: StaffIdentity): Promise<PointWasteAnswer> {
    return this.pointWaste.day(pointId, query.day, staff);
  }

  @Post('weighed-waste')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'weighPointWaste', summary: 'Weigh what a point throws away' })
  @ApiResponse({ status: 200, standardSchema: pointWasteAnswer })
  weigh(@Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: weighPointWasteRequest }) request: WeighPointWasteRequest, @CurrentStaff() staff: StaffIdentity): Promise<PointWasteAnswer> {
    return this.pointWaste.weigh(pointId, request, staff);
  }
}

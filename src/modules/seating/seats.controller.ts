import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { gateAnswer, gateRequest, seatMoveRequest, seatsAnswer, seatZoneRequest, type GateAnswer, type GateRequest, type SeatMoveRequest, type SeatsAnswer, type SeatZoneRequest } from '../../contract/seats.js';
import { Access, DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, CurrentStaff, type DeviceIdentity, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { EnterGate } from './enter-gate.js';
import { SeatZones } from './seat-zones.js';

@ApiTags('kiosk')
@Controller('kiosk')
export class KioskGateController {
  constructor(private readonly enterGate: EnterGate) {}

  @Post('gate')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskGate', summary: 'Whether the gate of the reserved zone opens for this person; tied to no payment' })
  @ApiResponse({ status: 200, standardSchema: gateAnswer })
  gate(@Body({ schema: gateRequest }) request: GateRequest, @CurrentDevice() device: DeviceIdentity): Promise<GateAnswer> {
    return this.enterGate.execute(device, request);
  }
}

@ApiTags('seats')
@Controller('points/:pointId/reserved-zone')
export class SeatsController {
  constructor(private readonly zones: SeatZones, private readonly scope: PointScope) {}

  @Get()
  @Access('administrator', 'street', 'attendant', 'supervisor')
  @ApiOperation({ operationId: 'showReservedZone', summary: 'Seats of the reserved zone: taken, free, and whether the public waits' })
  @ApiResponse({ status: 200, standardSchema: seatsAnswer })
  async show(@Param('pointId', ParseUUIDPipe) pointId: string, @CurrentStaff() staff: StaffIdentity): Promise<SeatsAnswer> {
    await this.scope.narrowed(staff, pointId);
    return this.zones.state(pointId);
  }

  @Put()
  @Access('street')
  @ApiOperation({ operationId: 'setReservedZone', summary: 'Seats, peak, and how many are kept free of the public' })
  @ApiResponse({ status: 200, standardSchema: seatsAnswer })
  async set(@Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: seatZoneRequest }) request: SeatZoneRequest, @CurrentStaff() staff: StaffIdentity): Promise<SeatsAnswer> {
    await this.scope.narrowed(staff, pointId);
    return this.zones.set(pointId, request, staff);
  }

  @Post('moves')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'moveInReservedZone', summary: 'Count somebody in or out by hand' })
  @ApiResponse({ status: 200, standardSchema: seatsAnswer })
  async move(@Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: seatMoveRequest }) request: SeatMoveRequest, @CurrentStaff() staff: StaffIdentity): Promise<SeatsAnswer> {
    await this.scope.narrowed(staff, pointId);
    return this.zones.move(pointId, request, staff);
  }
}

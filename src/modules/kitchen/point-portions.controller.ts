import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  acceptLoadRequest, loadAnswer, markSoldOutRequest, type MarkSoldOutRequest, pointPortionsAnswer, pointPortionsQuery, recordWasteRequest, type AcceptLoadRequest, type LoadAnswer,
  type PointPortionsAnswer, type PointPortionsQuery, type RecordWasteRequest,
} from '../../contract/kitchen.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { AcceptLoad } from './accept-load.js';
import { MarkSoldOut } from './mark-sold-out.js';
import { PointPortions } from './point-portions.query.js';
import { RecordWaste } from './record-waste.js';

/** The counts of one point: what arrived, what went out, what is left. */
@Controller('points/:pointId')
export class PointPortionsController {
  constructor(
    private readonly portions: PointPortions, private readonly scope: PointScope, private readonly acceptLoad: AcceptLoad,
    private readonly recordWaste: RecordWaste, private readonly markSoldOut: MarkSoldOut, private readonly clock: Clock,
  ) {}

  @Get('portions')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showPointPortions', summary: 'Portions and loads of a point' })
  @ApiResponse({ status: 200, standardSchema: pointPortionsAnswer })
  async show(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Query({ schema: pointPortionsQuery }) query: PointPortionsQuery, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PointPortionsAnswer> {
    await this.scope.narrowed(staff, pointId);
    return this.portions.of(pointId as PointId, (query.day ?? this.clock.today()) as BusinessDay, query.period);
  }

  @Post('loads/:loadId/accept')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'acceptLoad', summary: 'Accept a load by count and temperature' })
  @ApiResponse({ status: 200, standardSchema: loadAnswer })
  async accept(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Param('loadId', ParseUUIDPipe) loadId: string,
    @Body({ schema: acceptLoadRequest }) request: AcceptLoadRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<LoadAnswer> {
    return { load: await this.acceptLoad.execute({ pointId, loadId }, request, staff, key) };
  }

  @Post('waste')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'recordWaste', summary: 'Take thrown-away portions out of sale' })
  @ApiResponse({ status: 200, standardSchema: pointPortionsAnswer })
  waste(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: recordWasteRequest }) request: RecordWasteRequest,
    @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<PointPortionsAnswer> {
    return this.recordWaste.execute(pointId, request, staff, key);
  }

  @Put('sold-out')
  @Access('attendant')
  @ApiOperation({ operationId: 'markSoldOut', summary: 'Take a set meal off sale at a point, or put it back' })
  @ApiResponse({ status: 200, standardSchema: pointPortionsAnswer })
  soldOut(@Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: markSoldOutRequest }) request: MarkSoldOutRequest, @CurrentStaff() staff: StaffIdentity): Promise<PointPortionsAnswer> {
    return this.markSoldOut.execute(pointId, request, staff);
  }
}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  kioskRatingAnswer, kioskRatingRequest, pointRatingsAnswer, pointRatingsQuery, type KioskRatingRequest, type PointRatingsAnswer, type PointRatingsQuery,
} from '../../contract/ratings.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access, DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, CurrentStaff, type DeviceIdentity, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { PointRatings } from './point-ratings.query.js';
import { RateMeal } from './rate-meal.js';

@ApiTags('kiosk')
@Controller('kiosk')
export class KioskRatingsController {
  constructor(private readonly rateMeal: RateMeal) {}

  @Post('ratings')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskRate', summary: 'One of three faces for the meal; names nobody' })
  @ApiResponse({ status: 200, standardSchema: kioskRatingAnswer })
  rate(@Body({ schema: kioskRatingRequest }) request: KioskRatingRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ noted: true }> {
    return this.rateMeal.execute(device, request);
  }
}

@Controller('points/:pointId')
export class PointRatingsController {
  constructor(private readonly ratings: PointRatings, private readonly scope: PointScope, private readonly clock: Clock) {}

  @Get('ratings')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showPointRatings', summary: 'How the meals of a day were at a point' })
  @ApiResponse({ status: 200, standardSchema: pointRatingsAnswer })
  async show(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Query({ schema: pointRatingsQuery }) query: PointRatingsQuery, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PointRatingsAnswer> {
    await this.scope.narrowed(staff, pointId);
    return this.ratings.of(pointId, (query.day ?? this.clock.today()) as BusinessDay);
  }
}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  bookLateLinesAnswer, bookLateLinesRequest, closeMealsAnswer, closeMealsQuery, closeOverviewAnswer, closeOverviewQuery, closingSettings, closingSettingsAnswer,
  countersignDayRequest, dayCloseAnswer, lateLinesAnswer, lateLinesQuery, sendBackDayRequest, signDayRequest, type BookLateLinesAnswer, type CloseMealsAnswer,
  type CloseMealsQuery, type CloseOverviewAnswer, type CloseOverviewQuery, type ClosingSettings, type ClosingSettingsAnswer, type CountersignDayRequest,
  type DayCloseAnswer, type LateLinesAnswer, type LateLinesQuery, type SendBackDayRequest, type SignDayRequest,
} from '../../contract/closing.js';
import { parseBusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { CloseOverview } from './close-overview.query.js';
import { ClosingSettingsBook } from './closing-settings-book.js';
import { CountersignDay } from './countersign-day.js';
import { DayClosePage } from './day-close.query.js';
import { LateLineList } from './late-line-list.query.js';
import { LateLines } from './late-lines.js';
import { SendBackDay } from './send-back-day.js';
import { SignDay } from './sign-day.js';

/** One day of one point: what was counted, what differs, who signed. */
@ApiTags('closing')
@Controller('points/:pointId/day-closes/:day')
export class DayCloseController {
  constructor(
    private readonly scope: PointScope, private readonly page: DayClosePage, private readonly signDay: SignDay, private readonly countersignDay: CountersignDay,
    private readonly sendBackDay: SendBackDay,
  ) {}

  @Get()
  @Access('administrator', 'street', 'finance', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showDayClose', summary: 'The counts of a point’s day and its signatures' })
  @ApiResponse({ status: 200, standardSchema: dayCloseAnswer })
  async show(@Param('pointId', ParseUUIDPipe) pointId: string, @Param('day') day: string, @CurrentStaff() staff: StaffIdentity): Promise<DayCloseAnswer> {
    await this.scope.narrowed(staff, pointId);
    return this.page.of(pointId as PointId, parseBusinessDay(day));
  }

  @Get('meals')
  @Access('administrator', 'street', 'finance', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listDayCloseMeals', summary: 'The meals behind one figure of the close' })
  @ApiResponse({ status: 200, standardSchema: closeMealsAnswer })
  async meals(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Param('day') day: string, @Query({ schema: closeMealsQuery }) query: CloseMealsQuery, @CurrentStaff() staff: StaffIdentity,
  ): Promise<CloseMealsAnswer> {
    await this.scope.narrowed(staff, pointId);
    return this.page.meals(pointId as PointId, parseBusinessDay(day), query);
  }

  @Post('sign')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'signDay', summary: 'First signature: freezes the day' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: dayCloseAnswer })
  sign(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Param('day') day: string, @Body({ schema: signDayRequest }) request: SignDayRequest,
    @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<DayCloseAnswer> {
    return this.signDay.execute({ pointId, day: parseBusinessDay(day) }, request, staff, key);
  }

  @Post('countersign')
  @HttpCode(200)
  @Access('supervisor', 'street', 'finance')
  @ApiOperation({ operationId: 'countersignDay', summary: 'Second signature, by another person: closes the day' })
  @ApiResponse({ status: 200, standardSchema: dayCloseAnswer })
  countersign(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Param('day') day: string, @Body({ schema: countersignDayRequest }) request: CountersignDayRequest,
    @CurrentStaff() staff: StaffIdentity,
  ): Promise<DayCloseAnswer> {
    return this.countersignDay.execute({ pointId, day: parseBusinessDay(day) }, request, staff);
  }

  @Post('send-back')
  @HttpCode(200)
  @Access('supervisor', 'street', 'finance')
  @ApiOperation({ operationId: 'sendBackDay', summary: 'Sends a signed day back to the point' })
  @ApiResponse({ status: 200, standardSchema: dayCloseAnswer })
  sendBack(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Param('day') day: string, @Body({ schema: sendBackDayRequest }) request: SendBackDayRequest,
    @CurrentStaff() staff: StaffIdentity,
  ): Promise<DayCloseAnswer> {
    return this.sendBackDay.execute({ pointId, day: parseBusinessDay(day) }, request, staff);
  }
}

/** The street’s view: which days are closed, what came late, and the rules. */
@ApiTags('closing')
@Controller()
export class CloseOverviewController {
  constructor(
    private readonly scope: PointScope, private readonly overview: CloseOverview, private readonly lines: LateLineList, private readonly late: LateLines,
    private readonly settings: ClosingSettingsBook,
  ) {}

  @Get('day-closes')
  @Access('administrator', 'street', 'finance', 'attendant', 'supervisor', 'contractor', 'auditor')
  @ApiOperation({ operationId: 'listDayCloses', summary: 'Points and days: closed, waiting, overdue' })
  @ApiResponse({ status: 200, standardSchema: closeOverviewAnswer })
  async list(@Query({ schema: closeOverviewQuery }) query: CloseOverviewQuery, @CurrentStaff() staff: StaffIdentity): Promise<CloseOverviewAnswer> {
    return this.overview.of(await this.scope.narrowed(staff, query.pointId), query);
  }

  @Get('late-lines')
  @Access('administrator', 'street', 'finance', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listLateLines', summary: 'What arrived after its day was closed' })
  @ApiResponse({ status: 200, standardSchema: lateLinesAnswer })
  async lateLines(@Query({ schema: lateLinesQuery }) query: LateLinesQuery, @CurrentStaff() staff: StaffIdentity): Promise<LateLinesAnswer> {
    return this.lines.read(await this.scope.narrowed(staff, query.pointId), query);
  }

  @Post('late-lines/book')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'bookLateLines', summary: 'Books held lines on today where today is open' })
  @ApiResponse({ status: 200, standardSchema: bookLateLinesAnswer })
  async book(@Body({ schema: bookLateLinesRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<BookLateLinesAnswer> {
    return this.late.bookHeld(await this.scope.points(staff));
  }

  @Get('closing-settings')
  @Access('administrator', 'street', 'finance', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'closingSettings', summary: 'Hours, shares and samples that the street has set' })
  @ApiResponse({ status: 200, standardSchema: closingSettingsAnswer })
  showSettings(@CurrentStaff() staff: StaffIdentity): Promise<ClosingSettingsAnswer> {
    return this.settings.of(staff);
  }

  @Put('closing-settings')
  @Access('street', 'administrator')
  @ApiOperation({ operationId: 'setClosingSettings', summary: 'Changes them' })
  @ApiResponse({ status: 200, standardSchema: closingSettingsAnswer })
  setSettings(@Body({ schema: closingSettings }) settings: ClosingSettings, @CurrentStaff() staff: StaffIdentity): Promise<ClosingSettingsAnswer> {
    return this.settings.change(settings, staff);
  }
}

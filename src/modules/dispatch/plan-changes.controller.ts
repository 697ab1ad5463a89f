import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  applyChangeAnswer, applyChangeRequest, freezeTripAnswer, freezeTripRequest, previewChangeAnswer, previewChangeRequest, sheetsPrintedAnswer, sheetsPrintedRequest,
  type ApplyChangeAnswer, type ApplyChangeRequest, type FreezeTripAnswer, type FreezeTripRequest, type PreviewChangeAnswer, type PreviewChangeRequest,
  type SheetsPrintedAnswer, type SheetsPrintedRequest,
} from '../../contract/dispatch-changes.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ChangePlan } from './change-plan.js';

/** Changes of the day. */
@Controller('dispatch')
export class PlanChangesController {
  constructor(private readonly change: ChangePlan) {}

  @Post('plans/:routePlanId/changes/preview')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'previewPlanChange', summary: 'Who becomes late, who gets an unknown face, what it costs' })
  @ApiResponse({ status: 200, standardSchema: previewChangeAnswer })
  preview(
    @Param('routePlanId', ParseUUIDPipe) planId: string, @Body({ schema: previewChangeRequest }) request: PreviewChangeRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PreviewChangeAnswer> {
    return this.change.preview(planId, request.change, staff);
  }

  @Post('plans/:routePlanId/changes')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'changePlan', summary: 'Change a plan as it was shown' })
  @ApiResponse({ status: 200, standardSchema: applyChangeAnswer })
  apply(
    @Param('routePlanId', ParseUUIDPipe) planId: string, @Body({ schema: applyChangeRequest }) request: ApplyChangeRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<ApplyChangeAnswer> {
    return this.change.apply(planId, request, staff);
  }

  @Post('trips/:tripId/freeze')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'freezeTrip', summary: 'Hold a trip fast, or let it go' })
  @ApiResponse({ status: 200, standardSchema: freezeTripAnswer })
  async freeze(
    @Param('tripId', ParseUUIDPipe) tripId: string, @Body({ schema: freezeTripRequest }) request: FreezeTripRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<FreezeTripAnswer> {
    await this.change.freeze(tripId, request.frozen, staff);
    return { tripId, frozen: request.frozen };
  }

  @Post('plans/:routePlanId/printed')
  @HttpCode(200)
  @Access('administrator', 'dispatcher')
  @ApiOperation({ operationId: 'sheetsPrinted', summary: 'These pages are on paper as they stand' })
  @ApiResponse({ status: 200, standardSchema: sheetsPrintedAnswer })
  async printed(
    @Param('routePlanId', ParseUUIDPipe) planId: string, @Body({ schema: sheetsPrintedRequest }) request: SheetsPrintedRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<SheetsPrintedAnswer> {
    return { pages: await this.change.printed(planId, request.pages, staff) };
  }
}

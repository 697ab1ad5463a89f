import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  acceptClashesAnswer, acceptClashesRequest, clashDoneAnswer, clashSheetAnswer, clashSheetQuery, decideClashRequest, portionLabelsAnswer, type AcceptClashesAnswer, type AcceptClashesRequest,
  type ClashSheetAnswer, type ClashSheetQuery, type DecideClashRequest, type PortionLabelsAnswer,
} from '../../contract/ordering.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ClashSheet } from './clash-sheet.query.js';
import { DecideClash } from './decide-clash.js';

/** Restrictions of people against the dishes of a day. */
@Controller('clash-sheet')
export class ClashSheetController {
  constructor(private readonly sheet: ClashSheet, private readonly decide: DecideClash) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor')
  @ApiOperation({ operationId: 'showClashSheet', summary: 'Whose meal is against them, and what they could get instead' })
  @ApiResponse({ status: 200, standardSchema: clashSheetAnswer })
  show(@Query({ schema: clashSheetQuery }) query: ClashSheetQuery, @CurrentStaff() staff: StaffIdentity): Promise<ClashSheetAnswer> {
    return this.sheet.sheet(query, staff);
  }

  @Get('labels')
  @Access('administrator', 'street', 'dispatcher', 'kitchen', 'supervisor')
  @ApiOperation({ operationId: 'listPortionLabels', summary: 'Labels of the special portions of a day, by name' })
  @ApiResponse({ status: 200, standardSchema: portionLabelsAnswer })
  labels(@Query({ schema: clashSheetQuery }) query: ClashSheetQuery, @CurrentStaff() staff: StaffIdentity): Promise<PortionLabelsAnswer> {
    return this.sheet.labels(query, staff);
  }

  @Put('decisions')
  @Access('attendant', 'kitchen', 'dispatcher')
  @ApiOperation({ operationId: 'decideClash', summary: 'Decide what one person gets instead of one dish' })
  @ApiResponse({ status: 200, standardSchema: clashDoneAnswer })
  decideOne(@Body({ schema: decideClashRequest }) request: DecideClashRequest, @CurrentStaff() staff: StaffIdentity): Promise<{ done: true }> {
    return this.decide.execute(request, staff);
  }

  @Post('accept')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'acceptClashes', summary: 'Take the first proposal of every open row' })
  @ApiResponse({ status: 200, standardSchema: acceptClashesAnswer })
  accept(@Body({ schema: acceptClashesRequest }) request: AcceptClashesRequest, @CurrentStaff() staff: StaffIdentity): Promise<AcceptClashesAnswer> {
    return this.decide.acceptAll(request, staff);
  }
}

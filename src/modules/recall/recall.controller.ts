import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  askRecallUndoRequest, openRecallRequest, recallAnswer, recallListAnswer, recallPeopleAnswer, recallPeopleQuery, recallTrace, recallTraceQuery, undoRecallRequest,
  type AskRecallUndoRequest, type OpenRecallRequest, type RecallAnswer, type RecallListAnswer, type RecallPeopleAnswer, type RecallPeopleQuery, type RecallTrace,
  type RecallTraceQuery, type UndoRecallRequest,
} from '../../contract/stock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { RecallDesk } from './recall-desk.js';

/** Recalls: what is called back, whom it reached, and how it ended. */
@Controller('kitchen/recalls')
export class RecallController {
  constructor(private readonly desk: RecallDesk) {}

  @Get()
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listRecalls', summary: 'Recalls of the kitchen' })
  @ApiResponse({ status: 200, standardSchema: recallListAnswer })
  list(@CurrentStaff() staff: StaffIdentity): Promise<RecallListAnswer> {
    return this.desk.list(staff);
  }

  @Get('trace')
  @Access('street', 'kitchen', 'supervisor')
  @ApiOperation({ operationId: 'traceRecall', summary: 'What a recall of a lot or a batch would reach' })
  @ApiResponse({ status: 200, standardSchema: recallTrace })
  trace(@Query({ schema: recallTraceQuery }) query: RecallTraceQuery, @CurrentStaff() staff: StaffIdentity): Promise<RecallTrace> {
    return this.desk.preview(query, staff);
  }

  @Post()
  @Access('street', 'kitchen', 'supervisor')
  @ApiOperation({ operationId: 'openRecall', summary: 'Recall a lot or a batch: its dishes are no longer sold' })
  @ApiResponse({ status: 201, standardSchema: recallAnswer })
  open(@Body({ schema: openRecallRequest }) request: OpenRecallRequest, @CurrentStaff() staff: StaffIdentity): Promise<RecallAnswer> {
    return this.desk.open(request, staff);
  }

  @Get('people')
  @Access('street', 'kitchen', 'supervisor')
  @ApiOperation({ operationId: 'recallPeople', summary: 'Whom a recall reached, with telephone and family' })
  @ApiResponse({ status: 200, standardSchema: recallPeopleAnswer })
  people(@Query({ schema: recallPeopleQuery }) query: RecallPeopleQuery, @CurrentStaff() staff: StaffIdentity): Promise<RecallPeopleAnswer> {
    return this.desk.people(query.recallId, staff);
  }

  @Post('undo-ask')
  @HttpCode(200)
  @Access('street', 'kitchen', 'supervisor')
  @ApiOperation({ operationId: 'askRecallUndo', summary: 'Ask for the end of a recall' })
  @ApiResponse({ status: 200, standardSchema: recallAnswer })
  askUndo(@Body({ schema: askRecallUndoRequest }) request: AskRecallUndoRequest, @CurrentStaff() staff: StaffIdentity): Promise<RecallAnswer> {
    return this.desk.askUndo(request.recallId, request.reason, staff);
  }

  @Post('undo')
  @HttpCode(200)
  @Access('street', 'supervisor')
  @ApiOperation({ operationId: 'undoRecall', summary: 'End a recall, as the second person' })
  @ApiResponse({ status: 200, standardSchema: recallAnswer })
  undo(@Body({ schema: undoRecallRequest }) request: UndoRecallRequest, @CurrentStaff() staff: StaffIdentity): Promise<RecallAnswer> {
    return this.desk.undo(request.recallId, staff);
  }
}

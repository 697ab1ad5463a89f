import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  checkPaperLineRequest, decidePaperLineRequest, enterPaperListRequest, makePaperListRequest, paperListAnswer, paperListsAnswer, paperListsQuery,
  type CheckPaperLineRequest, type DecidePaperLineRequest, type EnterPaperListRequest, type MakePaperListRequest, type PaperListAnswer, type PaperListsAnswer,
  type PaperListsQuery,
} from '../../contract/paper.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { DecidePaperLine } from './decide-paper-line.js';
import { EnterPaperList } from './enter-paper-list.js';
import { MakePaperList } from './make-paper-list.js';
import { PaperLists } from './paper-list.query.js';

/** Lists on paper for hours without power, and what was ticked on them. */
@ApiTags('closing')
@Controller()
export class PaperController {
  constructor(
    private readonly scope: PointScope, private readonly lists: PaperLists, private readonly makeList: MakePaperList, private readonly enterList: EnterPaperList,
    private readonly decideLine: DecidePaperLine,
  ) {}

  @Get('paper-lists')
  @Access('street', 'finance', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listPaperLists', summary: 'Paper lists, newest first' })
  @ApiResponse({ status: 200, standardSchema: paperListsAnswer })
  async list(@Query({ schema: paperListsQuery }) query: PaperListsQuery, @CurrentStaff() staff: StaffIdentity): Promise<PaperListsAnswer> {
    return this.lists.list(await this.scope.narrowed(staff, query.pointId), query.waiting === 'yes');
  }

  @Post('points/:pointId/paper-lists')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'makePaperList', summary: 'Makes a numbered list with the price of each' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: paperListAnswer })
  make(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: makePaperListRequest }) request: MakePaperListRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<PaperListAnswer> {
    return this.makeList.execute(pointId, request, staff, key);
  }

  @Get('paper-lists/:listId')
  @Access('street', 'finance', 'attendant', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showPaperList', summary: 'One list with its lines' })
  @ApiResponse({ status: 200, standardSchema: paperListAnswer })
  async show(@Param('listId', ParseUUIDPipe) listId: string, @CurrentStaff() staff: StaffIdentity): Promise<PaperListAnswer> {
    const head = await this.lists.head(listId);
    if (head === null || !(await this.scope.points(staff)).some((id) => id === head.pointId)) return this.scope.refuse(staff, 'paper-list', listId);
    return this.lists.one(head);
  }

  @Post('paper-lists/:listId/entries')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'enterPaperList', summary: 'Enters what was ticked on paper' })
  @ApiResponse({ status: 200, standardSchema: paperListAnswer })
  enter(
    @Param('listId', ParseUUIDPipe) listId: string, @Body({ schema: enterPaperListRequest }) request: EnterPaperListRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PaperListAnswer> {
    return this.enterList.execute(listId, request, staff);
  }

  @Post('paper-lists/:listId/lines/:paperLineId/decide')
  @HttpCode(200)
  @Access('street', 'finance', 'supervisor')
  @ApiOperation({ operationId: 'decidePaperLine', summary: 'A second person decides on a line entered too late' })
  @ApiResponse({ status: 200, standardSchema: paperListAnswer })
  decide(
    @Param('listId', ParseUUIDPipe) listId: string, @Param('paperLineId', ParseUUIDPipe) lineId: string,
    @Body({ schema: decidePaperLineRequest }) request: DecidePaperLineRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PaperListAnswer> {
    return this.decideLine.execute({ listId, lineId }, request, staff);
  }

  @Post('paper-lists/:listId/lines/:paperLineId/check')
  @HttpCode(200)
  @Access('street', 'finance', 'supervisor')
  @ApiOperation({ operationId: 'checkPaperLine', summary: 'What the senior said on the phone' })
  @ApiResponse({ status: 200, standardSchema: paperListAnswer })
  check(
    @Param('listId', ParseUUIDPipe) listId: string, @Param('paperLineId', ParseUUIDPipe) lineId: string,
    @Body({ schema: checkPaperLineRequest }) request: CheckPaperLineRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PaperListAnswer> {
    return this.decideLine.check({ listId, lineId }, request, staff);
  }
}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { doneAnswer, type DoneAnswer } from '../../contract/access.js';
import {
  askScanRequest, assignExceptionRequest, changeExceptionSettingsRequest, closeExceptionRequest, commentExceptionRequest,
  exceptionAnswer, exceptionChoicesAnswer, exceptionFileQuery, exceptionListAnswer, exceptionListQuery, exceptionSettingsAnswer, exceptionSummaryAnswer, exceptionSummaryQuery,
  scanAskedAnswer, scanListAnswer,
  type AskScanRequest, type AssignExceptionRequest, type ChangeExceptionSettingsRequest, type CloseExceptionRequest, type CommentExceptionRequest,
  type ExceptionAnswer, type ExceptionChoicesAnswer, type ExceptionFilters, type ExceptionListAnswer, type ExceptionListQuery,
  type ExceptionSettingsAnswer, type ExceptionSummaryAnswer, type ExceptionSummaryQuery, type ScanAskedAnswer, type ScanListAnswer,
} from '../../contract/exceptions.js';
import { parseBusinessDay } from '../../domain/kernel/business-day.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { AskScan } from './ask-scan.js';
import { ExceptionSettingsBook } from './exception-settings-book.js';
import { ExportFindings } from './export-findings.js';
import { FindingDetails } from './finding-detail.query.js';
import { FindingLists } from './finding-list.query.js';
import { FindingScope } from './finding-scope.js';
import { ScanRuns } from './scan-runs.js';
import { WorkOnFinding } from './work-on-finding.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const DONE: DoneAnswer = { done: true };

/** What the checks found, who works on it, and how it ended. */
@Controller('exceptions')
export class ExceptionsController {
  constructor(
    private readonly lists: FindingLists, private readonly details: FindingDetails, private readonly work: WorkOnFinding,
    private readonly files: ExportFindings, private readonly settings: ExceptionSettingsBook, private readonly runs: ScanRuns,
    private readonly askFor: AskScan, private readonly scope: FindingScope,
  ) {}

  @Get()
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listExceptions', summary: 'Findings of the exception checks' })
  @ApiResponse({ status: 200, standardSchema: exceptionListAnswer })
  async list(@Query({ schema: exceptionListQuery }) query: ExceptionListQuery, @CurrentStaff() staff: StaffIdentity): Promise<ExceptionListAnswer> {
    return this.lists.list(query, staff);
  }

  @Get('file.xlsx')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'exportExceptions', summary: 'The list of findings as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async file(@Query({ schema: exceptionFileQuery }) query: ExceptionFilters, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const { fileName, content } = await this.files.execute(query, actor);
    return new StreamableFile(content, { type: XLSX, disposition: `attachment; filename="exceptions.xlsx"; filename*=UTF-8''${encodeURIComponent(fileName)}`, length: content.length });
  }

  @Get('choices')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listExceptionChoices', summary: 'Kinds, points and people who can own an exception' })
  @ApiResponse({ status: 200, standardSchema: exceptionChoicesAnswer })
  async choices(@CurrentStaff() staff: StaffIdentity): Promise<ExceptionChoicesAnswer> {
    return this.lists.choices(staff);
  }

  @Get('summary')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'summariseExceptions', summary: 'Findings per kind and week, with outcomes' })
  @ApiResponse({ status: 200, standardSchema: exceptionSummaryAnswer })
  async summary(@Query({ schema: exceptionSummaryQuery }) query: ExceptionSummaryQuery, @CurrentStaff() staff: StaffIdentity): Promise<ExceptionSummaryAnswer> {
    return this.lists.summary(query, staff);
  }

  @Get('scans')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listExceptionScans', summary: 'The last runs of the checks' })
  @ApiResponse({ status: 200, standardSchema: scanListAnswer })
  async scans(@CurrentStaff() staff: StaffIdentity): Promise<ScanListAnswer> {
    return { rows: await this.runs.list(await this.scope.streetOf(staff)) };
  }

  @Post('scans')
  @Access('finance', 'street', 'supervisor')
  @ApiOperation({ operationId: 'askExceptionScan', summary: 'Run the checks over some days now' })
  @ApiResponse({ status: 201, standardSchema: scanAskedAnswer })
  async ask(@Body({ schema: askScanRequest }) body: AskScanRequest, @CurrentActor() actor: Actor): Promise<ScanAskedAnswer> {
    const streetId = await this.scope.wholeStreet(actor.staff);
    return { scanId: await this.askFor.execute(streetId, parseBusinessDay(body.from), parseBusinessDay(body.to), actor) };
  }

  @Get('settings')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'readExceptionSettings', summary: 'Thresholds of the checks with their sources' })
  @ApiResponse({ status: 200, standardSchema: exceptionSettingsAnswer })
  async readSettings(@CurrentStaff() staff: StaffIdentity): Promise<ExceptionSettingsAnswer> {
    return this.settings.show(await this.scope.streetOf(staff));
  }

  @Put('settings')
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'changeExceptionSettings', summary: 'Set thresholds of the checks' })
  @ApiResponse({ status: 200, standardSchema: exceptionSettingsAnswer })
  async changeSettings(@Body({ schema: changeExceptionSettingsRequest }) body: ChangeExceptionSettingsRequest, @CurrentActor() actor: Actor): Promise<ExceptionSettingsAnswer> {
    return this.settings.change(await this.scope.wholeStreet(actor.staff), body, actor);
  }

  @Get(':findingId')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'readException', summary: 'One finding with its rows, history and requests' })
  @ApiResponse({ status: 200, standardSchema: exceptionAnswer })
  async detail(@Param('findingId', ParseUUIDPipe) findingId: string, @CurrentStaff() staff: StaffIdentity): Promise<ExceptionAnswer> {
    return this.details.read(findingId, staff);
  }

  @Post(':findingId/assign')
  @HttpCode(200)
  @Access('finance', 'street', 'supervisor')
  @ApiOperation({ operationId: 'assignException', summary: 'Give a finding an owner and a due day' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async assign(
    @Param('findingId', ParseUUIDPipe) findingId: string, @Body({ schema: assignExceptionRequest }) body: AssignExceptionRequest, @CurrentActor() actor: Actor,
  ): Promise<DoneAnswer> {
    await this.work.assign(findingId, body, actor);
    return DONE;
  }

  @Post(':findingId/comment')
  @HttpCode(200)
  @Access('finance', 'street', 'supervisor')
  @ApiOperation({ operationId: 'commentException', summary: 'Add a note to a finding' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async comment(
    @Param('findingId', ParseUUIDPipe) findingId: string, @Body({ schema: commentExceptionRequest }) body: CommentExceptionRequest, @CurrentActor() actor: Actor,
  ): Promise<DoneAnswer> {
    await this.work.comment(findingId, body, actor);
    return DONE;
  }

  @Post(':findingId/close')
  @HttpCode(200)
  @Access('finance', 'street', 'supervisor')
  @ApiOperation({ operationId: 'closeException', summary: 'End a finding: explained, confirmed or passed on' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async close(
    @Param('findingId', ParseUUIDPipe) findingId: string, @Body({ schema: closeExceptionRequest }) body: CloseExceptionRequest, @CurrentActor() actor: Actor,
  ): Promise<DoneAnswer> {
    await this.work.close(findingId, body, actor);
    return DONE;
  }
}

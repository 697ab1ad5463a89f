import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  confirmImportAnswer, importDetail, importListAnswer, matchLineRequest, uploadListRequest,
  type ConfirmImportAnswer, type ImportDetail, type ImportListAnswer, type MatchLineRequest, type UploadListRequest,
} from '../../../contract/list-imports.js';
import { doneAnswer, pathId } from '../../../contract/seniors.js';
import { Access } from '../../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../../infra/http/actor.js';
import { ImportLists } from './import-list.query.js';
import { ListImports } from './list-imports.js';

/** Lists of deaths and categories: upload, match, confirm by a second person, result. */
@ApiTags('life-events')
@Controller('list-imports')
export class ListImportsController {
  constructor(private readonly imports: ListImports, private readonly lists: ImportLists) {}

  @Get()
  @Access('administrator', 'street', 'auditor')
  @ApiOperation({ operationId: 'listImports', summary: 'Imported lists of the street' })
  @ApiResponse({ status: 200, standardSchema: importListAnswer })
  list(@CurrentActor() actor: Actor): Promise<ImportListAnswer> {
    return this.lists.list(actor);
  }

  @Post()
  @Access('street')
  @ApiOperation({ operationId: 'uploadList', summary: 'Read a file and preview it; the register stays as it is' })
  @ApiResponse({ status: 201, standardSchema: importDetail })
  upload(@Body({ schema: uploadListRequest }) request: UploadListRequest, @CurrentActor() actor: Actor): Promise<ImportDetail> {
    return this.imports.upload(request, actor);
  }

  @Get(':importId')
  @Access('administrator', 'street', 'auditor')
  @ApiOperation({ operationId: 'readImport', summary: 'An imported list with every line and its problem' })
  @ApiResponse({ status: 200, standardSchema: importDetail })
  read(@Param('importId', { schema: pathId }) importId: string, @CurrentActor() actor: Actor): Promise<ImportDetail> {
    return this.lists.detail(importId, actor);
  }

  @Get(':importId/result')
  @Access('street', 'auditor')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="import-result.csv"')
  @ApiOperation({ operationId: 'importResult', summary: 'What became of each line, as CSV' })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 200, description: 'RFC 4180 with a byte order mark', content: { 'text/csv': { schema: { type: 'string' } } } })
  result(@Param('importId', { schema: pathId }) importId: string, @CurrentActor() actor: Actor): Promise<string> {
    return this.lists.result(importId, actor);
  }

  @Post(':importId/lines/:lineId/match')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'matchImportLine', summary: 'A person says whom a line means' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  match(
    @Param('importId', { schema: pathId }) importId: string, @Param('lineId', { schema: pathId }) lineId: string,
    @Body({ schema: matchLineRequest }) request: MatchLineRequest, @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.imports.match(importId, lineId, request, actor);
  }

  @Post(':importId/confirm')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'confirmImport', summary: 'A second person confirms; every ready line becomes its event, once' })
  @ApiResponse({ status: 200, standardSchema: confirmImportAnswer })
  confirm(@Param('importId', { schema: pathId }) importId: string, @CurrentActor() actor: Actor): Promise<ConfirmImportAnswer> {
    return this.imports.confirm(importId, actor);
  }

  @Post(':importId/discard')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'discardImport', summary: 'Give the preview up' })
  @ApiResponse({ status: 200, standardSchema: confirmImportAnswer })
  discard(@Param('importId', { schema: pathId }) importId: string, @CurrentActor() actor: Actor): Promise<ConfirmImportAnswer> {
    return this.imports.discard(importId, actor);
  }
}

import { Body, Controller, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  changeSeniorStatusRequest, createSeniorAnswer, createSeniorRequest, doneAnswer, editSeniorRequest, pathId, revealIdNumberAnswer, revealPhoneAnswer,
  revealNumberRequest, seniorDetail, seniorHistoryAnswer, seniorListAnswer, seniorListQuery, seniorPlacesAnswer, seniorWalletAnswer,
  type ChangeSeniorStatusRequest, type CreateSeniorAnswer, type CreateSeniorRequest, type EditSeniorRequest,
  type RevealNumberRequest, type SeniorDetail, type SeniorHistoryAnswer, type SeniorListAnswer,
  type SeniorListQuery as Filter, type SeniorPlacesAnswer, type SeniorWalletAnswer,
} from '../../contract/seniors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { ChangeSeniorStatus } from './change-senior-status.js';
import { CreateSenior } from './create-senior.js';
import { EditSenior } from './edit-senior.js';
import { ExportSeniors } from './export-seniors.js';
import { RevealNumber } from './reveal-number.js';
import { SeniorQueries } from './senior-queries.js';

/** The register: find, add and change seniors. Crews, volunteers and finance never come here. */
@ApiTags('seniors')
@Controller('seniors')
export class SeniorsController {
  constructor(
    private readonly queries: SeniorQueries,
    private readonly createSenior: CreateSenior,
    private readonly editSenior: EditSenior,
    private readonly changeStatus: ChangeSeniorStatus,
    private readonly revealNumber: RevealNumber,
    private readonly exportSeniors: ExportSeniors,
  ) {}

  @Get()
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'listSeniors', summary: 'Seniors inside the scope, searched and filtered' })
  @ApiResponse({ status: 200, standardSchema: seniorListAnswer })
  list(@Query({ schema: seniorListQuery }) filter: Filter, @CurrentActor() actor: Actor): Promise<SeniorListAnswer> {
    return this.queries.list.run(filter, actor.staff);
  }

  @Get('export')
  @Access('administrator', 'street', 'attendant')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="seniors.csv"')
  @ApiOperation({ operationId: 'exportSeniors', summary: 'The filtered list as CSV, phones masked' })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 200, description: 'RFC 4180 with a byte order mark', content: { 'text/csv': { schema: { type: 'string' } } } })
  export(@Query({ schema: seniorListQuery }) filter: Filter, @CurrentActor() actor: Actor): Promise<string> {
    return this.exportSeniors.execute(filter, actor);
  }

  @Get('places')
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'seniorPlaces', summary: 'Communities and points that the form may offer' })
  @ApiResponse({ status: 200, standardSchema: seniorPlacesAnswer })
  places(@CurrentActor() actor: Actor): Promise<SeniorPlacesAnswer> {
    return this.queries.places.run(actor.staff);
  }

  @Post()
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'createSenior', summary: 'Put a person on the register' })
  @ApiResponse({ status: 201, standardSchema: createSeniorAnswer })
  create(@Body({ schema: createSeniorRequest }) request: CreateSeniorRequest, @CurrentActor() actor: Actor): Promise<CreateSeniorAnswer> {
    return this.createSenior.execute(request, actor);
  }

  @Get(':seniorId')
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'readSenior', summary: 'Everything on record about one senior, ID number masked' })
  @ApiResponse({ status: 200, standardSchema: seniorDetail })
  read(@Param('seniorId', { schema: pathId }) seniorId: string, @CurrentActor() actor: Actor): Promise<SeniorDetail> {
    return this.queries.detail.run(seniorId, actor);
  }

  @Patch(':seniorId')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'editSenior', summary: 'Change what the register says' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  edit(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: editSeniorRequest }) request: EditSeniorRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.editSenior.execute(seniorId, request, actor);
  }

  @Post(':seniorId/status')
  @HttpCode(200)
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'changeSeniorStatus', summary: 'Suspend, end or restore a registration' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  status(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: changeSeniorStatusRequest }) request: ChangeSeniorStatusRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.changeStatus.execute(seniorId, request, actor);
  }

  @Post(':seniorId/id-number')
  @HttpCode(200)
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'revealIdNumber', summary: 'The whole ID number, for a reason, on record' })
  @ApiResponse({ status: 200, standardSchema: revealIdNumberAnswer })
  reveal(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: revealNumberRequest }) request: RevealNumberRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ idNumber: string }> {
    return this.revealNumber.idNumber(seniorId, request, actor);
  }

  @Post(':seniorId/phone')
  @HttpCode(200)
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'revealPhone', summary: 'The whole telephone number, for a reason, on record' })
  @ApiResponse({ status: 200, standardSchema: revealPhoneAnswer })
  revealWholePhone(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: revealNumberRequest }) request: RevealNumberRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ phone: string }> {
    return this.revealNumber.phone(seniorId, request, actor);
  }

  @Get(':seniorId/wallet')
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'seniorWallet', summary: 'What a senior has stored' })
  @ApiResponse({ status: 200, standardSchema: seniorWalletAnswer })
  wallet(@Param('seniorId', { schema: pathId }) seniorId: string, @CurrentActor() actor: Actor): Promise<SeniorWalletAnswer> {
    return this.queries.wallet.run(seniorId, actor);
  }

  @Get(':seniorId/history')
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'seniorHistory', summary: 'What was done to this record' })
  @ApiResponse({ status: 200, standardSchema: seniorHistoryAnswer })
  history(@Param('seniorId', { schema: pathId }) seniorId: string, @CurrentActor() actor: Actor): Promise<SeniorHistoryAnswer> {
    return this.queries.history.run(seniorId, actor);
  }
}

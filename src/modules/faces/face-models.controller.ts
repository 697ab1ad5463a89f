import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  comingModelRequest, faceModelDoneAnswer, faceModelsAnswer, missingFacesAnswer, missingFacesQuery, setFormerFaceDaysRequest, setLivenessRequest,
  type ComingModelRequest, type FaceModelsAnswer, type MissingFacesAnswer, type MissingFacesQuery, type SetFormerFaceDaysRequest, type SetLivenessRequest,
} from '../../contract/faces.js';
import { riskBound, setRiskBoundRequest, type RiskBound, type SetRiskBoundRequest } from '../../contract/risk-bound.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { ChangeFaceModels } from './change-face-models.js';
import { FaceModelsQuery } from './face-models.query.js';
import { FormerFaceTerm } from './former-face-term.js';
import { RiskChoicesQuery } from './risk-choices.query.js';

/** Which embedder is in use, which is coming, and who is still to be captured with it. */
@ApiTags('devices')
@Controller('face-models')
export class FaceModelsController {
  constructor(
    private readonly query: FaceModelsQuery, private readonly choices: RiskChoicesQuery, private readonly change: ChangeFaceModels, private readonly term: FormerFaceTerm,
  ) {}

  @Get()
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'listFaceModels', summary: 'Models in use and coming, and how many people have a face by each' })
  @ApiResponse({ status: 200, standardSchema: faceModelsAnswer })
  list(@CurrentActor() actor: Actor): Promise<FaceModelsAnswer> {
    return this.query.progress(actor.staff);
  }

  @Get('missing')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'listMissingFaces', summary: 'Who is still to be captured with the coming model' })
  @ApiResponse({ status: 200, standardSchema: missingFacesAnswer })
  missing(@Query({ schema: missingFacesQuery }) query: MissingFacesQuery, @CurrentActor() actor: Actor): Promise<MissingFacesAnswer> {
    return this.query.missing(query, actor.staff);
  }

  @Post('coming')
  @HttpCode(200)
  @Access('administrator')
  @ApiOperation({ operationId: 'beginFaceModel', summary: 'Begin to capture people with another model' })
  @ApiResponse({ status: 200, standardSchema: faceModelDoneAnswer })
  begin(@Body({ schema: comingModelRequest }) request: ComingModelRequest, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.change.begin(request, actor);
  }

  @Put('liveness')
  @Access('administrator')
  @ApiOperation({ operationId: 'setLiveness', summary: 'When a head turn is asked of whoever pays by the face' })
  @ApiResponse({ status: 200, standardSchema: faceModelDoneAnswer })
  setLiveness(@Body({ schema: setLivenessRequest }) { liveness }: SetLivenessRequest, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.change.setLiveness(liveness, actor);
  }

  @Get('risk-bound')
  @Access('administrator')
  @ApiOperation({ operationId: 'readRiskBound', summary: 'The bound for strangers, and what each choice would cost the own street' })
  @ApiResponse({ status: 200, standardSchema: riskBound })
  riskBound(@CurrentActor() actor: Actor): Promise<RiskBound> {
    return this.choices.run(actor.staff);
  }

  @Put('risk-bound')
  @Access('administrator')
  @ApiOperation({ operationId: 'setRiskBound', summary: 'How often a stranger may be taken for somebody by the face alone' })
  @ApiResponse({ status: 200, standardSchema: faceModelDoneAnswer })
  setRiskBound(@Body({ schema: setRiskBoundRequest }) request: SetRiskBoundRequest, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.change.setRiskBound(request, actor);
  }

  @Put('former-days')
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'setFormerFaceDays', summary: 'How long the street keeps the face before; 0: not at all' })
  @ApiResponse({ status: 200, standardSchema: faceModelDoneAnswer })
  setFormerDays(@Body({ schema: setFormerFaceDaysRequest }) { days }: SetFormerFaceDaysRequest, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.term.set(days, actor);
  }

  @Post('switch')
  @HttpCode(200)
  @Access('administrator')
  @ApiOperation({ operationId: 'switchFaceModel', summary: 'Kiosks change to the coming model' })
  @ApiResponse({ status: 200, standardSchema: faceModelDoneAnswer })
  switchOver(@CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.change.switchOver(actor);
  }
}

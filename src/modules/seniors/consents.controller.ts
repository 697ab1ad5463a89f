import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { enrolFaceAnswer, enrolFaceRequest, restoreFaceRequest, type EnrolFaceAnswer, type EnrolFaceRequest, type RestoreFaceRequest } from '../../contract/faces.js';
import {
  doneAnswer, faceStateAnswer, giveConsentAnswer, giveConsentRequest, pathId, withdrawConsentRequest,
  type FaceStateAnswer, type GiveConsentRequest, type WithdrawConsentRequest,
} from '../../contract/seniors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import type { AppRequest } from '../../infra/http/request-context.js';
import { ChangeConsents } from './change-consents.js';
import { EnrolFace } from './enrol-face.js';
import { FaceStateQuery } from './face-state.query.js';
import { RestoreFace } from './restore-face.js';

/** Consents and what rests on them. Withdrawal is one action, as easy as giving. */
@ApiTags('seniors')
@Controller('seniors/:seniorId')
export class ConsentsController {
  constructor(
    private readonly consents: ChangeConsents, private readonly enrolFace: EnrolFace, private readonly faceState: FaceStateQuery,
    private readonly restoreFace: RestoreFace,
  ) {}

  @Post('consents')
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'giveConsent', summary: 'Record one consent' })
  @ApiResponse({ status: 201, standardSchema: giveConsentAnswer })
  give(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: giveConsentRequest }) request: GiveConsentRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ id: string }> {
    return this.consents.give(seniorId, request, actor);
  }

  @Post('consents/withdrawal')
  @HttpCode(200)
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'withdrawConsent', summary: 'End a consent; the template goes with it' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  withdraw(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: withdrawConsentRequest }) request: WithdrawConsentRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.consents.withdraw(seniorId, request.purpose, actor);
  }

  @Get('face')
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'readFaceState', summary: 'Where the face stands and which kiosks have confirmed; never a template' })
  @ApiResponse({ status: 200, standardSchema: faceStateAnswer })
  state(@Param('seniorId', { schema: pathId }) seniorId: string, @CurrentActor() actor: Actor): Promise<FaceStateAnswer> {
    return this.faceState.run(seniorId, actor);
  }

  @Post('face')
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'enrolFace', summary: 'Keep a template of three to five frames, under a standing consent' })
  @ApiResponse({ status: 201, standardSchema: enrolFaceAnswer })
  enrol(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: enrolFaceRequest }) request: EnrolFaceRequest,
    @CurrentActor() actor: Actor,
    @Req() { ip }: AppRequest,
  ): Promise<EnrolFaceAnswer> {
    return this.enrolFace.execute(seniorId, request, actor, { ip });
  }

  @Post('face/restored')
  @HttpCode(200)
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'restoreFace', summary: 'Put an earlier face back, with two people' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  restore(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: restoreFaceRequest }) request: RestoreFaceRequest,
    @CurrentActor() actor: Actor,
    @Req() { ip }: AppRequest,
  ): Promise<{ done: true }> {
    return this.restoreFace.execute(seniorId, request, actor, ip);
  }
}

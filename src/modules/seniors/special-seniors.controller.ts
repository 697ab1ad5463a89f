import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  applySpecialSeniorRequest, approveSpecialSeniorRequest, pathId, refuseSpecialSeniorRequest, specialSeniorListAnswer,
  specialSeniorQuery, specialSeniorStepAnswer,
  type ApplySpecialSeniorRequest, type ApproveSpecialSeniorRequest, type RefuseSpecialSeniorRequest, type SpecialSeniorListAnswer,
  type SpecialSeniorQuery,
} from '../../contract/seniors.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { SpecialSeniorStatus } from '../../domain/persons/index.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { DecideSpecialSenior } from './decide-special-senior.js';
import { SpecialSeniorListQuery } from './special-senior-list.query.js';

interface StepAnswer { id: string; status: SpecialSeniorStatus }

/** Special seniors: applied for at the point or in the community, checked in the community, decided in the street. */
@ApiTags('seniors')
@Controller()
export class SpecialSeniorsController {
  constructor(private readonly decide: DecideSpecialSenior, private readonly list: SpecialSeniorListQuery) {}

  @Get('special-seniors')
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'listSpecialSeniors', summary: 'Applications and decisions inside the scope' })
  @ApiResponse({ status: 200, standardSchema: specialSeniorListAnswer })
  applications(@Query({ schema: specialSeniorQuery }) query: SpecialSeniorQuery, @CurrentActor() actor: Actor): Promise<SpecialSeniorListAnswer> {
    return this.list.run(query, actor.staff);
  }

  @Post('seniors/:seniorId/special-senior')
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'applySpecialSenior', summary: 'First step: apply' })
  @ApiResponse({ status: 201, standardSchema: specialSeniorStepAnswer })
  apply(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: applySpecialSeniorRequest }) request: ApplySpecialSeniorRequest,
    @CurrentActor() actor: Actor,
  ): Promise<StepAnswer> {
    return this.decide.apply(seniorId, request, actor);
  }

  @Post('special-seniors/:applicationId/community-check')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'checkSpecialSenior', summary: 'Second step: the community has checked' })
  @ApiResponse({ status: 200, standardSchema: specialSeniorStepAnswer })
  check(@Param('applicationId', { schema: pathId }) applicationId: string, @CurrentActor() actor: Actor): Promise<StepAnswer> {
    return this.decide.step(applicationId, { kind: 'community-check' }, actor);
  }

  @Post('special-seniors/:applicationId/approve')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'approveSpecialSenior', summary: 'Third step: the street approves until a day' })
  @ApiResponse({ status: 200, standardSchema: specialSeniorStepAnswer })
  approve(
    @Param('applicationId', { schema: pathId }) applicationId: string,
    @Body({ schema: approveSpecialSeniorRequest }) request: ApproveSpecialSeniorRequest,
    @CurrentActor() actor: Actor,
  ): Promise<StepAnswer> {
    const validity = { validFrom: request.validFrom as BusinessDay, validTo: request.validTo as BusinessDay };
    return this.decide.step(applicationId, { kind: 'approve', validity }, actor);
  }

  @Post('special-seniors/:applicationId/refuse')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'refuseSpecialSenior', summary: 'Community or street refuses, with the reason' })
  @ApiResponse({ status: 200, standardSchema: specialSeniorStepAnswer })
  refuse(
    @Param('applicationId', { schema: pathId }) applicationId: string,
    @Body({ schema: refuseSpecialSeniorRequest }) request: RefuseSpecialSeniorRequest,
    @CurrentActor() actor: Actor,
  ): Promise<StepAnswer> {
    return this.decide.step(applicationId, { kind: 'refuse', reason: request.reason }, actor);
  }
}

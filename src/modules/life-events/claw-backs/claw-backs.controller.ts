import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  clawBackListAnswer, clawBackQuery, decideClawBackAnswer, decideClawBackRequest, mealsAfterAnswer, proposeClawBackAnswer, proposeClawBackRequest,
  type ClawBackListAnswer, type ClawBackQuery, type DecideClawBackAnswer, type DecideClawBackRequest, type MealsAfterAnswer, type ProposeClawBackRequest,
} from '../../../contract/life-events.js';
import { pathId } from '../../../contract/seniors.js';
import { Access } from '../../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../../infra/http/actor.js';
import { IdempotencyKey } from '../../../infra/http/request-context.js';
import { ClawBacks } from './claw-backs.js';

/** Meals after an event, and the return of their money. */
@ApiTags('life-events')
@Controller()
export class ClawBacksController {
  constructor(private readonly clawBacks: ClawBacks) {}

  @Get('life-events/:lifeEventId/meals')
  @Access('administrator', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'mealsAfterLifeEvent', summary: 'Meals posted after the event, with gross, own part and each payer’s share' })
  @ApiResponse({ status: 200, standardSchema: mealsAfterAnswer })
  meals(@Param('lifeEventId', { schema: pathId }) eventId: string, @CurrentActor() actor: Actor): Promise<MealsAfterAnswer> {
    return this.clawBacks.ofEvent(eventId, actor);
  }

  @Get('claw-backs')
  @Access('administrator', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listClawBacks', summary: 'Meals after life events inside the scope' })
  @ApiResponse({ status: 200, standardSchema: clawBackListAnswer })
  list(@Query({ schema: clawBackQuery }) query: ClawBackQuery, @CurrentActor() actor: Actor): Promise<ClawBackListAnswer> {
    return this.clawBacks.list(query, actor);
  }

  @Post('life-events/:lifeEventId/claw-backs')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'proposeClawBack', summary: 'Propose meals of the event’s list' })
  @ApiResponse({ status: 200, standardSchema: proposeClawBackAnswer })
  propose(
    @Param('lifeEventId', { schema: pathId }) eventId: string, @Body({ schema: proposeClawBackRequest }) request: ProposeClawBackRequest, @CurrentActor() actor: Actor,
  ): Promise<{ proposed: number }> {
    return this.clawBacks.propose(eventId, request, actor);
  }

  @Post('claw-backs/:mealId/decision')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'decideClawBack', summary: 'A second person approves (the reversal is posted today) or refuses' })
  @ApiResponse({ status: 200, standardSchema: decideClawBackAnswer })
  decide(
    @Param('mealId', { schema: pathId }) mealId: string, @Body({ schema: decideClawBackRequest }) request: DecideClawBackRequest,
    @CurrentActor() actor: Actor, @IdempotencyKey() key: string,
  ): Promise<DecideClawBackAnswer> {
    return this.clawBacks.decide(mealId, request, actor, key);
  }
}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  agreeFreeRequest, askFreeRequest, freeStopAnswer, postStopAnswer, postStopRequest, rejectStopRequest, unpostedStopAnswer, unpostedStopQuery,
  type AskFreeRequest, type RejectStopRequest, type FreeStopAnswer, type PostStopAnswer, type UnpostedStopAnswer, type UnpostedStopQuery,
} from '../../contract/unposted.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { GiveStopFree } from './give-stop-free.js';
import { PostDeliveredStop } from './post-delivered-stop.js';
import { RejectStop } from './reject-stop.js';
import { UnpostedStops } from './unposted-stop-list.query.js';

/** Delivered meals that nobody has been charged or paid for, and what can be done about each. */
@Controller('delivery/unposted')
export class UnpostedStopsController {
  constructor(private readonly stops: UnpostedStops, private readonly postStop: PostDeliveredStop, private readonly giveFree: GiveStopFree, private readonly rejectStop: RejectStop) {}

  @Get()
  @Access('street', 'finance', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'listUnpostedStops', summary: 'Delivered stops without a posted meal' })
  @ApiResponse({ status: 200, standardSchema: unpostedStopAnswer })
  list(@Query({ schema: unpostedStopQuery }) query: UnpostedStopQuery, @CurrentStaff() staff: StaffIdentity): Promise<UnpostedStopAnswer> {
    return this.stops.list(query, staff);
  }

  @Post(':stopId/post')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'postUnpostedStop', summary: 'Post the meal of a delivered stop under the rule of its day, once' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: postStopAnswer })
  post(
    @Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: postStopRequest }) _request: object, @CurrentActor() actor: Actor, @IdempotencyKey() key: string,
  ): Promise<PostStopAnswer> {
    return this.postStop.execute(stopId, actor, key);
  }

  @Post(':stopId/free')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'askStopFree', summary: 'Ask that a delivered meal be given free, with a reason' })
  @ApiResponse({ status: 200, standardSchema: freeStopAnswer })
  askFree(@Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: askFreeRequest }) request: AskFreeRequest, @CurrentActor() actor: Actor): Promise<FreeStopAnswer> {
    return this.giveFree.ask(stopId, request.reason, actor);
  }

  @Post(':stopId/reject')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'rejectDelivery', summary: 'Judge that a delivery held for review cannot have been: neither posted nor paid' })
  @ApiResponse({ status: 200, standardSchema: freeStopAnswer })
  reject(@Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: rejectStopRequest }) request: RejectStopRequest, @CurrentActor() actor: Actor): Promise<FreeStopAnswer> {
    return this.rejectStop.execute(stopId, request.reason, actor);
  }

  @Post(':stopId/free/agree')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'agreeStopFree', summary: 'Agree, as another role, that a delivered meal is given free' })
  @ApiResponse({ status: 200, standardSchema: freeStopAnswer })
  agreeFree(@Param('stopId', ParseUUIDPipe) stopId: string, @Body({ schema: agreeFreeRequest }) _request: object, @CurrentActor() actor: Actor): Promise<FreeStopAnswer> {
    return this.giveFree.agree(stopId, actor);
  }
}

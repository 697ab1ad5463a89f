import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  decideOfferAnswer, decideOfferRequest, deliveryOffersAnswer, seenRequest, unseenAnswer, unseenQuery,
  type DecideOfferAnswer, type DecideOfferRequest, type DeliveryOffersAnswer,
  type SeenRequest, type UnseenAnswer, type UnseenQuery,
} from '../../contract/life-events.js';
import { doneAnswer, pathId } from '../../contract/seniors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { DeliveryOffers } from './delivery-offers.js';
import { RecordSeen } from './record-seen.js';
import { UnseenQueue } from './unseen.query.js';

/** The community's lists: who was not seen, who turned 90. */
@ApiTags('life-events')
@Controller()
export class LifeReviewsController {
  constructor(
    private readonly unseen: UnseenQueue, private readonly recordSeen: RecordSeen, private readonly offers: DeliveryOffers,
  ) {}

  @Get('unseen-seniors')
  @Access('administrator', 'street', 'auditor')
  @ApiOperation({ operationId: 'listUnseenSeniors', summary: 'People without any sign of life for 30, 60 or 90 days' })
  @ApiResponse({ status: 200, standardSchema: unseenAnswer })
  unseenSeniors(@Query({ schema: unseenQuery }) query: UnseenQuery, @CurrentActor() actor: Actor): Promise<UnseenAnswer> {
    return this.unseen.run(query, actor);
  }

  @Post('seniors/:seniorId/seen')
  @HttpCode(200)
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'recordSeen', summary: 'Somebody’s word that the person is well' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  seen(
    @Param('seniorId', { schema: pathId }) seniorId: string, @Body({ schema: seenRequest }) request: SeenRequest, @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.recordSeen.execute(seniorId, request, actor);
  }

  @Get('delivery-offers')
  @Access('administrator', 'street', 'auditor')
  @ApiOperation({ operationId: 'listDeliveryOffers', summary: 'People who turned 90 and may have meals delivered' })
  @ApiResponse({ status: 200, standardSchema: deliveryOffersAnswer })
  deliveryOffers(@CurrentActor() actor: Actor): Promise<DeliveryOffersAnswer> {
    return this.offers.list(actor);
  }

  @Post('delivery-offers/:lifeEventId/decision')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'decideDeliveryOffer', summary: 'Accepted: delivered lunches begin tomorrow' })
  @ApiResponse({ status: 200, standardSchema: decideOfferAnswer })
  decideOffer(
    @Param('lifeEventId', { schema: pathId }) eventId: string, @Body({ schema: decideOfferRequest }) request: DecideOfferRequest, @CurrentActor() actor: Actor,
  ): Promise<DecideOfferAnswer> {
    return this.offers.decide(eventId, request, actor);
  }
}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  acceptPortionsRequest, givePortionsRequest, sendPortionsRequest, takeBackPortionsRequest, transferAnswer, transfersAnswer, transfersQuery,
  type AcceptPortionsRequest, type GivePortionsRequest, type SendPortionsRequest, type TransferAnswer, type TransfersAnswer, type TransfersQuery,
} from '../../contract/closing.js';
import { pointPortionsAnswer, type PointPortionsAnswer } from '../../contract/kitchen.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { EndTransfer } from './end-transfer.js';
import { GivePortions } from './give-portions.js';
import { LiveAdvice } from './live-advice.query.js';
import { PortionTransfers } from './portion-transfers.query.js';
import { SendPortions } from './send-portions.js';

/** Portions that leave a point other than by a sale: to another point, or without a price. */
@Controller('points/:pointId')
export class PortionMovesController {
  constructor(
    private readonly scope: PointScope, private readonly transfers: PortionTransfers, private readonly sendPortions: SendPortions,
    private readonly endTransfer: EndTransfer, private readonly givePortions: GivePortions, private readonly advice: LiveAdvice, private readonly clock: Clock,
  ) {}

  @Get('transfers')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listPortionTransfers', summary: 'Portions on their way from and to a point, and what sales propose to move' })
  @ApiResponse({ status: 200, standardSchema: transfersAnswer })
  async list(@Param('pointId', ParseUUIDPipe) pointId: string, @Query({ schema: transfersQuery }) query: TransfersQuery, @CurrentStaff() staff: StaffIdentity): Promise<TransfersAnswer> {
    await this.scope.narrowed(staff, pointId);
    const day = (query.day ?? this.clock.today()) as BusinessDay;
    const [moves, proposals] = await Promise.all([this.transfers.ofDay(pointId, day), day === this.clock.today() ? this.advice.transfersOf(pointId as PointId, staff) : []]);
    return { ...moves, proposals };
  }

  @Post('transfers')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'sendPortions', summary: 'Send portions to another point' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: transferAnswer })
  async send(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: sendPortionsRequest }) request: SendPortionsRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<TransferAnswer> {
    return { transfer: await this.sendPortions.execute(pointId, request, staff, key) };
  }

  @Post('transfers/:transferId/accept')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'acceptPortions', summary: 'Count portions in that another point sent' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: transferAnswer })
  async accept(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Param('transferId', ParseUUIDPipe) transferId: string,
    @Body({ schema: acceptPortionsRequest }) request: AcceptPortionsRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<TransferAnswer> {
    return { transfer: await this.endTransfer.execute({ pointId, transferId }, request, staff, key) };
  }

  @Post('transfers/:transferId/take-back')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'takeBackPortions', summary: 'Take back portions that nobody has accepted yet' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: transferAnswer })
  async takeBack(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Param('transferId', ParseUUIDPipe) transferId: string,
    @Body({ schema: takeBackPortionsRequest }) _request: object, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<TransferAnswer> {
    return { transfer: await this.endTransfer.execute({ pointId, transferId }, null, staff, key) };
  }

  @Post('gifts')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'givePortions', summary: 'Give portions without a price' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: pointPortionsAnswer })
  give(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: givePortionsRequest }) request: GivePortionsRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<PointPortionsAnswer> {
    return this.givePortions.execute(pointId, request, staff, key);
  }
}

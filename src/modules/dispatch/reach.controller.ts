import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { learntAnswer, learntQuery, type LearntAnswer, type LearntQuery } from '../../contract/learnt.js';
import { nextPointAnswer, nextPointQuery, reachAnswer, reachQuery, type NextPointAnswer, type NextPointQuery, type ReachAnswer, type ReachQuery } from '../../contract/reach.js';
import {
  liftRoadBlockAnswer, liftRoadBlockRequest, roadBlockAnswer, roadBlockListAnswer, roadBlockListQuery, setRoadBlockRequest,
  type LiftRoadBlockAnswer, type RoadBlockAnswer, type RoadBlockListAnswer, type RoadBlockListQuery, type SetRoadBlockRequest,
} from '../../contract/road-blocks.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { LearntTimes } from './learnt.query.js';
import { PointReach } from './point-reach.query.js';
import { RoadBlocks } from './road-blocks.js';

/** What roads and crews tell beyond a day's plan: how far a point reaches, where the next one would help, what was learnt. */
@Controller('dispatch')
export class ReachController {
  constructor(private readonly pointReach: PointReach, private readonly learntTimes: LearntTimes, private readonly roadBlocks: RoadBlocks) {}

  @Get('reach')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'pointReach', summary: 'Isochrones of a point and who lives outside' })
  @ApiResponse({ status: 200, standardSchema: reachAnswer })
  reach(@Query({ schema: reachQuery }) query: ReachQuery, @CurrentStaff() staff: StaffIdentity): Promise<ReachAnswer> {
    return this.pointReach.reach(query, staff);
  }

  @Get('reach/next-point')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'nextPoint', summary: 'Where a further point would reach most people whom none reaches' })
  @ApiResponse({ status: 200, standardSchema: nextPointAnswer })
  nextPoint(@Query({ schema: nextPointQuery }) query: NextPointQuery, @CurrentStaff() staff: StaffIdentity): Promise<NextPointAnswer> {
    return this.pointReach.nextPoint(query, staff);
  }

  @Get('learnt')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'learntTimes', summary: 'What the crews’ own times have taught, with the rides it rests on' })
  @ApiResponse({ status: 200, standardSchema: learntAnswer })
  learnt(@Query({ schema: learntQuery }) query: LearntQuery, @CurrentStaff() staff: StaffIdentity): Promise<LearntAnswer> {
    return this.learntTimes.read(query, staff);
  }

  @Get('road-blocks')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listRoadBlocks', summary: 'Where no crew gets through' })
  @ApiResponse({ status: 200, standardSchema: roadBlockListAnswer })
  blocks(@Query({ schema: roadBlockListQuery }) query: RoadBlockListQuery, @CurrentStaff() staff: StaffIdentity): Promise<RoadBlockListAnswer> {
    return this.roadBlocks.list(query.pointId, staff);
  }

  @Post('road-blocks')
  @HttpCode(201)
  @Access('administrator', 'street', 'dispatcher')
  @ApiOperation({ operationId: 'setRoadBlock', summary: 'Go around this place; plans that nobody rides yet are made again' })
  @ApiResponse({ status: 201, standardSchema: roadBlockAnswer })
  setBlock(@Body({ schema: setRoadBlockRequest }) request: SetRoadBlockRequest, @CurrentStaff() staff: StaffIdentity): Promise<RoadBlockAnswer> {
    return this.roadBlocks.set(request, staff);
  }

  @Post('road-blocks/:blockId/lift')
  @HttpCode(200)
  @Access('administrator', 'street', 'dispatcher')
  @ApiOperation({ operationId: 'liftRoadBlock', summary: 'The road is open again' })
  @ApiResponse({ status: 200, standardSchema: liftRoadBlockAnswer })
  liftBlock(@Param('blockId', ParseUUIDPipe) blockId: string, @Body({ schema: liftRoadBlockRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<LiftRoadBlockAnswer> {
    return this.roadBlocks.lift(blockId, staff);
  }
}

import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  boardAnswer, boardQuery, leaveLoadRequest, voidLoadRequest, loadAnswer, loadListAnswer, loadListQuery, productionAnswer, productionCellAnswer, productionCellQuery,
  productionQuery, sealLoadRequest, type BoardAnswer, type BoardQuery, type LeaveLoadRequest, type VoidLoadRequest, type LoadAnswer, type LoadListAnswer, type LoadListQuery,
  type ProductionAnswer, type ProductionCellAnswer, type ProductionCellQuery, type ProductionQuery, type SealLoadRequest,
} from '../../contract/kitchen.js';
import { batchListAnswer, planBatchesRequest, type BatchListAnswer, type PlanBatchesRequest } from '../../contract/production.js';
import {
  liveAdviceAnswer, liveAdviceQuery, purchaseListAnswer, purchaseQuery, setPackAnswer, setPackRequest, type LiveAdviceAnswer, type LiveAdviceQuery, type PurchaseListAnswer, type PurchaseQuery, type SetPackAnswer, type SetPackRequest,
} from '../../contract/stock.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { BatchBook } from '../production/index.js';
import { KitchenScope } from '../sites/index.js';
import { KitchenBoard } from './board.query.js';
import { LiveAdvice } from './live-advice.query.js';
import { LoadList } from './load-list.query.js';
import { PlanBatches } from './plan-batches.js';
import { Production } from './production.query.js';
import { PurchaseList } from './purchase-list.js';
import { SealLoad } from './seal-load.js';
import { SendLoad } from './send-load.js';
import { VoidLoad } from './void-load.js';

/** What the kitchen plans, packs and sends. */
@Controller('kitchen')
export class KitchenController {
  constructor(
    private readonly production: Production, private readonly board: KitchenBoard, private readonly scope: KitchenScope,
    private readonly loadList: LoadList, private readonly sealLoad: SealLoad, private readonly sendLoad: SendLoad, private readonly voidLoad: VoidLoad, private readonly batches: BatchBook, private readonly planBatches: PlanBatches,
    private readonly purchases: PurchaseList, private readonly advice: LiveAdvice, private readonly clock: Clock,
  ) {}

  @Get('production')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showProduction', summary: 'Portions to cook by point, dish and diet' })
  @ApiResponse({ status: 200, standardSchema: productionAnswer })
  showProduction(@Query({ schema: productionQuery }) query: ProductionQuery, @CurrentStaff() staff: StaffIdentity): Promise<ProductionAnswer> {
    return this.production.page(staff, { period: query.period, ...(query.day === undefined ? {} : { day: query.day as BusinessDay }) });
  }

  @Get('production/cell')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'explainProduction', summary: 'What one figure of the production page is made of' })
  @ApiResponse({ status: 200, standardSchema: productionCellAnswer })
  explain(@Query({ schema: productionCellQuery }) query: ProductionCellQuery, @CurrentStaff() staff: StaffIdentity): Promise<ProductionCellAnswer> {
    return this.production.cell(staff, query);
  }

  @Post('batches/plan')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'planBatches', summary: 'Write the batches of a day from orders and forecast' })
  @ApiResponse({ status: 200, standardSchema: batchListAnswer })
  plan(@Body({ schema: planBatchesRequest }) request: PlanBatchesRequest, @CurrentStaff() staff: StaffIdentity): Promise<BatchListAnswer> {
    return this.planBatches.execute(request, staff);
  }

  @Get('purchases')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listPurchases', summary: 'What to buy for the days ahead' })
  @ApiResponse({ status: 200, standardSchema: purchaseListAnswer })
  listPurchases(@Query({ schema: purchaseQuery }) query: PurchaseQuery, @CurrentStaff() staff: StaffIdentity): Promise<PurchaseListAnswer> {
    return this.purchases.of(query, staff);
  }

  @Put('purchases/pack')
  @Access('kitchen')
  @ApiOperation({ operationId: 'setPurchasePack', summary: 'Grams that one pack of an ingredient holds' })
  @ApiResponse({ status: 200, standardSchema: setPackAnswer })
  setPack(@Body({ schema: setPackRequest }) request: SetPackRequest, @CurrentStaff() staff: StaffIdentity): Promise<SetPackAnswer> {
    return this.purchases.setPack(request, staff);
  }

  @Get('live')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'liveAdvice', summary: 'Second wave and transfers, from the sales of this minute' })
  @ApiResponse({ status: 200, standardSchema: liveAdviceAnswer })
  live(@Query({ schema: liveAdviceQuery }) query: LiveAdviceQuery, @CurrentStaff() staff: StaffIdentity): Promise<LiveAdviceAnswer> {
    return this.advice.now(staff, query.period);
  }

  @Get('board')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showKitchenBoard', summary: 'Needed, sent, accepted, sold and left today' })
  @ApiResponse({ status: 200, standardSchema: boardAnswer })
  showBoard(@Query({ schema: boardQuery }) query: BoardQuery, @CurrentStaff() staff: StaffIdentity): Promise<BoardAnswer> {
    return this.board.today(staff, query.period);
  }

  @Get('loads')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listLoads', summary: 'Loads of a day with their clocks' })
  @ApiResponse({ status: 200, standardSchema: loadListAnswer })
  async listLoads(@Query({ schema: loadListQuery }) query: LoadListQuery, @CurrentStaff() staff: StaffIdentity): Promise<LoadListAnswer> {
    const { id: kitchenId, points } = await this.scope.kitchenOf(staff);
    const day = (query.day ?? this.clock.today()) as BusinessDay;
    const pointIds = points.map(({ id }) => id);
    const [loads, onTime, insteadOpen] = await Promise.all([
      this.loadList.ofDay(pointIds, day, query.period), this.loadList.onTime(pointIds, day), this.batches.insteadOpen({ kitchenId, day, period: query.period }),
    ]);
    return { day, period: query.period, asOf: this.clock.now().toISOString(), loads, onTime, insteadOpen };
  }

  @Post('loads')
  @Access('kitchen')
  @ApiOperation({ operationId: 'sealLoad', summary: 'Seal a load for a point' })
  @ApiResponse({ status: 201, standardSchema: loadAnswer })
  async seal(
    @Body({ schema: sealLoadRequest }) request: SealLoadRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string,
  ): Promise<LoadAnswer> {
    return { load: await this.sealLoad.execute(request, staff, key) };
  }

  @Post('loads/:loadId/leave')
  @HttpCode(200)
  @Access('kitchen', 'dispatcher')
  @ApiOperation({ operationId: 'sendLoad', summary: 'A sealed load leaves: its clock starts' })
  @ApiResponse({ status: 200, standardSchema: loadAnswer })
  async leave(
    @Param('loadId', ParseUUIDPipe) loadId: string, @Body({ schema: leaveLoadRequest }) request: LeaveLoadRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<LoadAnswer> {
    return { load: await this.sendLoad.execute(loadId, request, staff) };
  }

  @Post('loads/:loadId/void')
  @HttpCode(200)
  @Access('kitchen', 'dispatcher')
  @ApiOperation({ operationId: 'voidLoad', summary: 'A sealed load stays in the kitchen' })
  @ApiResponse({ status: 200, standardSchema: loadAnswer })
  async void(
    @Param('loadId', ParseUUIDPipe) loadId: string, @Body({ schema: voidLoadRequest }) request: VoidLoadRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<LoadAnswer> {
    return { load: await this.voidLoad.execute(loadId, request, staff) };
  }
}

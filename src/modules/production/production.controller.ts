import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  addBatchRequest, batchAnswer, batchListAnswer, batchListQuery, cookBatchRequest, dropBatchRequest, discardSampleRequest, keepSampleRequest, productionSettingsAnswer,
  releaseBatchRequest, reviewSamplesRequest, sampleListAnswer, setProductionSettingsRequest, type AddBatchRequest, type BatchAnswer, type BatchListAnswer, type BatchListQuery,
  type CookBatchRequest, type DropBatchRequest, type DiscardSampleRequest, type KeepSampleRequest, type ProductionSettingsAnswer, type ReleaseBatchRequest, type ReviewSamplesRequest, type SampleListAnswer,
  type SetProductionSettingsRequest,
} from '../../contract/production.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { KitchenScope } from '../sites/index.js';
import { BatchBook } from './batch-book.js';
import { BatchList } from './batch-list.query.js';
import { ProductionSettingsBook } from './production-settings-book.js';
import { RecordCooking } from './record-cooking.js';
import { SampleShelf } from './sample-shelf.js';

/** Batches from the pot to their release, and the samples kept of them. */
@Controller('kitchen')
export class ProductionController {
  constructor(
    private readonly scope: KitchenScope, private readonly batches: BatchList, private readonly book: BatchBook, private readonly recordCooking: RecordCooking,
    private readonly shelf: SampleShelf, private readonly settings: ProductionSettingsBook, private readonly clock: Clock,
  ) {}

  @Get('batches')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listBatches', summary: 'Batches of a day with temperature, sample and release' })
  @ApiResponse({ status: 200, standardSchema: batchListAnswer })
  async list(@Query({ schema: batchListQuery }) query: BatchListQuery, @CurrentStaff() staff: StaffIdentity): Promise<BatchListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const day = (query.day ?? this.clock.today()) as BusinessDay;
    const batches = await this.batches.ofDay(kitchen.id, day, query.period);
    return { kitchen: { id: kitchen.id, name: kitchen.name }, day, period: query.period, asOf: this.clock.now().toISOString(), batches };
  }

  @Post('batches')
  @Access('kitchen')
  @ApiOperation({ operationId: 'addBatch', summary: 'One more batch of a dish' })
  @ApiResponse({ status: 201, standardSchema: batchAnswer })
  async add(@Body({ schema: addBatchRequest }) request: AddBatchRequest, @CurrentStaff() staff: StaffIdentity): Promise<BatchAnswer> {
    return { batch: await this.book.add(request, staff) };
  }

  @Post('batches/cooked')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'cookBatch', summary: 'A batch is cooked: portions and core temperature' })
  @ApiResponse({ status: 200, standardSchema: batchAnswer })
  async cooked(@Body({ schema: cookBatchRequest }) request: CookBatchRequest, @CurrentStaff() staff: StaffIdentity): Promise<BatchAnswer> {
    return { batch: await this.recordCooking.cooked(request, staff) };
  }

  @Post('batches/sample')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'keepSample', summary: 'Keep a sample of a batch' })
  @ApiResponse({ status: 200, standardSchema: batchAnswer })
  async sample(@Body({ schema: keepSampleRequest }) request: KeepSampleRequest, @CurrentStaff() staff: StaffIdentity): Promise<BatchAnswer> {
    return { batch: await this.recordCooking.sampled(request, staff) };
  }

  @Post('batches/release')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'releaseBatch', summary: 'Release a batch to the loads' })
  @ApiResponse({ status: 200, standardSchema: batchAnswer })
  async release(@Body({ schema: releaseBatchRequest }) request: ReleaseBatchRequest, @CurrentStaff() staff: StaffIdentity): Promise<BatchAnswer> {
    return { batch: await this.recordCooking.released(request, staff) };
  }

  @Post('batches/drop')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'dropBatch', summary: 'Give up a batch that failed or was added by mistake' })
  @ApiResponse({ status: 200, standardSchema: batchAnswer })
  async drop(@Body({ schema: dropBatchRequest }) request: DropBatchRequest, @CurrentStaff() staff: StaffIdentity): Promise<BatchAnswer> {
    return { batch: await this.recordCooking.dropped(request, staff) };
  }

  @Get('samples')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listSamples', summary: 'Retained samples in the fridge and of the last seven days' })
  @ApiResponse({ status: 200, standardSchema: sampleListAnswer })
  samples(@CurrentStaff() staff: StaffIdentity): Promise<SampleListAnswer> {
    return this.shelf.list(staff);
  }

  @Post('samples/review')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'reviewSamples', summary: 'A second person has looked at retained samples' })
  @ApiResponse({ status: 200, standardSchema: sampleListAnswer })
  review(@Body({ schema: reviewSamplesRequest }) request: ReviewSamplesRequest, @CurrentStaff() staff: StaffIdentity): Promise<SampleListAnswer> {
    return this.shelf.review(request, staff);
  }

  @Post('samples/discard')
  @HttpCode(200)
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'discardSample', summary: 'Discard a retained sample' })
  @ApiResponse({ status: 200, standardSchema: sampleListAnswer })
  discard(@Body({ schema: discardSampleRequest }) request: DiscardSampleRequest, @CurrentStaff() staff: StaffIdentity): Promise<SampleListAnswer> {
    return this.shelf.discard(request, staff);
  }

  @Get('production-settings')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'productionSettings', summary: 'How the kitchen cooks and which limits it keeps' })
  @ApiResponse({ status: 200, standardSchema: productionSettingsAnswer })
  showSettings(@CurrentStaff() staff: StaffIdentity): Promise<ProductionSettingsAnswer> {
    return this.settings.show(staff);
  }

  @Put('production-settings')
  @Access('administrator', 'street', 'kitchen')
  @ApiOperation({ operationId: 'setProductionSettings', summary: 'Change how the kitchen cooks or its limits, naming the rule' })
  @ApiResponse({ status: 200, standardSchema: productionSettingsAnswer })
  setSettings(@Body({ schema: setProductionSettingsRequest }) request: SetProductionSettingsRequest, @CurrentStaff() staff: StaffIdentity): Promise<ProductionSettingsAnswer> {
    return this.settings.set(request, staff);
  }
}

import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  countLotRequest, issueLotsAnswer, issueLotsRequest, lotAnswer, lotListAnswer, lotListQuery, movementListAnswer, movementQuery, receiveLotRequest, returnLotRequest, saveSupplierRequest, supplierListAnswer,
  type CountLotRequest, type IssueLotsAnswer, type IssueLotsRequest, type LotAnswer, type LotListAnswer, type LotListQuery, type MovementListAnswer, type MovementQuery, type ReceiveLotRequest, type ReturnLotRequest,
  type SaveSupplierRequest, type SupplierListAnswer,
} from '../../contract/stock.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { KitchenScope } from '../sites/index.js';
import { LotList } from './lot-list.query.js';
import { MoveStock } from './move-stock.js';
import { SupplierBook } from './supplier-book.js';

/** Suppliers, goods received and what became of them. */
@Controller('kitchen')
export class StockController {
  constructor(
    private readonly scope: KitchenScope, private readonly suppliers: SupplierBook, private readonly lots: LotList, private readonly stock: MoveStock,
    private readonly clock: Clock,
  ) {}

  @Get('suppliers')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listSuppliers', summary: 'Suppliers with their licences' })
  @ApiResponse({ status: 200, standardSchema: supplierListAnswer })
  listSuppliers(@CurrentStaff() staff: StaffIdentity): Promise<SupplierListAnswer> {
    return this.suppliers.list(staff);
  }

  @Post('suppliers')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'saveSupplier', summary: 'Add a supplier or replace its papers' })
  @ApiResponse({ status: 200, standardSchema: supplierListAnswer })
  saveSupplier(@Body({ schema: saveSupplierRequest }) request: SaveSupplierRequest, @CurrentStaff() staff: StaffIdentity): Promise<SupplierListAnswer> {
    return this.suppliers.save(request, staff);
  }

  @Get('lots')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listLots', summary: 'Lots in stock and recently received' })
  @ApiResponse({ status: 200, standardSchema: lotListAnswer })
  async list(@Query({ schema: lotListQuery }) query: LotListQuery, @CurrentStaff() staff: StaffIdentity): Promise<LotListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    return { asOf: this.clock.now().toISOString(), ...await this.lots.ofKitchen(kitchen.id, query), ingredients: await this.lots.ingredients(kitchen.id) };
  }

  @Post('lots')
  @Access('kitchen')
  @ApiOperation({ operationId: 'receiveLot', summary: 'Receive goods: the purchase record of the law' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 201, standardSchema: lotAnswer })
  async receive(@Body({ schema: receiveLotRequest }) request: ReceiveLotRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string): Promise<LotAnswer> {
    return { lot: await this.stock.receive(request, staff, key) };
  }

  @Post('lots/issue')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'issueLots', summary: 'Issue goods to a batch, first expired first out' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: issueLotsAnswer })
  issue(@Body({ schema: issueLotsRequest }) request: IssueLotsRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string): Promise<IssueLotsAnswer> {
    return this.stock.issue(request, staff, key);
  }

  @Post('lots/return')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'returnLot', summary: 'Take goods back from a batch that is not released' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: lotAnswer })
  async giveBack(@Body({ schema: returnLotRequest }) request: ReturnLotRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string): Promise<LotAnswer> {
    return { lot: await this.stock.giveBack(request, staff, key) };
  }

  @Post('lots/count')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'countLot', summary: 'Count a lot; the difference is a movement' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: lotAnswer })
  async count(@Body({ schema: countLotRequest }) request: CountLotRequest, @CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string): Promise<LotAnswer> {
    return { lot: await this.stock.count(request, staff, key) };
  }

  @Get('lots/movements')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listLotMovements', summary: 'One lot: its label and what became of it' })
  @ApiResponse({ status: 200, standardSchema: movementListAnswer })
  async movements(@Query({ schema: movementQuery }) query: MovementQuery, @CurrentStaff() staff: StaffIdentity): Promise<MovementListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const lot = await this.lots.find(kitchen.id, query.lotId);
    return lot === null ? this.scope.refuse(staff, 'lot', query.lotId) : this.lots.movementsOf(lot);
  }
}

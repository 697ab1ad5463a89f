import { Module } from '@nestjs/common';
import { ProductionModule } from '../production/index.js';
import { SitesModule } from '../sites/index.js';
import { LotList } from './lot-list.query.js';
import { MoveStock } from './move-stock.js';
import { StockController } from './stock.controller.js';
import { SupplierBook } from './supplier-book.js';

@Module({
  imports: [ProductionModule, SitesModule],
  controllers: [StockController],
  providers: [LotList, MoveStock, SupplierBook],
  exports: [LotList],
})
export class StockModule {}

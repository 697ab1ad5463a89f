import { Module } from '@nestjs/common';
import { SitesModule } from '../sites/index.js';
import { BatchBook } from './batch-book.js';
import { BatchList } from './batch-list.query.js';
import { ProductionController } from './production.controller.js';
import { ProductionSettingsBook } from './production-settings-book.js';
import { RecordCooking } from './record-cooking.js';
import { SampleShelf } from './sample-shelf.js';

@Module({
  imports: [SitesModule],
  controllers: [ProductionController],
  providers: [BatchBook, BatchList, ProductionSettingsBook, RecordCooking, SampleShelf],
  exports: [BatchBook, BatchList, ProductionSettingsBook],
})
export class ProductionModule {}

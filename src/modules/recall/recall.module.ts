import { Module } from '@nestjs/common';
import { NoticesModule } from '../notices/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { ReachedDiners } from './reached-diners.query.js';
import { RecallController } from './recall.controller.js';
import { RecallDesk } from './recall-desk.js';
import { TraceRecall } from './trace-recall.query.js';

@Module({ imports: [NoticesModule, SeniorsModule, SitesModule], controllers: [RecallController], providers: [ReachedDiners, RecallDesk, TraceRecall], exports: [RecallDesk] })
export class RecallModule {}

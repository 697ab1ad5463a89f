import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { BullModule } from '@nestjs/bullmq';
import { CAPABILITIES } from './capabilities.js';
import type { Clock } from './infra/clock/clock.js';
import type { AppConfig } from './infra/config/app-config.js';
import { InfraModule } from './infra/infra.module.js';
import { JournalConsumerModule } from './modules/ledger/index.js';
import { LedgerCheckConsumerModule } from './modules/journal/index.js';
import { UpkeepConsumerModule } from './infra/upkeep/upkeep-consumer.module.js';
import { bullConnection } from './infra/queue/redis.js';
import { CareConsumerModule } from './modules/care/index.js';
import { ClosingConsumerModule } from './modules/closing/index.js';
import { DispatchConsumerModule } from './modules/dispatch/index.js';
import { ExceptionsConsumerModule } from './modules/exceptions/index.js';
import { FoodSafetyConsumerModule } from './modules/food-safety/index.js';
import { KitchenConsumerModule } from './modules/kitchen/index.js';
import { RollupConsumerModule } from './modules/settlement/index.js';
import { NoticesConsumerModule } from './modules/notices/index.js';
import { SubsidyConsumerModule } from './modules/subsidy/index.js';

/** Modules with job consumers (processors); loaded by the worker process only, one line each. */
const CONSUMERS: Type[] = [
  CareConsumerModule,
  ClosingConsumerModule,
  DispatchConsumerModule,
  ExceptionsConsumerModule,
  FoodSafetyConsumerModule,
  KitchenConsumerModule,
  NoticesConsumerModule,
  SubsidyConsumerModule,
  JournalConsumerModule,
  LedgerCheckConsumerModule,
  RollupConsumerModule,
  UpkeepConsumerModule,
];

/** The worker process. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig, clock?: Clock): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        InfraModule.forRoot(config, clock),
        BullModule.forRoot({ connection: bullConnection(config, 'worker'), prefix: config.redisPrefix }),
        ...CAPABILITIES,
        ...CONSUMERS,
      ],
    };
  }
}

import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Clock, SystemClock } from './clock/clock.js';
import { AppConfig } from './config/app-config.js';
import { Keyring } from './crypto/keyring.js';
import { dataSourceOptions } from './database/data-source-options.js';
import { UnitOfWork } from './database/unit-of-work.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './health/metrics.controller.js';
import { Metrics } from './health/metrics.js';
import { Idempotency } from './idempotency/idempotency.js';
import { MessagePurge } from './queue/message-purge.js';
import { OutboxRelay } from './queue/outbox-relay.js';
import { Inbox, Outbox } from './queue/outbox.js';
import { SheetWriter } from './sheets/sheet-writer.js';
import { Upkeep } from './upkeep/upkeep.js';
import { QueueBoard } from './queue/queue-board.js';

const PROVIDERS = [QueueBoard, UnitOfWork, Outbox, Inbox, OutboxRelay, MessagePurge, Idempotency, Metrics, SheetWriter, Upkeep];

/** What every capability stands on; global so that modules import doors of other modules only. */
@Global()
@Module({})
export class InfraModule {
  static forRoot(config: AppConfig, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: InfraModule,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(config), autoLoadEntities: true, retryAttempts: 5, retryDelay: 1_000 })],
      controllers: [HealthController, MetricsController],
      providers: [
        ...PROVIDERS,
        { provide: AppConfig, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: Keyring, useFactory: () => Keyring.load(config.keysDir) },
      ],
      exports: [...PROVIDERS, AppConfig, Clock, Keyring],
    };
  }
}

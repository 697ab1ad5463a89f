import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CAPABILITIES } from './capabilities.js';
import type { Clock } from './infra/clock/clock.js';
import type { AppConfig } from './infra/config/app-config.js';
import { AccessGuard } from './infra/http/access.guard.js';
import { InfraModule } from './infra/infra.module.js';

/** The web process. */
@Module({})
export class AppModule {
  static forRoot(config: AppConfig, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [InfraModule.forRoot(config, clock), ...CAPABILITIES],
      providers: [{ provide: APP_GUARD, useClass: AccessGuard }],
    };
  }
}

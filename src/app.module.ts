import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { CAPABILITIES } from './capabilities.js';
import type { Clock } from './infra/clock/clock.js';
import type { AppConfig } from './infra/config/app-config.js';
import { AccessGuard } from './infra/http/access.guard.js';
import { DenialInterceptor } from './infra/http/denial.interceptor.js';
import { RouteMarks } from './infra/http/route-marks.js';
import { InfraModule } from './infra/infra.module.js';

/** The web process. */
@Module({})
export class AppModule {
  static forRoot(config: AppConfig, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [DiscoveryModule, InfraModule.forRoot(config, clock), ...CAPABILITIES],
      providers: [
        RouteMarks,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: DenialInterceptor },
      ],
    };
  }
}

import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { healthAnswer, type HealthAnswer } from '../../contract/health.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { AppConfig } from '../config/app-config.js';
import { PublicRoute } from '../http/access.decorator.js';
import { pingRedis } from '../queue/redis.js';

/** Liveness: the process answers. Readiness: the database answers; Redis is reported but payments go on without it. */
@Controller('health')
export class HealthController {
  constructor(private readonly dataSource: DataSource, private readonly config: AppConfig) {}

  @Get('live')
  @PublicRoute()
  @ApiOperation({ operationId: 'healthLive', summary: 'The process answers' })
  @ApiResponse({ status: 200, standardSchema: healthAnswer })
  live(): HealthAnswer {
    return { status: 'ok', database: 'unknown', redis: 'unknown' };
  }

  @Get('ready')
  @PublicRoute()
  @ApiOperation({ operationId: 'healthReady', summary: 'The process can serve' })
  @ApiResponse({ status: 200, standardSchema: healthAnswer })
  async ready(): Promise<HealthAnswer> {
    try {
      await this.dataSource.query('SELECT 1');
    } catch {
      throw new DomainError('DATABASE.BUSY', 'unavailable');
    }
    const redis = await pingRedis(this.config).then(() => 'ok' as const, () => 'down' as const);
    return { status: redis === 'ok' ? 'ok' : 'degraded', database: 'ok', redis };
  }
}

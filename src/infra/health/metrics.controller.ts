import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiOperation, ApiProduces } from '@nestjs/swagger';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { PublicRoute } from '../http/access.decorator.js';
import type { AppRequest } from '../http/request-context.js';
import { Metrics } from './metrics.js';

/** Prometheus figures, for collectors on the same machine only; a proxy must not forward this path. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @PublicRoute()
  @ApiOperation({ operationId: 'metrics', summary: 'Figures for Prometheus (loopback only)' })
  @ApiProduces('text/plain')
  @Header('Content-Type', 'text/plain; version=0.0.4')
  read(@Req() request: AppRequest): Promise<string> {
    const loopback = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '');
    if (!loopback || request.headers['x-forwarded-for'] !== undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return this.metrics.registry.metrics();
  }
}

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from './worker.module.js';
import { configFromEnvironment } from './infra/config/environment.js';
import { createLogger, NestPinoLogger } from './infra/http/logging.js';
import { OutboxRelay } from './infra/queue/outbox-relay.js';

/** The worker process: outbox relay, schedulers and job consumers; no HTTP. */
async function main(): Promise<void> {
  const config = configFromEnvironment();
  const logger = createLogger(config, 'worker');
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config), { logger: new NestPinoLogger(logger) });
  app.enableShutdownHooks();
  app.get(OutboxRelay).start();
  logger.info('worker works');
}

await main();

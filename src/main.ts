import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { serveAdministratorTools } from './administrator-tools.js';
import { AppModule } from './app.module.js';
import { configFromEnvironment } from './infra/config/environment.js';
import { configureApp } from './infra/http/configure-app.js';
import { createLogger, NestPinoLogger } from './infra/http/logging.js';

/** The web process: API and pages. */
async function main(): Promise<void> {
  const config = configFromEnvironment();
  const logger = createLogger(config, 'web');
  const httpsOptions = config.tls
    ? { cert: readFileSync(config.tls.certFile), key: readFileSync(config.tls.keyFile) } : undefined;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    rawBody: true, logger: new NestPinoLogger(logger), ...(httpsOptions ? { httpsOptions } : {}),
  });
  configureApp(app, config, logger);
  serveAdministratorTools(app);
  await app.listen(config.port, config.host);
  logger.info({ port: config.port }, 'web listens');
}

await main();

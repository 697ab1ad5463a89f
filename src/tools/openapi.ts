import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../app.module.js';
import { AppConfig } from '../infra/config/app-config.js';
import { configureApp } from '../infra/http/configure-app.js';
import { createLogger } from '../infra/http/logging.js';
import { describeApi } from '../openapi.js';

/** Document, paths or components, a path or the schemas: below that, one line each. */
const DEPTH = 3;

/** Writes the description of the API; `--out=FILE` (default openapi.json). Looks at code alone: no server is asked. */
async function writeDescription(): Promise<void> {
  const out = process.argv.find((arg) => arg.startsWith('--out='))?.slice('--out='.length) ?? 'openapi.json';
  const config = AppConfig.parse({ NODE_ENV: 'test', DATABASE_URL: 'mysql://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1', LOG_LEVEL: 'silent' });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), { preview: true, logger: false, abortOnError: false });
  configureApp(app, config, createLogger(config, 'openapi'));
  writeFileSync(out, `${linesOf(describeApi(app))}\n`);
}

/** One line for each operation and each shared schema: a change of one is a change of one line, and two people rarely meet in it. */
function linesOf(document: object, depth = DEPTH): string {
  const members = Object.entries(document).map(([name, value]) =>
    `${JSON.stringify(name)}: ${depth > 1 && typeof value === 'object' && value !== null && !Array.isArray(value) ? linesOf(value as object, depth - 1) : JSON.stringify(value)}`);
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n}`;
}

await writeDescription();

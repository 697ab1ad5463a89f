import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { configFromEnvironment } from '../infra/config/environment.js';
import { SystemClock } from '../infra/clock/clock.js';
import { JournalFiles } from '../modules/journal/index.js';

/** Writes the sealed journal of a month for the stand-alone checker: `--month YYYY-MM --out FILE`. */
async function exportJournal(): Promise<void> {
  const { values } = parseArgs({ options: { month: { type: 'string' }, out: { type: 'string' } } });
  if (values.month === undefined || !/^20\d{2}-(0[1-9]|1[0-2])$/.test(values.month) || values.out === undefined) {
    throw new Error('usage: npm run export:journal -- --month YYYY-MM --out FILE');
  }
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(configFromEnvironment(), new SystemClock()), { logger: ['error', 'warn'], abortOnError: false });
  try {
    await pipeline(Readable.from(await app.get(JournalFiles, { strict: false }).open(values.month)), createWriteStream(values.out));
    console.log(`${values.month} → ${values.out}`);
  } finally {
    await app.close();
  }
}

try {
  await exportJournal();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

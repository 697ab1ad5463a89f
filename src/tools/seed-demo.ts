import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { BootRefusal } from '../infra/boot-refusal.js';
import { configFromEnvironment } from '../infra/config/environment.js';
import { InfraModule } from '../infra/infra.module.js';
import { defaultPastDays, DemoStreetModule, OpenDemoDay, OpenDemoDrawers, SeedDemoStreet } from '../modules/demo-street/index.js';

/**
 * Lays the demo street: `seed-demo [--if-empty] [--anew] [--seniors=3000] [--seed=street-1] [--past-days=N]`. Refused
 * outside of demo mode. With --if-empty a street that is there already stays; where it is a demo street, its day is
 * opened. With --anew an unfinished demo street is discarded first; a finished one never is.
 */
async function seedDemo(): Promise<void> {
  const config = configFromEnvironment();
  if (!config.demo) throw new BootRefusal('START.DEMO_REFUSED', 'Demo data is refused outside of demo mode.');
  const { values } = parseArgs({
    options: {
      'if-empty': { type: 'boolean', default: false }, anew: { type: 'boolean', default: false }, seniors: { type: 'string', default: '3000' },
      seed: { type: 'string', default: 'street-1' }, 'past-days': { type: 'string' },
    },
  });
  @Module({ imports: [InfraModule.forRoot(config), DemoStreetModule] })
  class SeedModule {}
  const app = await NestFactory.createApplicationContext(SeedModule, { logger: ['error'] });
  try {
    const seed = app.get(SeedDemoStreet);
    let state = await seed.state();
    if (state === 'unfinished') {
      if (!values.anew) throw new BootRefusal('START.DEMO_UNFINISHED', UNFINISHED);
      console.log('discarding the unfinished demo street');
      await seed.discardUnfinished();
      state = 'empty';
    }
    if (state === 'street' && values['if-empty']) {
      const opened = await app.get(OpenDemoDay).execute();
      await app.get(OpenDemoDrawers).execute();
      console.log(opened ? 'a street is there already; its day was opened' : 'a street is there already');
      return;
    }
    const seniors = wholeNumber(values.seniors, 8, 200_000);
    const pastDays = values['past-days'] === undefined ? defaultPastDays(seniors) : wholeNumber(values['past-days'], 0, 300);
    await lay(seed, { seed: values.seed, seniors, pastDays });
    await app.get(OpenDemoDrawers).execute();
  } finally {
    await app.close();
  }
}

const UNFINISHED = 'A large demo street was being laid in this database when that was interrupted; what is there is of no use. '
  + 'npm start -- --demo-anew discards it and lays the street again; or give another DATA_DIR or DATABASE_URL.';

async function lay(seed: SeedDemoStreet, request: { seed: string; seniors: number; pastDays: number }): Promise<void> {
  const started = process.hrtime.bigint();
  const result = await seed.execute({ ...request, onStep: (line) => console.log(line) });
  const seconds = Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000;
  console.log(`demo street: ${result.seniors} seniors, ${request.pastDays} days, ${result.meals} meals, ${result.transfers} transfers, ${result.rows} rows in ${seconds.toFixed(1)} s (${Math.round(result.rows / seconds)} rows/s)`);
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`expected a whole number from ${least} to ${most}: ${text}`);
  return value;
}

try {
  await seedDemo();
} catch (error) {
  console.error(error instanceof BootRefusal ? error.message : error);
  process.exitCode = 1;
}

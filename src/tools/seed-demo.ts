import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { configFromEnvironment } from '../infra/config/environment.js';
import { InfraModule } from '../infra/infra.module.js';
import { DemoStreetModule, OpenDemoDay, SeedDemoStreet } from '../modules/demo-street/index.js';

/**
 * Lays the demo street: `seed-demo [--if-empty] [--seniors=3000] [--seed=street-1] [--past-days=60]`. Refused outside of
 * demo mode. With --if-empty a street that is there already stays; where it is a demo street, its day is opened.
 */
async function seedDemo(): Promise<void> {
  const config = configFromEnvironment();
  if (!config.demo) throw new Error('demo data is refused outside of demo mode');
  const { values } = parseArgs({
    options: {
      'if-empty': { type: 'boolean', default: false }, seniors: { type: 'string', default: '3000' },
      seed: { type: 'string', default: 'street-1' }, 'past-days': { type: 'string', default: '60' },
    },
  });
  @Module({ imports: [InfraModule.forRoot(config), DemoStreetModule] })
  class SeedModule {}
  const app = await NestFactory.createApplicationContext(SeedModule, { logger: ['error'] });
  try {
    const seed = app.get(SeedDemoStreet);
    if (values['if-empty'] && !(await seed.isEmpty())) {
      const opened = await app.get(OpenDemoDay).execute();
      console.log(opened ? 'a street is there already; its day was opened' : 'a street is there already');
      return;
    }
    const started = process.hrtime.bigint();
    const result = await seed.execute({
      seed: values.seed, seniors: wholeNumber(values.seniors, 8, 200_000), pastDays: wholeNumber(values['past-days'], 0, 300),
      onStep: (line) => console.log(line),
    });
    const seconds = Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000;
    console.log(`demo street: ${result.seniors} seniors, ${result.meals} meals, ${result.transfers} transfers, ${result.rows} rows in ${seconds.toFixed(1)} s`);
  } finally {
    await app.close();
  }
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`expected a whole number from ${least} to ${most}: ${text}`);
  return value;
}

await seedDemo();

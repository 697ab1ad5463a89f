import 'reflect-metadata';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import { FixedClock } from '../src/infra/clock/clock.js';
import { AppConfig } from '../src/infra/config/app-config.js';
import { Keyring } from '../src/infra/crypto/keyring.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { LedgerVerifier } from '../src/modules/ledger/index.js';
import type { TestApp } from '../test/fixtures/start-app.js';
import { privateServers } from './private-servers.js';
import { judgeWeek, type Judgement } from './simulate/judge-week.js';
import { layWeek } from './simulate/lay-week.js';
import { liveWeek } from './simulate/live-week.js';

/**
 * `npm run simulate:delivery -- [--seed 1] [--diners 30] [--days 7]`: a week of home meals on the real modules, database and
 * queues: traffic, absent crews, a breakdown, doors that stay shut, dead zones, wrong addresses, alarms, a worker that is
 * killed and a Redis that is wiped. At the end each ordered meal must be in exactly one known state, every alarm there once,
 * every ladder timed right. Ends with code 1 where one of these does not hold.
 */
const argument = (name: string, fallback: number): number => {
  const place = process.argv.indexOf(`--${name}`);
  const value = place < 0 ? fallback : Number(process.argv[place + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on`);
  return value;
};

const seed = argument('seed', 1);
const servers = await privateServers();
let judgement: Judgement | null = null;
try {
  const root = new DataSource({ type: 'mariadb', url: new URL('/mysql', servers.databaseUrl).toString() });
  await root.initialize();
  await root.query('CREATE DATABASE simulated CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await root.destroy();
  const config = AppConfig.parse({
    NODE_ENV: 'test', DEMO: '1', LOG_LEVEL: 'silent', DATABASE_URL: new URL('/simulated', servers.databaseUrl).toString(), REDIS_URL: servers.redisUrl, REDIS_PREFIX: `simulate-${seed}`, KEYS_DIR: servers.keysDir, THROTTLE: '0',
  });
  Keyring.create(servers.keysDir);
  const migrating = new DataSource(dataSourceOptions(config, [join(import.meta.dirname, '../migrations/*.js')]));
  await migrating.initialize();
  await migrating.runMigrations({ transaction: 'each' });
  await migrating.destroy();
  const clock = new FixedClock(new Date('2026-11-22T04:00:00Z'));
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, clock), { logger: false, abortOnError: false });
  await app.init();
  const world: TestApp = { app, dataSource: app.get(DataSource), config, clock, close: () => app.close() };
  const week = await layWeek(world, { seed, diners: argument('diners', 30), days: argument('days', 7) });
  const began = performance.now();
  const told = await liveWeek(world, week, (line) => { console.log(line); });
  judgement = await judgeWeek(world, week, told, await app.get(LedgerVerifier, { strict: false }).verify());
  judgement = { ...judgement, seed, seconds: Math.round((performance.now() - began) / 1000) };
  console.log(`\nordered ${judgement.ordered}: ${Object.entries(judgement.states).map(([state, count]) => `${state} ${count}`).join(', ')}`);
  console.log(`ladders ${judgement.ladders}, steps ${judgement.ladderSteps}, latest ${judgement.latestStepS} s after its time; alarms ${judgement.alarmsRaised} raised, ${judgement.alarmsKept} kept`);
  for (const fault of judgement.faults) console.log(`NOT AS IT MUST BE: ${fault}`);
  await app.close();
} finally {
  await servers.stop();
}
console.log(JSON.stringify(judgement));
process.exitCode = judgement === null || judgement.faults.length > 0 ? 1 : 0;

import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { NestFactory } from '@nestjs/core';
import { DataSource, type EntityManager } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import { parseBusinessDay } from '../src/domain/kernel/business-day.js';
import type { PointId, SeniorId, SetMealId } from '../src/domain/kernel/ids.js';
import { FixedClock } from '../src/infra/clock/clock.js';
import { AppConfig } from '../src/infra/config/app-config.js';
import { Keyring } from '../src/infra/crypto/keyring.js';
import { sha256Hex } from '../src/infra/crypto/digest.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { newId } from '../src/infra/ids.js';
import { Outbox } from '../src/infra/queue/outbox.js';
import { JournalSealer } from '../src/modules/ledger/index.js';
import { SellMeal } from '../src/modules/payment/sell-meal.js';
import { SeniorDirectory } from '../src/modules/seniors/index.js';
import { layLunch, type BenchLunch } from './seal/lunch.js';
import { privateServers } from './private-servers.js';

/**
 * `npm run bench:seal -- [--payments N] [--rounds N]`: payments per second without a chain, with the chain sealed after
 * commit by a second process (as the worker does), and, as a control, with a chain written inside each payment. The three
 * take turns in one run; the control shows that the measurement would see a chain that serialises payments.
 */
const NOW = new Date('2026-11-24T03:00:00Z');
const AT_ONCE = 16;
/** As the worker does: the relay looks for messages so often, and a message looks so far back. */
const RELAY_MS = 200;
const NEAR_POSITIONS = 500;
const METHODS = ['no chain', 'sealed after commit', 'chain inside the payment'] as const;
type Method = (typeof METHODS)[number];

const argument = (name: string, fallback: number): number => {
  const place = process.argv.indexOf(`--${name}`);
  const value = place < 0 ? fallback : Number(process.argv[place + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on`);
  return value;
};

/** The second process: seals until it is told to stop. */
async function sealForEver(databaseUrl: string): Promise<void> {
  const config = AppConfig.parse({ NODE_ENV: 'test', DATABASE_URL: databaseUrl, REDIS_URL: 'redis://127.0.0.1:1', DATABASE_POOL: '2' });
  const dataSource = new DataSource(dataSourceOptions(config));
  await dataSource.initialize();
  const clock = new FixedClock(NOW);
  const sealer = new JournalSealer(dataSource, clock, new Outbox(clock));
  let stopped = false;
  process.on('message', () => { stopped = true; });
  process.send?.('ready');
  while (!stopped) {
    await sealer.sealCommitted(NEAR_POSITIONS);
    await new Promise((resolve) => { setTimeout(resolve, RELAY_MS); });
  }
  await sealer.sealCommitted();
  await dataSource.destroy();
  process.disconnect();
}

async function withSealer<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  const child: ChildProcess = spawn(process.execPath, [process.argv[1] ?? '', '--sealer', databaseUrl], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await new Promise((resolve) => { child.once('message', resolve); });
  try {
    return await work();
  } finally {
    const over = new Promise((resolve) => { child.once('close', resolve); });
    child.send('stop');
    await over;
  }
}

/** What a payment would do that appends to the chain itself: the head of the chain is locked until the payment commits. */
async function appendInside(tx: EntityManager, transferKey: string): Promise<void> {
  const [head] = await tx.query<{ seq: string; hash: string }[]>('SELECT seq, hash FROM bench_chain WHERE id = 1 FOR UPDATE');
  const seq = Number(head?.seq ?? 0) + 1;
  await tx.query('UPDATE bench_chain SET seq = ?, hash = ? WHERE id = 1', [seq, sha256Hex(`${head?.hash ?? ''}|${seq}|${transferKey}`)]);
}

interface Bench {
  readonly sell: SellMeal;
  readonly seniors: SeniorDirectory;
  readonly dataSource: DataSource;
  readonly lunch: BenchLunch;
  readonly databaseUrl: string;
}

/** Pays one lunch each for the given seniors, AT_ONCE at a time. @returns payments per second */
async function pay(bench: Bench, method: Method, seniorIds: readonly string[]): Promise<number> {
  const { lunch } = bench;
  const waiting = [...seniorIds];
  const till = async (): Promise<void> => {
    for (let seniorId = waiting.pop(); seniorId !== undefined; seniorId = waiting.pop()) {
      const key = newId();
      await bench.sell.execute({
        pointId: lunch.pointId as PointId, actor: { kind: 'device', id: lunch.deviceId }, key, request: { seniorId }, setMealId: lunch.setMealId as SetMealId,
        channel: 'eat-in', tender: 'wallet', expectedDueFen: lunch.dueFen,
        identify: async (tx) => {
          if (method === 'chain inside the payment') await appendInside(tx, key);
          return { diner: await bench.seniors.byId(seniorId as SeniorId, tx), identifiedBy: 'card', identification: { kind: 'card' } };
        },
      });
    }
  };
  const begun = performance.now();
  const run = (): Promise<unknown> => Promise.all(Array.from({ length: AT_ONCE }, till));
  if (method === 'sealed after commit') {
    let ms = 0;
    await withSealer(bench.databaseUrl, async () => {
      const started = performance.now();
      await run();
      ms = performance.now() - started;
    });
    return seniorIds.length / (ms / 1000);
  }
  await run();
  return seniorIds.length / ((performance.now() - begun) / 1000);
}

/** @returns the address of a new database on the server */
async function emptyDatabase(serverUrl: string): Promise<string> {
  const admin = new DataSource({ type: 'mariadb', url: new URL('/mysql', serverUrl).toString() });
  await admin.initialize();
  await admin.query('CREATE DATABASE bench_seal CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await admin.destroy();
  return new URL('/bench_seal', serverUrl).toString();
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function main(): Promise<void> {
  const payments = argument('payments', 400);
  const rounds = argument('rounds', 7);
  const servers = await privateServers({ durable: true });
  Keyring.create(servers.keysDir);
  const databaseUrl = await emptyDatabase(servers.databaseUrl);
  const config = AppConfig.parse({
    NODE_ENV: 'test', DEMO: '1', LOG_LEVEL: 'silent', DATABASE_URL: databaseUrl, REDIS_URL: servers.redisUrl, KEYS_DIR: servers.keysDir,
    THROTTLE: '0', DATABASE_POOL: String(AT_ONCE),
  });
  const migrating = new DataSource({ ...dataSourceOptions(config), migrations: [new URL('../migrations/*.js', import.meta.url).pathname] });
  await migrating.initialize();
  await migrating.runMigrations({ transaction: 'each' });
  await migrating.query('CREATE TABLE bench_chain (id INT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, hash VARCHAR(64) NOT NULL)');
  await migrating.query("INSERT INTO bench_chain (id, seq, hash) VALUES (1, 0, '')");
  await migrating.destroy();
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(config, new FixedClock(NOW)), { logger: ['error'], abortOnError: false });
  try {
    const dataSource = app.get(DataSource);
    const lunch = await layLunch(app, parseBusinessDay('2026-11-24'), payments * (METHODS.length * rounds + 1));
    const bench: Bench = { sell: app.get(SellMeal, { strict: false }), seniors: app.get(SeniorDirectory, { strict: false }), dataSource, lunch, databaseUrl };
    const people = [...lunch.seniorIds];
    await pay(bench, 'no chain', people.splice(0, payments));
    const rates: Record<Method, number[]> = { 'no chain': [], 'sealed after commit': [], 'chain inside the payment': [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const method of METHODS) rates[method].push(await pay(bench, method, people.splice(0, payments)));
    }
    const [left] = await dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM transfer t LEFT JOIN journal_seal s ON s.transfer_id = t.id WHERE s.seq IS NULL');
    console.log(`${payments} payments a round, ${AT_ONCE} at once, ${rounds} rounds, taking turns; ${Number(left?.n ?? 0)} transfers left to seal at the end`);
    for (const method of METHODS) {
      const sorted = [...rates[method]].sort((a, b) => a - b);
      console.log(`${method.padEnd(28)} median ${median(sorted).toFixed(0).padStart(6)} /s   ${sorted.map((rate) => rate.toFixed(0)).join(' ')}`);
    }
    const [without, after, inside] = METHODS.map((method) => Number(median(rates[method]).toFixed(1)));
    console.log(JSON.stringify({ payments: payments * rounds, withoutPerS: without, sealedPerS: after, insidePerS: inside, ratio: Number(((after ?? 0) / (without ?? 1)).toFixed(3)) }));
  } finally {
    await app.close();
    await servers.stop();
  }
}

const sealerAt = process.argv.indexOf('--sealer');
if (sealerAt > 0) await sealForEver(process.argv[sealerAt + 1] ?? '');
else await main();

import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import type { Role } from '../src/contract/access.js';
import type { Clock } from '../src/infra/clock/clock.js';
import { AppConfig } from '../src/infra/config/app-config.js';
import { sha256Hex } from '../src/infra/crypto/digest.js';
import { Keyring } from '../src/infra/crypto/keyring.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { configureApp } from '../src/infra/http/configure-app.js';
import { createLogger } from '../src/infra/http/logging.js';
import { newId } from '../src/infra/ids.js';
import { privateServers } from './private-servers.js';

/** A whole number from 1 on after `--name`. */
export function argument(name: string, fallback: number): number {
  const place = process.argv.indexOf(`--${name}`);
  const value = place < 0 ? fallback : Number(process.argv[place + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on`);
  return value;
}

export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

/** The best of several runs. */
export async function bestOf<T>(runs: number, work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  let best = await timed(work);
  for (let run = 1; run < runs; run += 1) {
    const next = await timed(work);
    if (next.ms < best.ms) best = next;
  }
  return best;
}

export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
/** A line of the table for people. */
export const line = (name: string, value: string | number): void => console.log(`${name.padEnd(58)}${String(value).padStart(16)}`);

/** A member of a street's staff with a session, and what a browser would send with each request. */
export async function signIn(dataSource: DataSource, role: Role, streetId: string, loginName = 'bench'): Promise<{ staffId: string; headers: Record<string, string> }> {
  const [token, csrf, staffId] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url'), newId<string>()];
  const later = new Date(Date.now() + 86_400_000);
  await dataSource.query(
    "INSERT INTO staff (id, login_name, display_name, password_hash, role, scope_kind, scope_id, created_at) VALUES (?, ?, 'bench', 'none', ?, 'street', ?, NOW(3))", [staffId, loginName, role, streetId],
  );
  await dataSource.query(
    'INSERT INTO staff_session (token_hash, staff_id, csrf_token, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, NOW(3), ?, ?)', [sha256Hex(token), staffId, csrf, later, later],
  );
  return { staffId, headers: { cookie: `__Host-rehufan=${token}`, 'x-csrf-token': csrf, 'content-type': 'application/json' } };
}

/**
 * A migrated database of the bench's own, filled by `lay`, and the web process on it while `measure` runs.
 *
 * @param options.clock the time that stands while measuring; that of the machine without it
 * @param options.layingPool connections while laying; 1 where something is switched off for a session
 */
export async function withBenchApp<Laid>(
  lay: (dataSource: DataSource, keyring: Keyring) => Promise<Laid>, measure: (app: NestExpressApplication, laid: Laid) => Promise<void>, options: { layingPool?: number; clock?: Clock } = {},
): Promise<void> {
  const servers = await privateServers();
  try {
    Keyring.create(servers.keysDir);
    const settings = {
      NODE_ENV: 'test', DEMO: '0', LOG_LEVEL: 'silent', DATABASE_URL: await emptyDatabase(servers.databaseUrl), REDIS_URL: servers.redisUrl, KEYS_DIR: servers.keysDir, THROTTLE: '0', PORT: '1',
    };
    const laying = new DataSource(dataSourceOptions(
      AppConfig.parse({ ...settings, ...(options.layingPool === undefined ? {} : { DATABASE_POOL: String(options.layingPool) }) }), [join(import.meta.dirname, '../migrations/*.js')],
    ));
    await laying.initialize();
    await laying.runMigrations({ transaction: 'each' });
    const laid = await lay(laying, Keyring.load(servers.keysDir));
    await laying.destroy();
    const config = AppConfig.parse(settings);
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, options.clock), { logger: false, rawBody: true });
    configureApp(app, config, createLogger(config, 'bench'));
    await app.listen(0, '127.0.0.1');
    try {
      await measure(app, laid);
    } finally {
      await app.close();
    }
  } finally {
    await servers.stop();
  }
}

async function emptyDatabase(serverUrl: string): Promise<string> {
  const root = new DataSource({ type: 'mariadb', url: new URL('/mysql', serverUrl).toString() });
  await root.initialize();
  await root.query('CREATE DATABASE bench CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await root.destroy();
  return new URL('/bench', serverUrl).toString();
}

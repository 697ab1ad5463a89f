import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/infra/clock/clock.js';
import { AppConfig } from '../../src/infra/config/app-config.js';
import { identityHashes } from '../../src/infra/crypto/identity-hashes.js';
import { Keyring } from '../../src/infra/crypto/keyring.js';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { configureApp } from '../../src/infra/http/configure-app.js';
import { createLogger } from '../../src/infra/http/logging.js';
import { newId } from '../../src/infra/ids.js';
import { SeedDemoStreet } from '../../src/modules/demo-street/index.js';
import { RefundMeal } from '../../src/modules/payment/refund-meal.js';
import { PolicyBook } from '../../src/modules/subsidy/index.js';
import { privateServers } from '../private-servers.js';

/** Tuesday 24 November 2026, 11:00 in Shanghai: lunch is being served. */
const LUNCH = new Date('2026-11-24T03:00:00Z').getTime();

/** Begins at lunch and goes on as time does. */
class LunchClock extends Clock {
  private readonly begunMs = Date.now();

  now(): Date {
    return new Date(LUNCH + (Date.now() - this.begunMs) / 60); // an hour of the bench is a minute of the lunch
  }
}

export interface LunchStreet {
  readonly origin: string;
  /** Number of a card of somebody at the first point, whose wallet is full. */
  readonly cardNo: string;
  /** Takes every meal of today back, so that the same people can buy again. Not timed. */
  takeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** The demo street at lunch, on a database of its own that writes each commit to the disk. */
export async function openStreet(seed: string, seniors: number): Promise<LunchStreet> {
  const servers = await privateServers({ durable: true });
  Keyring.create(servers.keysDir);
  const root = await new DataSource({ type: 'mariadb', url: new URL('/mysql', servers.databaseUrl).toString() }).initialize();
  await root.query('CREATE DATABASE bench CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await root.destroy();
  const config = AppConfig.parse({
    NODE_ENV: 'development', DEMO: '1', LOG_LEVEL: 'silent', DATABASE_URL: new URL('/bench', servers.databaseUrl).toString(), REDIS_URL: servers.redisUrl, REDIS_PREFIX: 'kiosk-bench',
    KEYS_DIR: servers.keysDir, PAGES_DIR: process.cwd(), THROTTLE: '0',
  });
  const migrating = await new DataSource(dataSourceOptions(config, [join(import.meta.dirname, '../../migrations/*.js')])).initialize();
  await migrating.runMigrations({ transaction: 'each' });
  await migrating.destroy();
  const clock = new LunchClock();
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, clock), { rawBody: true, logger: ['error'], abortOnError: false });
  configureApp(app, config, createLogger(config, 'bench'));
  await app.init();
  const dataSource = app.get(DataSource);
  await new SeedDemoStreet(dataSource, app.get(Keyring), app.get(PolicyBook, { strict: false }), clock).execute({ seed, seniors, pastDays: 0 });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const cardNo = await giveCard(dataSource, app.get(Keyring), clock);
  const refund = app.get(RefundMeal, { strict: false });
  const [attendant] = await dataSource.query<{ id: string }[]>("SELECT id FROM staff WHERE role = 'attendant' LIMIT 1");
  return {
    origin: `http://127.0.0.1:${port}`, cardNo,
    async takeBack() {
      const meals = await dataSource.query<{ id: string; pointId: string }[]>(
        `SELECT m.id, m.point_id AS pointId FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id
         WHERE m.business_day = ? AND m.device_id IS NOT NULL AND r.meal_id IS NULL AND m.sold_at >= ?`, [clock.today(), new Date(LUNCH)],
      );
      for (const { id, pointId } of meals) {
        await refund.execute({ pointId: pointId as never, staffId: attendant.id, key: newId(), request: { mealId: id, reason: 'wrong-meal', note: 'bench' } as never });
      }
    },
    async stop() {
      await app.close();
      await servers.stop();
    },
  };
}

async function giveCard(dataSource: DataSource, keyring: Keyring, clock: Clock): Promise<string> {
  const [senior] = await dataSource.query<{ id: string }[]>(
    `SELECT s.id FROM senior s JOIN point p ON p.id = s.point_id JOIN account a ON a.kind = 'wallet' AND a.owner_code = s.id
     LEFT JOIN meal m ON m.senior_id = s.id AND m.business_day = ? WHERE s.status = 'active' AND m.id IS NULL AND a.balance_fen > 5000
     ORDER BY p.code, s.id LIMIT 1`, [clock.today()],
  );
  const cardNo = 'BENCH0001';
  await dataSource.query('INSERT INTO senior_card (card_hash, senior_id, issued_at) VALUES (?, ?, ?)', [identityHashes.card(keyring, cardNo), senior.id, clock.now()]);
  return cardNo;
}

import { resolve } from 'node:path';
import type { DataSourceOptions } from 'typeorm';
import type { AppConfig } from '../config/app-config.js';

/**
 * TypeORM options for one process. Sessions run in READ COMMITTED: every money rule is a conditional statement or a
 * unique key, and gap locks would only add dead ends. Dates stay strings, so no time zone can shift a business day.
 *
 * @param migrations glob or classes; empty for processes that never migrate
 */
export function dataSourceOptions(config: AppConfig, migrations: string[] = []): DataSourceOptions {
  return {
    type: 'mariadb',
    url: config.databaseUrl,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    dateStrings: ['DATE'],
    supportBigNumbers: true,
    bigNumberStrings: false,
    isolationLevel: 'READ COMMITTED',
    poolSize: config.databasePool,
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    extra: { decimalNumbers: true },
  };
}

/** Where the compiled or source migrations lie, from any working directory. */
export function migrationsGlob(): string {
  return resolve(import.meta.dirname, '../../../migrations/*.{ts,js}');
}

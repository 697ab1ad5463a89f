import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';

/** Deadlock, lock wait, record changed (MariaDB 11.6.2+), Galera node not ready (fault catalogue, decision 6). */
const RETRY_ERRNO = new Set([1213, 1205, 1020, 1047]);
const LOST_CONNECTION = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']);
const ATTEMPTS = 6;

/**
 * Runs work in one transaction and repeats the whole of it where the database asks for that. Work must therefore be
 * repeatable: its only lasting effects are rows of this transaction, and money carries an idempotency key, so that a
 * connection lost during COMMIT cannot charge twice.
 */
@Injectable()
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @throws whatever `work` throws; DomainError DATABASE.BUSY when the retries are used up
   */
  async run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.dataSource.transaction('READ COMMITTED', work);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        if (attempt === ATTEMPTS) throw new DomainError('DATABASE.BUSY', 'unavailable');
        await wait(attempt * 15 + Math.random() * attempt * 25);
      }
    }
  }

  /** A manager outside any transaction, for reads that need no snapshot. */
  get reader(): EntityManager {
    return this.dataSource.manager;
  }
}

/**
 * What the transaction read has been changed by another one since, and a conditional statement noticed: read and decide
 * again. Thrown by work; the unit of work repeats it.
 */
export class StaleRead extends Error {
  constructor() {
    super('what was read has changed');
    this.name = 'StaleRead';
  }
}

/** True for the errors after which the same transaction may simply be run again. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof StaleRead) return true;
  if (typeof error !== 'object' || error === null) return false;
  const { errno, code, driverError } = error as { errno?: number; code?: string; driverError?: unknown };
  if (errno !== undefined && RETRY_ERRNO.has(errno)) return true;
  if (code !== undefined && LOST_CONNECTION.has(code)) return true;
  return driverError !== undefined && driverError !== error && isRetryable(driverError);
}

/** True when a unique key refused the row (1062); the caller re-reads and answers. */
export function isDuplicateKey(error: unknown, key?: string): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { errno, message } = error as { errno?: number; message?: string };
  return errno === 1062 && (key === undefined || (message ?? '').includes(key));
}

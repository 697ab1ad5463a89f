import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../clock/clock.js';
import { canonicalJson, sha256Hex } from '../crypto/digest.js';
import { isDuplicateKey, UnitOfWork } from '../database/unit-of-work.js';
import { parseJson } from '../database/columns.js';

export interface IdempotentRequest {
  /** `device:<id>` or `staff:<id>`: keys of different actors never meet. */
  readonly scope: string;
  readonly key: string;
  /** The whole request; its hash decides whether a repeat is the same request. */
  readonly request: unknown;
}

export interface IdempotentAnswer<T> {
  readonly answer: T;
  /** True when the stored answer was replayed and nothing happened this time. */
  readonly replayed: boolean;
}

/** Stands where the hash of a request stands, of a key that was given up. */
const CLOSED_HASH = sha256Hex('given up');

/**
 * One effect per key. The record is written in the same transaction as the effect, so either both exist or neither;
 * refusals store nothing and may be tried again with the same key.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock) {}

  /**
   * @throws DomainError IDEMPOTENCY.KEY_REUSED when the key was used for another request, IDEMPOTENCY.KEY_CLOSED when it was given up
   */
  async run<T>(request: IdempotentRequest, work: (tx: EntityManager) => Promise<T>): Promise<IdempotentAnswer<T>> {
    const requestHash = sha256Hex(canonicalJson(request.request));
    try {
      return await this.unitOfWork.run((tx) => this.runWithin(tx, request, () => work(tx)));
    } catch (error) {
      // A twin of this request may have committed while this one ran into its rows (same key, or the meal it took):
      // then its answer is the truth for both, whatever the error was.
      const stored = await this.stored<T>(this.unitOfWork.reader, request, requestHash);
      if (stored) return stored;
      throw error;
    }
  }

  /**
   * The same inside a transaction that the caller has open.
   *
   * @throws DomainError IDEMPOTENCY.KEY_REUSED when the key was used for another request
   */
  async runWithin<T>(tx: EntityManager, request: IdempotentRequest, work: () => Promise<T>): Promise<IdempotentAnswer<T>> {
    const requestHash = sha256Hex(canonicalJson(request.request));
    const stored = await this.stored<T>(tx, request, requestHash);
    if (stored) return stored;
    const answer = await work();
    await tx.query(
      `INSERT INTO idempotency_record (scope, idempotency_key, request_hash, status_code, response, created_at)
       VALUES (?, ?, ?, 200, ?, ?)`,
      [request.scope, request.key, requestHash, JSON.stringify(answer), this.clock.now()],
    );
    return { answer, replayed: false };
  }

  /**
   * Gives a key up in all of these scopes at once: a request that is still under way with it, or comes later, has no effect.
   * One that holds the key at this moment is waited for.
   *
   * @returns false where some request has had its effect under it; then nothing was closed
   */
  async close(tx: EntityManager, scopes: readonly string[], key: string): Promise<boolean> {
    const rows = scopes.map((scope) => [scope, key, CLOSED_HASH, 200, 'null', this.clock.now()]);
    try {
      await tx.query('INSERT INTO idempotency_record (scope, idempotency_key, request_hash, status_code, response, created_at) VALUES ?', [rows]);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const known = await tx.query<{ hash: string }[]>('SELECT request_hash AS hash FROM idempotency_record WHERE scope IN (?) AND idempotency_key = ?', [scopes, key]);
      return known.every(({ hash }) => hash === CLOSED_HASH);
    }
  }

  /** Whether this very request has had its effect already. @throws DomainError IDEMPOTENCY.KEY_REUSED */
  async isAnswered(request: IdempotentRequest): Promise<boolean> {
    return await this.stored(this.unitOfWork.reader, request, sha256Hex(canonicalJson(request.request))) !== null;
  }

  private async stored<T>(tx: EntityManager, request: IdempotentRequest, requestHash: string): Promise<IdempotentAnswer<T> | null> {
    const [row] = await tx.query<{ request_hash: string; response: unknown }[]>(
      'SELECT request_hash, response FROM idempotency_record WHERE scope = ? AND idempotency_key = ?',
      [request.scope, request.key],
    );
    if (row === undefined) return null;
    if (row.request_hash === CLOSED_HASH) throw new DomainError('IDEMPOTENCY.KEY_CLOSED', 'conflict');
    if (row.request_hash !== requestHash) throw new DomainError('IDEMPOTENCY.KEY_REUSED', 'conflict');
    return { answer: parseJson<T>(row.response), replayed: true };
  }
}

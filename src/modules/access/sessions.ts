import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';
import { randomToken, sha256Hex } from '../../infra/crypto/digest.js';

/** `__Host-` binds the cookie to this host, to https (or localhost) and to the whole path. */
export const SESSION_COOKIE = '__Host-rehufan';
export const CSRF_HEADER = 'x-csrf-token';
export const SESSION_IDLE_MS = 30 * 60_000;
export const SESSION_LONGEST_MS = 12 * 3_600_000;

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What the browser gets; only a hash of the token is stored. */
export interface OpenedSession {
  readonly token: string;
  readonly csrfToken: string;
  readonly endsAt: Date;
}

/** Rows of staff_session: opened at sign-in, ended at sign-out, by an administrator, or by a new password. */
@Injectable()
export class Sessions {
  constructor(private readonly clock: Clock) {}

  /** Always a new token, so that a token planted before sign-in is worth nothing after it. */
  async open(tx: EntityManager, staffId: string): Promise<OpenedSession> {
    const now = this.clock.now();
    const opened = { token: randomToken(32), csrfToken: randomToken(32), endsAt: new Date(now.getTime() + SESSION_LONGEST_MS) };
    await tx.query(
      'INSERT INTO staff_session (token_hash, staff_id, csrf_token, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      [sha256Hex(opened.token), staffId, opened.csrfToken, now, now, opened.endsAt],
    );
    return opened;
  }

  /** Ends one session; an unknown or malformed token ends nothing. */
  async end(tx: EntityManager, token: unknown): Promise<void> {
    if (!isSessionToken(token)) return;
    await tx.query('UPDATE staff_session SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL', [this.clock.now(), sha256Hex(token)]);
  }

  /** Ends every session of a person at once. */
  async endAllOf(tx: EntityManager, staffId: string): Promise<void> {
    await tx.query('UPDATE staff_session SET revoked_at = ? WHERE staff_id = ? AND revoked_at IS NULL', [this.clock.now(), staffId]);
  }
}

export function isSessionToken(token: unknown): token is string {
  return typeof token === 'string' && TOKEN.test(token);
}

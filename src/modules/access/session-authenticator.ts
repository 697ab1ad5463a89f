import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import type { Role } from '../../infra/http/access.decorator.js';
import { StaffAuthenticator } from '../../infra/http/authenticators.js';
import type { AppRequest, ScopeKind, StaffIdentity } from '../../infra/http/request-context.js';
import { CSRF_HEADER, SESSION_COOKIE, SESSION_IDLE_MS, isSessionToken } from './sessions.js';

interface SessionRow {
  staff_id: StaffId; csrf_token: string; display_name: string; role: Role; scope_kind: ScopeKind; scope_id: string;
  last_seen_at: Date; must_change_password: number;
}

/** A person with a temporary password reaches these only. */
const OPEN_BEFORE_PASSWORD_CHANGE = new Set(['/api/v1/session', '/api/v1/session/password']);
/** Written at most this often, so that reading a page does not write a row at every request. */
const SEEN_EVERY_MS = 60_000;

/** Reads the session from the database at every request, so that a disabled person is out at once. */
@Injectable()
export class SessionAuthenticator extends StaffAuthenticator {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {
    super();
  }

  /** @throws DomainError ACCESS.CSRF, ACCESS.PASSWORD_MUST_CHANGE */
  async authenticate(request: AppRequest, proof: 'token' | 'same-origin' = 'token'): Promise<StaffIdentity | null> {
    const token = (request.cookies as Record<string, unknown> | undefined)?.[SESSION_COOKIE];
    if (!isSessionToken(token)) return null;
    const now = this.clock.now();
    const tokenHash = sha256Hex(token);
    const [session] = await this.dataSource.query<SessionRow[]>(
      `SELECT s.staff_id, s.csrf_token, s.last_seen_at, p.display_name, p.role, p.scope_kind, p.scope_id, p.must_change_password
       FROM staff_session s JOIN staff p ON p.id = s.staff_id
       WHERE s.token_hash = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND s.last_seen_at > ? AND p.active = 1`,
      [tokenHash, now, new Date(now.getTime() - SESSION_IDLE_MS)],
    );
    if (session === undefined) return null;
    const staff: StaffIdentity = {
      staffId: session.staff_id, displayName: session.display_name, role: session.role,
      scopeKind: session.scope_kind, scopeId: session.scope_id,
    };
    request.staff = staff; // a refusal below is recorded with its author
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnPage(request, proof, session.csrf_token);
    if (session.must_change_password === 1 && !OPEN_BEFORE_PASSWORD_CHANGE.has(request.path)) {
      throw new DomainError('ACCESS.PASSWORD_MUST_CHANGE', 'forbidden');
    }
    if (now.getTime() - session.last_seen_at.getTime() > SEEN_EVERY_MS) {
      await this.dataSource.query('UPDATE staff_session SET last_seen_at = ? WHERE token_hash = ?', [now, tokenHash]);
    }
    return staff;
  }
}

function requireOwnPage(request: AppRequest, proof: 'token' | 'same-origin', csrfToken: string): void {
  if (proof === 'token') requireCsrf(request.headers[CSRF_HEADER], csrfToken);
  else if (request.headers['sec-fetch-site'] !== 'same-origin') throw new DomainError('ACCESS.CSRF', 'forbidden');
}

function requireCsrf(sent: string | string[] | undefined, expected: string): void {
  const given = Buffer.from(typeof sent === 'string' ? sent : '');
  const wanted = Buffer.from(expected);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new DomainError('ACCESS.CSRF', 'forbidden');
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Role, ScopeKind, SessionAnswer } from '../../contract/access.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { ScopeQuery } from './scope.query.js';
import { SESSION_IDLE_MS, isSessionToken } from './sessions.js';

interface Row {
  id: string; loginName: string; displayName: string; role: Role; scopeKind: ScopeKind; scopeId: string;
  mustChangePassword: number; csrfToken: string; endsAt: Date;
}

/** Who is signed in with a session token. */
@Injectable()
export class SessionQuery {
  constructor(private readonly dataSource: DataSource, private readonly scopes: ScopeQuery, private readonly config: AppConfig) {}

  /** @throws DomainError ACCESS.NOT_SIGNED_IN when the session ended meanwhile */
  async of(token: unknown): Promise<SessionAnswer> {
    const [row] = isSessionToken(token) ? await this.dataSource.query<Row[]>(
      `SELECT p.id, p.login_name AS loginName, p.display_name AS displayName, p.role, p.scope_kind AS scopeKind, p.scope_id AS scopeId,
              p.must_change_password AS mustChangePassword, s.csrf_token AS csrfToken, s.expires_at AS endsAt
       FROM staff_session s JOIN staff p ON p.id = s.staff_id WHERE s.token_hash = ? AND s.revoked_at IS NULL`,
      [sha256Hex(token)],
    ) : [];
    if (row === undefined) throw new DomainError('ACCESS.NOT_SIGNED_IN', 'unauthenticated');
    const { id, loginName, displayName, role, scopeKind, scopeId } = row;
    return {
      staff: { id, loginName, displayName, role, scopeKind, scopeId, scopeName: await this.scopes.nameOf(scopeKind, scopeId) ?? '' },
      csrfToken: row.csrfToken, idleAfterS: SESSION_IDLE_MS / 1_000, endsAt: row.endsAt.toISOString(),
      mustChangePassword: row.mustChangePassword === 1, demo: this.config.demo,
    };
  }
}

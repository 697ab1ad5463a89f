import { Injectable } from '@nestjs/common';
import type { CreateFirstAdministratorRequest } from '../../contract/access.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { randomToken, sha256Hex } from '../../infra/crypto/digest.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { SiteDirectory } from '../sites/index.js';
import { LoginThrottle } from './login-throttle.js';
import { hashPassword, isEasyPassword } from './passwords.js';

const CODE_LIVES_MS = 24 * 3_600_000;

/** Two starts at the same instant may each store a code; the newest alone is valid. */
const USE_NEWEST = `UPDATE first_admin_code SET used_at = ? WHERE code_hash = ? AND used_at IS NULL AND expires_at > ?
  AND code_hash = (SELECT code_hash FROM (SELECT code_hash FROM first_admin_code ORDER BY created_at DESC, code_hash DESC LIMIT 1) newest)`;

/** The way into an empty production installation: a code shown once on the terminal, never a default account. */
@Injectable()
export class CreateFirstAdministrator {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly throttle: LoginThrottle,
    private readonly sites: SiteDirectory,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @returns a fresh code, or null where staff exist already; only its hash is stored, and codes of before are void */
  async issueCode(): Promise<string | null> {
    return this.unitOfWork.run(async (tx) => {
      const [staff] = await tx.query<{ id: string }[]>('SELECT id FROM staff LIMIT 1');
      if (staff !== undefined) return null;
      await tx.query('DELETE FROM first_admin_code WHERE used_at IS NULL');
      const code = randomToken(18);
      const now = this.clock.now();
      await tx.query('INSERT INTO first_admin_code (code_hash, created_at, expires_at) VALUES (?, ?, ?)', [sha256Hex(code), now, new Date(now.getTime() + CODE_LIVES_MS)]);
      return code;
    });
  }

  /** @throws DomainError ACCESS.FIRST_CODE_WRONG, ACCESS.PASSWORD_TOO_EASY, ACCESS.TOO_MANY_ATTEMPTS */
  async execute(request: CreateFirstAdministratorRequest, address: string, requestId: string): Promise<void> {
    const attempt = { loginName: 'first-administrator', address };
    await this.throttle.begin(attempt);
    if (isEasyPassword(request.password, request.loginName)) throw new DomainError('ACCESS.PASSWORD_TOO_EASY', 'refused');
    const passwordHash = await hashPassword(request.password);
    await this.unitOfWork.run(async (tx) => {
      const now = this.clock.now();
      const used: unknown = await tx.query(USE_NEWEST, [now, sha256Hex(request.code), now]);
      const [staff] = await tx.query<{ id: string }[]>('SELECT id FROM staff LIMIT 1 FOR UPDATE');
      if (affectedRows(used) !== 1 || staff !== undefined) throw new DomainError('ACCESS.FIRST_CODE_WRONG', 'refused');
      const streetId = await this.sites.openStreet({ name: request.streetName, jurisdictionCode: request.jurisdictionCode }, tx);
      const staffId = newId<StaffId>();
      await tx.query(
        `INSERT INTO staff (id, login_name, display_name, password_hash, role, scope_kind, scope_id, created_at)
         VALUES (?, ?, ?, ?, 'administrator', 'street', ?, ?)`,
        [staffId, request.loginName, request.displayName, passwordHash, streetId, now],
      );
      await this.throttle.succeeded(attempt, tx);
      await this.audit.record({ actorKind: 'system', actorId: null, action: 'staff.created', objectKind: 'staff', objectId: staffId, outcome: 'done', requestId, detail: { role: 'administrator' } }, tx);
    });
  }
}

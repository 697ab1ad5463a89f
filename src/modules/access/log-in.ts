import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffId } from '../../domain/kernel/ids.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordCheck } from './password-check.js';
import { Sessions, type OpenedSession } from './sessions.js';

interface StaffRow { id: StaffId; password_hash: string; active: number }

/** Opens a session for a login name and its password. */
@Injectable()
export class LogIn {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly throttle: LoginThrottle,
    private readonly passwords: PasswordCheck,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Unknown name, wrong password and disabled account take the same steps and get the same answer.
   * @param input `oldToken`: the session cookie that came with the request; it ends, whoever it belonged to
   * @throws DomainError ACCESS.LOGIN_FAILED, ACCESS.TOO_MANY_ATTEMPTS
   */
  async execute(input: { loginName: string; password: string; address: string; requestId: string; oldToken: unknown }): Promise<OpenedSession & { staffId: StaffId }> {
    const attempt = { loginName: input.loginName.trim().toLowerCase(), address: input.address };
    await this.throttle.begin(attempt);
    const [found] = await this.unitOfWork.reader.query<StaffRow[]>('SELECT id, password_hash, active FROM staff WHERE login_name = ?', [attempt.loginName]);
    const matches = await this.passwords.matches(input.password, found?.password_hash ?? null);
    const staff = matches && found?.active === 1 ? found : null;
    if (staff === null) {
      await this.audit.record({
        actorKind: 'anonymous', actorId: null, action: 'session.opened', objectKind: 'staff', objectId: found?.id ?? null,
        outcome: 'denied', requestId: input.requestId,
      });
      throw new DomainError('ACCESS.LOGIN_FAILED', 'unauthenticated');
    }
    return this.unitOfWork.run(async (tx) => {
      await this.throttle.succeeded(attempt, tx);
      await this.sessions.end(tx, input.oldToken);
      const opened = await this.sessions.open(tx, staff.id);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.id, action: 'session.opened', objectKind: 'staff', objectId: staff.id,
        outcome: 'done', requestId: input.requestId,
      }, tx);
      return { ...opened, staffId: staff.id };
    });
  }
}

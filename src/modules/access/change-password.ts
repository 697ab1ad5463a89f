import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffId } from '../../domain/kernel/ids.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';
import { LoginThrottle } from './login-throttle.js';
import { hashPassword, isEasyPassword, passwordMatches } from './passwords.js';
import { Sessions, type OpenedSession } from './sessions.js';

/** Replaces one's own password; every session ends and a new one begins. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly throttle: LoginThrottle,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws DomainError ACCESS.CURRENT_PASSWORD_WRONG, ACCESS.PASSWORD_TOO_EASY, ACCESS.TOO_MANY_ATTEMPTS */
  async execute(input: { staffId: StaffId; currentPassword: string; newPassword: string; address: string; requestId: string }): Promise<OpenedSession> {
    const [staff] = await this.unitOfWork.reader.query<{ login_name: string; password_hash: string }[]>(
      'SELECT login_name, password_hash FROM staff WHERE id = ?', [input.staffId],
    );
    const attempt = { loginName: staff?.login_name ?? '', address: input.address };
    await this.throttle.begin(attempt);
    if (staff === undefined || !await passwordMatches(input.currentPassword, staff.password_hash)) {
      throw new DomainError('ACCESS.CURRENT_PASSWORD_WRONG', 'refused');
    }
    if (isEasyPassword(input.newPassword, staff.login_name) || input.newPassword === input.currentPassword) {
      throw new DomainError('ACCESS.PASSWORD_TOO_EASY', 'refused');
    }
    const passwordHash = await hashPassword(input.newPassword);
    return this.unitOfWork.run(async (tx) => {
      await this.throttle.succeeded(attempt, tx);
      await tx.query('UPDATE staff SET password_hash = ?, must_change_password = 0 WHERE id = ?', [passwordHash, input.staffId]);
      await this.sessions.endAllOf(tx, input.staffId);
      await this.audit.record({
        actorKind: 'staff', actorId: input.staffId, action: 'password.changed', objectKind: 'staff', objectId: input.staffId,
        outcome: 'done', requestId: input.requestId,
      }, tx);
      return this.sessions.open(tx, input.staffId);
    });
  }
}

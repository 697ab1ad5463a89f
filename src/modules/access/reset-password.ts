import { Injectable } from '@nestjs/common';
import type { TemporaryPasswordAnswer } from '../../contract/access.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { hashPassword, temporaryPassword } from './passwords.js';
import { Sessions } from './sessions.js';
import { StaffAdministration } from './staff-administration.js';

/** Gives a person a temporary password and ends all their sessions. */
@Injectable()
export class ResetPassword {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly administration: StaffAdministration, private readonly sessions: Sessions) {}

  /** @throws DomainError ACCESS.STAFF_NOT_FOUND, ACCESS.NOT_YOURSELF */
  async execute(administrator: StaffIdentity, input: { staffId: string; reason: string; requestId: string }): Promise<TemporaryPasswordAnswer> {
    await this.administration.requireOther(administrator, input.staffId);
    const password = temporaryPassword();
    const passwordHash = await hashPassword(password);
    const loginName = await this.unitOfWork.run(async (tx) => {
      await tx.query('UPDATE staff SET password_hash = ?, must_change_password = 1 WHERE id = ?', [passwordHash, input.staffId]);
      await this.sessions.endAllOf(tx, input.staffId);
      await this.administration.record(tx, administrator, 'password.reset', input.staffId, input.requestId, { reason: input.reason });
      const [row] = await tx.query<{ login_name: string }[]>('SELECT login_name FROM staff WHERE id = ?', [input.staffId]);
      if (row === undefined) throw new InvariantError('staff vanished');
      return row.login_name;
    });
    return { staffId: input.staffId, loginName, temporaryPassword: password };
  }
}

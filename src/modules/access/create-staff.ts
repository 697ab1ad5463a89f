import { Injectable } from '@nestjs/common';
import type { CreateStaffRequest, TemporaryPasswordAnswer } from '../../contract/access.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { hashPassword, temporaryPassword } from './passwords.js';
import { StaffAdministration } from './staff-administration.js';

/** Adds a person with a temporary password, which is told once and stored as a hash only. */
@Injectable()
export class CreateStaff {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly administration: StaffAdministration, private readonly clock: Clock) {}

  /** @throws DomainError ACCESS.SCOPE_DOES_NOT_FIT, ACCESS.LOGIN_NAME_TAKEN */
  async execute(administrator: StaffIdentity, request: CreateStaffRequest, requestId: string): Promise<TemporaryPasswordAnswer> {
    await this.administration.requireFitting(administrator, request);
    const staffId = newId<StaffId>();
    const password = temporaryPassword();
    const passwordHash = await hashPassword(password);
    try {
      await this.unitOfWork.run(async (tx) => {
        await tx.query(
          `INSERT INTO staff (id, login_name, display_name, password_hash, role, scope_kind, scope_id, must_change_password, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)`,
          [staffId, request.loginName, request.displayName, passwordHash, request.role, request.scopeKind, request.scopeId, this.clock.now()],
        );
        await this.administration.record(tx, administrator, 'staff.created', staffId, requestId, { role: request.role, scopeKind: request.scopeKind, scopeId: request.scopeId });
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_staff_login_name')) throw new DomainError('ACCESS.LOGIN_NAME_TAKEN', 'conflict');
      throw error;
    }
    return { staffId, loginName: request.loginName, temporaryPassword: password };
  }
}

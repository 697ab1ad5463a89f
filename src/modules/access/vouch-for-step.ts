import { Injectable } from '@nestjs/common';
import type { StaffId } from '../../domain/kernel/ids.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { LoginThrottle, networkPlace } from './login-throttle.js';
import { PasswordCheck } from './password-check.js';

/** A colleague proves by the own password that they stand beside somebody's step. No session is opened. */
@Injectable()
export class VouchForStep {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly throttle: LoginThrottle, private readonly passwords: PasswordCheck) {}

  /**
   * @param step `besides`: who takes the step and cannot vouch for it; `pointId`: where it is taken; `ip`: of the request
   * @returns null where name and password are not those of another attendant or officer of this point; takes the same steps in each case
   * @throws DomainError ACCESS.TOO_MANY_ATTEMPTS, as at sign-in
   */
  async execute(step: { loginName: string; password: string; besides: string; pointId: string; ip: string | undefined }): Promise<StaffId | null> {
    const attempt = { loginName: step.loginName.trim().toLowerCase(), address: networkPlace(step.ip) };
    await this.throttle.begin(attempt);
    const [found] = await this.unitOfWork.reader.query<{ id: StaffId; passwordHash: string; here: number }[]>(
      `SELECT s.id, s.password_hash AS passwordHash, s.active = 1 AND s.role IN ('attendant', 'street')
         AND ((s.scope_kind = 'point' AND s.scope_id = p.id) OR (s.scope_kind = 'street' AND s.scope_id = c.street_id)) AS here
       FROM staff s JOIN point p ON p.id = ? JOIN community c ON c.id = p.community_id WHERE s.login_name = ?`, [step.pointId, attempt.loginName],
    );
    const matches = await this.passwords.matches(step.password, found?.passwordHash ?? null);
    if (!matches || found === undefined || Number(found.here) !== 1 || found.id === step.besides) return null;
    await this.unitOfWork.run((tx) => this.throttle.succeeded(attempt, tx));
    return found.id;
  }
}

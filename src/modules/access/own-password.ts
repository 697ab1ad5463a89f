import { Injectable } from '@nestjs/common';
import type { StaffId } from '../../domain/kernel/ids.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { LoginThrottle, networkPlace } from './login-throttle.js';
import { PasswordCheck } from './password-check.js';

/** Whoever is signed in shows by the own password that it is they who take a step, not somebody at their open page. */
@Injectable()
export class OwnPassword {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly throttle: LoginThrottle, private readonly passwords: PasswordCheck) {}

  /** @throws DomainError ACCESS.TOO_MANY_ATTEMPTS, as at sign-in */
  async isGood(staffId: StaffId, password: string, ip: string | undefined): Promise<boolean> {
    const [staff] = await this.unitOfWork.reader.query<{ loginName: string; passwordHash: string }[]>(
      'SELECT login_name AS loginName, password_hash AS passwordHash FROM staff WHERE id = ? AND active = 1', [staffId],
    );
    const attempt = { loginName: staff?.loginName ?? '', address: networkPlace(ip) };
    await this.throttle.begin(attempt);
    if (!await this.passwords.matches(password, staff?.passwordHash ?? null)) return false;
    await this.unitOfWork.run((tx) => this.throttle.succeeded(attempt, tx));
    return true;
  }
}

import { Injectable } from '@nestjs/common';
import { passwordMatches } from './passwords.js';

/** The one place at which a sign-in compares a password; asked for every attempt, whether the name exists or not. */
@Injectable()
export class PasswordCheck {
  /** @param stored the hash of the account, or null where there is none: the comparison takes place all the same */
  matches(password: string, stored: string | null): Promise<boolean> {
    return passwordMatches(password, stored);
  }
}

import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import {
  lastFour, parseIdNumber, parsePersonName, parsePhone, requireAgreement, requirePlausibleBirthDate, type Sex,
} from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { identityHashes } from '../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { nameInitials } from './name-initials.js';

export interface EnteredIdentity {
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: string;
  readonly idNumber: string;
}

/** What a desk typed, checked, and turned into columns: sealed values and keyed hashes for look-up. */
@Injectable()
export class IdentityColumns {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  /** @throws DomainError PERSON.* naming the first thing that is wrong */
  identity(entered: EnteredIdentity): {
    name: string; initials: string; sex: Sex; birthDate: BusinessDay; idNumberCipher: string; idNumberHash: string;
  } {
    const name = parsePersonName(entered.name);
    const facts = parseIdNumber(entered.idNumber);
    const birthDate = entered.birthDate as BusinessDay;
    requireAgreement(facts, { birthDate, sex: entered.sex });
    requirePlausibleBirthDate(birthDate, this.clock.today());
    return {
      name, initials: nameInitials(name), sex: entered.sex, birthDate,
      idNumberCipher: this.keyring.seal('identity', facts.idNumber),
      idNumberHash: identityHashes.idNumber(this.keyring, facts.idNumber),
    };
  }

  /** @throws DomainError PERSON.PHONE_FORMAT */
  phone(text: string, pointId: string): { phoneCipher: string; phoneHash: string; last4Hash: string } {
    const phone = parsePhone(text);
    return {
      phoneCipher: this.keyring.seal('identity', phone),
      phoneHash: identityHashes.phone(this.keyring, phone),
      last4Hash: identityHashes.last4(this.keyring, pointId, lastFour(phone)),
    };
  }

  seal(text: string): string {
    return this.keyring.seal('identity', text);
  }

  open(cipher: string): string {
    return this.keyring.open('identity', cipher);
  }
}

import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';

/** Long enough for two people who choose and pay together. */
const LIFETIME_MS = 300_000;

/** Short-lived proof that digits and secret were right, bound to one device and one person, so that no secret is stored with a payment. */
@Injectable()
export class PinTickets {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  issue(deviceId: string, personCode: string): string {
    const expiresMs = this.clock.now().getTime() + LIFETIME_MS;
    return `${expiresMs}.${this.mark(deviceId, personCode, expiresMs)}`;
  }

  /** @throws DomainError PAYMENT.PIN_NEEDED for a ticket that is forged, late, or of another device or person */
  require(ticket: string, deviceId: string, personCode: string): void {
    const [expires = '', mark = ''] = ticket.split('.');
    const expected = Buffer.from(this.mark(deviceId, personCode, Number(expires)));
    const given = Buffer.from(mark);
    const genuine = given.length === expected.length && timingSafeEqual(given, expected);
    if (!genuine || !(Number(expires) > this.clock.now().getTime())) throw new DomainError('PAYMENT.PIN_NEEDED', 'refused');
  }

  private mark(deviceId: string, personCode: string, expiresMs: number): string {
    return this.keyring.keyedHash('session', `senior-pin:${deviceId}:${personCode}:${expiresMs}`);
  }
}

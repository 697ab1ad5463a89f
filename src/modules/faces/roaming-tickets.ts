import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';

const LIFETIME_MS = 180_000;

/** What speaks for a living person beside the comparison: a head that turned as asked, the person's secret, or nothing. */
export type RoamingProof = 'turned' | 'pin' | 'none';

/** Short-lived proof that the server compared a face, bound to one device and one person; it carries the risk that was computed. */
@Injectable()
export class RoamingTickets {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  issue(deviceId: string, personCode: string, riskPpm: number, proof: RoamingProof): string {
    const expiresMs = this.clock.now().getTime() + LIFETIME_MS;
    return `${expiresMs}.${this.mark(deviceId, personCode, expiresMs, riskPpm, proof)}.${riskPpm}.${proof}`;
  }

  /**
   * @returns the bound of a false match in parts per million, as computed at the comparison, and what else speaks for the person
   * @throws DomainError PAYMENT.IDENTITY_DOUBT for a ticket that is forged, late, or of another device or person
   */
  require(ticket: string, deviceId: string, personCode: string): { riskPpm: number; proof: RoamingProof } {
    const [expires = '', mark = '', risk = '', proof = 'none'] = ticket.split('.');
    const expected = Buffer.from(this.mark(deviceId, personCode, Number(expires), Number(risk), proof));
    const given = Buffer.from(mark);
    const genuine = given.length === expected.length && timingSafeEqual(given, expected);
    if (!genuine || !(Number(expires) > this.clock.now().getTime())) throw new DomainError('PAYMENT.IDENTITY_DOUBT', 'refused');
    return { riskPpm: Number(risk), proof: proof as RoamingProof };
  }

  private mark(deviceId: string, personCode: string, expiresMs: number, riskPpm: number, proof: string): string {
    return this.keyring.keyedHash('session', `roaming:${deviceId}:${personCode}:${expiresMs}:${riskPpm}:${proof}`);
  }
}

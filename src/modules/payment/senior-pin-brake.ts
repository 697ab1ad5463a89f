import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { doublingWaitS } from '../../domain/kernel/doubling-wait.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { SeniorPins, type Diner } from '../seniors/index.js';

/** A slip of the finger happens; ten thousand secrets take most of a lifetime at one an hour. */
const WAIT = { freeFailures: 4, firstWaitS: 30, longestWaitS: 60 * 60 } as const;
const FORGET_MS = 24 * 60 * 60_000;

interface DelayRow { failures: number; not_before: Date; last_attempt_at: Date }

/**
 * Keeps whoever goes from kiosk to kiosk from trying one person's secret until it fits: wrong ones are counted per person,
 * and after a few each further one doubles the wait. Face, card and staff serve that person meanwhile.
 */
@Injectable()
export class SeniorPinBrake {
  constructor(
    private readonly pins: SeniorPins, private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock, private readonly config: AppConfig,
  ) {}

  /**
   * Whether the secret is this person's. Tries at one person come one after the other, so that many at once cannot slip through.
   *
   * @throws DomainError PAYMENT.PIN_WAIT with retryAfterS, before the secret is looked at
   */
  async matches(tx: EntityManager, device: DeviceIdentity, diner: Diner, pin: string): Promise<boolean> {
    if (!this.config.throttle) return this.pins.matches(tx, diner.seniorId, pin);
    const before = await this.failuresOf(tx, diner.seniorId);
    const right = await this.pins.matches(tx, diner.seniorId, pin);
    if (right) await tx.query('DELETE FROM senior_pin_delay WHERE senior_id = ?', [diner.seniorId]);
    else await this.noteWrong(tx, device, diner, before + 1);
    return right;
  }

  private async failuresOf(tx: EntityManager, seniorId: string): Promise<number> {
    const now = this.clock.now();
    // An update of nothing takes the row's exclusive lock at once; INSERT IGNORE would share it and then deadlock.
    await tx.query(
      'INSERT INTO senior_pin_delay (senior_id, failures, not_before, last_attempt_at) VALUES (?, 0, ?, ?) ON DUPLICATE KEY UPDATE senior_id = senior_id', [seniorId, now, now],
    );
    const [row] = await tx.query<DelayRow[]>('SELECT failures, not_before, last_attempt_at FROM senior_pin_delay WHERE senior_id = ? FOR UPDATE', [seniorId]);
    const waitMs = row === undefined ? 0 : row.not_before.getTime() - now.getTime();
    if (waitMs > 0) throw new DomainError('PAYMENT.PIN_WAIT', 'too-many', { retryAfterS: Math.ceil(waitMs / 1_000) });
    return row === undefined || now.getTime() - row.last_attempt_at.getTime() > FORGET_MS ? 0 : row.failures;
  }

  private async noteWrong(tx: EntityManager, device: DeviceIdentity, diner: Diner, failures: number): Promise<void> {
    const now = this.clock.now();
    const waitS = doublingWaitS(failures, WAIT);
    await tx.query('UPDATE senior_pin_delay SET failures = ?, not_before = ?, last_attempt_at = ? WHERE senior_id = ?',
      [failures, new Date(now.getTime() + waitS * 1_000), now, diner.seniorId]);
    if (waitS === 0) return;
    await this.audit.record({
      actorKind: 'device', actorId: device.deviceId, action: 'senior.pin-guessed', objectKind: 'senior', objectId: diner.seniorId, outcome: 'denied', detail: { failures, waitS },
    }, tx);
    if (failures === WAIT.freeFailures) await this.tell(tx, device, diner);
  }

  /** Where it is tried now, and the person: once for each row of wrong ones. */
  private async tell(tx: EntityManager, device: DeviceIdentity, diner: Diner): Promise<void> {
    const [at] = await tx.query<{ device: string; point: string; phone: string }[]>(
      'SELECT d.name AS device, p.name AS point, p.phone FROM device d JOIN point p ON p.id = d.point_id WHERE d.id = ?', [device.deviceId],
    );
    const now = this.clock.now();
    const facts = { device: at?.device ?? '', point: at?.point ?? '', phone: at?.phone ?? '', time: clockText(now) };
    const dedupKey = `pin-${diner.seniorId}-${now.getTime()}`;
    await this.notices.request(tx, { kind: 'pin-guessed', recipientKind: 'point', recipientId: device.pointId, facts, dedupKey: `${dedupKey}-point` });
    await this.notices.request(tx, { kind: 'pin-guessed-own', recipientKind: 'senior', recipientId: diner.seniorId, facts, dedupKey: `${dedupKey}-own` });
  }
}

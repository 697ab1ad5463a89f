import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { doublingWaitS } from '../../domain/kernel/doubling-wait.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';

/** At a full queue some mistype; guesses find nobody far more often than people do. */
const WAIT = { freeFailures: 6, firstWaitS: 30, longestWaitS: 15 * 60 } as const;
/** Without a miss for so long after the last wait everything is forgotten; a wait that is sat out does not count towards it. */
const FORGET_MS = 10 * 60_000;

interface DelayRow { misses: number; not_before: Date; last_miss_at: Date; found: unknown }

/** `as`: what is counted together. `whose`: a name of whom a search found; each makes up for one miss, once. */
interface Counted<T> { readonly as?: 'digits' | 'panel'; readonly whose?: (found: readonly T[]) => string }

/**
 * Keeps a kiosk, or whoever holds its key, from trying phone digits until they fit somebody: searches that find nobody
 * are counted per device, and after a few each further one doubles the wait. A search that finds somebody is not
 * counted, and each person found makes up for one miss, so a queue of people some of whom mistype does not wait; the same
 * person makes up for no second one, or whoever knows one number could guess for ever. Faces and cards go on meanwhile, and
 * the numbers of attendants are counted for themselves.
 */
@Injectable()
export class KioskDigitBrake {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail,
    private readonly clock: Clock, private readonly config: AppConfig,
  ) {}

  /**
   * Looks for people, one search of a device at a time, so that many at once cannot slip through.
   *
   * @param search run inside the transaction that counts it
   * @returns whom it found
   * @throws DomainError KIOSK.DIGITS_WAIT with retryAfterS; audited
   */
  async around<T>(device: DeviceIdentity, search: (tx: EntityManager) => Promise<readonly T[]>, counted: Counted<T> = {}): Promise<readonly T[]> {
    if (!this.config.throttle) return search(this.unitOfWork.reader);
    const outcome = await this.unitOfWork.run((tx) => this.count(tx, device.deviceId, search, counted));
    if (outcome.waitS === 0) return outcome.found;
    await this.audit.record({
      actorKind: 'device', actorId: device.deviceId, action: 'kiosk-digits.refused', objectKind: 'point', objectId: device.pointId,
      outcome: 'denied', detail: { code: 'KIOSK.DIGITS_WAIT', misses: outcome.misses },
    });
    throw new DomainError('KIOSK.DIGITS_WAIT', 'too-many', { retryAfterS: outcome.waitS });
  }

  private async count<T>(
    tx: EntityManager, deviceId: string, search: (tx: EntityManager) => Promise<readonly T[]>, { as = 'digits', whose }: Counted<T>,
  ): Promise<{ waitS: number; misses: number; found: readonly T[] }> {
    const now = this.clock.now();
    // An update of nothing takes the row's exclusive lock at once; INSERT IGNORE would share it and then deadlock.
    await tx.query(
      'INSERT INTO kiosk_digit_delay (device_id, kind, misses, not_before, last_miss_at) VALUES (?, ?, 0, ?, ?) ON DUPLICATE KEY UPDATE device_id = device_id',
      [deviceId, as, now, now],
    );
    const [row] = await tx.query<DelayRow[]>('SELECT misses, not_before, last_miss_at, found FROM kiosk_digit_delay WHERE device_id = ? AND kind = ? FOR UPDATE', [deviceId, as]);
    const forgotten = row === undefined || now.getTime() - Math.max(row.last_miss_at.getTime(), row.not_before.getTime()) > FORGET_MS;
    const before = forgotten ? 0 : row.misses;
    const madeUp = forgotten || row.found === null ? [] : parseJson<string[]>(row.found);
    const waitMs = row === undefined ? 0 : row.not_before.getTime() - now.getTime();
    if (waitMs > 0) return { waitS: Math.ceil(waitMs / 1_000), misses: before, found: [] };
    const found = await search(tx);
    if (found.length === 0) {
      await tx.query('UPDATE kiosk_digit_delay SET misses = ?, not_before = ?, last_miss_at = ?, found = ? WHERE device_id = ? AND kind = ?',
        [before + 1, new Date(now.getTime() + doublingWaitS(before + 1, WAIT) * 1_000), now, JSON.stringify(madeUp), deviceId, as]);
    } else if (whose !== undefined && before > 0 && !madeUp.includes(whose(found))) {
      await tx.query('UPDATE kiosk_digit_delay SET misses = ?, found = ? WHERE device_id = ? AND kind = ?', [before - 1, JSON.stringify([...madeUp, whose(found)]), deviceId, as]);
    }
    return { waitS: 0, misses: before, found };
  }
}

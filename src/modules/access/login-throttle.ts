import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { doublingWaitS, type DoublingWait } from '../../domain/kernel/doubling-wait.js';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';

interface Brake extends DoublingWait { readonly name: 'pair' | 'address' | 'account' }

/**
 * The pair brake stops guessing one account from one place. The address brake stops trying many accounts from one
 * place; a hall behind one address stays usable. The account brake stops guessing one account from many places; it
 * does not apply to places where the account has signed in before, so that nobody can keep a colleague out.
 */
const BRAKES: readonly Brake[] = [
  { name: 'pair', freeFailures: 4, firstWaitS: 1, longestWaitS: 60 },
  { name: 'address', freeFailures: 30, firstWaitS: 1, longestWaitS: 30 },
  { name: 'account', freeFailures: 20, firstWaitS: 1, longestWaitS: 10 },
];
const FORGET_MS = 15 * 60_000;
const KNOWN_PLACE_MS = 30 * 24 * 3_600_000;

interface DelayRow { subject_hash: string; failures: number; not_before: Date; last_attempt_at: Date; last_success_at: Date | null }
interface Attempt { readonly loginName: string; readonly address: string }

/** Delays sign-in per account and per address. A name that does not exist is delayed in the same way. */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    private readonly config: AppConfig,
  ) {}

  /**
   * Counts the attempt as failed before the password is looked at, so that many attempts at once cannot slip through.
   * @throws DomainError ACCESS.TOO_MANY_ATTEMPTS with retryAfterS
   */
  async begin(attempt: Attempt): Promise<void> {
    if (!this.config.throttle) return;
    const waitS = await this.unitOfWork.run((tx) => this.take(tx, attempt));
    if (waitS > 0) throw new DomainError('ACCESS.TOO_MANY_ATTEMPTS', 'too-many', { retryAfterS: waitS });
  }

  /** Takes back what `begin` counted, remembers the place, and forgives the pair. */
  async succeeded(attempt: Attempt, tx: EntityManager): Promise<void> {
    if (!this.config.throttle) return;
    const now = this.clock.now();
    await tx.query('UPDATE login_delay SET failures = 0, not_before = ?, last_success_at = ? WHERE subject_hash = ?',
      [now, now, this.subject('pair', attempt)]);
    for (const name of ['address', 'account'] as const) {
      await tx.query('UPDATE login_delay SET failures = GREATEST(failures - 1, 0), not_before = ? WHERE subject_hash = ?',
        [now, this.subject(name, attempt)]);
    }
  }

  /** @returns seconds to wait, 0 where the attempt may go on (and is counted) */
  private async take(tx: EntityManager, attempt: Attempt): Promise<number> {
    const now = this.clock.now();
    const brakes = BRAKES.map((brake) => ({ brake, subject: this.subject(brake.name, attempt) }))
      .sort((a, b) => (a.subject < b.subject ? -1 : 1)); // one order of locking for everybody
    const rows = new Map<Brake['name'], DelayRow>();
    for (const { brake, subject } of brakes) {
      // An update of nothing takes the row's exclusive lock at once; INSERT IGNORE would share it and then deadlock.
      await tx.query(
        `INSERT INTO login_delay (subject_hash, failures, not_before, last_attempt_at) VALUES (?, 0, ?, ?)
         ON DUPLICATE KEY UPDATE subject_hash = subject_hash`, [subject, now, now],
      );
      const [row] = await tx.query<DelayRow[]>('SELECT * FROM login_delay WHERE subject_hash = ? FOR UPDATE', [subject]);
      if (row !== undefined) rows.set(brake.name, row);
    }
    const knownSince = rows.get('pair')?.last_success_at ?? null;
    const knownPlace = knownSince !== null && now.getTime() - knownSince.getTime() < KNOWN_PLACE_MS;
    const applied = brakes.filter(({ brake }) => brake.name !== 'account' || !knownPlace);
    const waitMs = Math.max(0, ...applied.map(({ brake }) => (rows.get(brake.name)?.not_before.getTime() ?? 0) - now.getTime()));
    if (waitMs > 0) return Math.ceil(waitMs / 1_000);
    for (const { brake, subject } of applied) {
      const row = rows.get(brake.name);
      const before = row === undefined || now.getTime() - row.last_attempt_at.getTime() > FORGET_MS ? 0 : row.failures;
      const notBefore = new Date(now.getTime() + doublingWaitS(before + 1, brake) * 1_000);
      await tx.query('UPDATE login_delay SET failures = ?, not_before = ?, last_attempt_at = ? WHERE subject_hash = ?', [before + 1, notBefore, now, subject]);
    }
    return 0;
  }

  private subject(name: Brake['name'], { loginName, address }: Attempt): string {
    const text = { pair: `${loginName}|${address}`, address, account: loginName }[name];
    return this.keyring.keyedHash('session', `login-${name}:${text}`);
  }
}

/** One place on the network: an IPv4 address, or the /64 that one IPv6 customer holds. */
export function networkPlace(ip: string | undefined): string {
  if (ip === undefined) return 'unknown';
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (v4 !== undefined) return v4;
  const [head = '', tail = ''] = ip.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = ip.includes('::') ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right] : left;
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

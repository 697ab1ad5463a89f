import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';

const WINDOW_MS = 10 * 60_000;
const MAX_REFUSED = 5;

/**
 * Slows down guessing of one-time codes per source. Counted in the database, so that neither a restart nor a second
 * web process starts from zero. There is no street-wide limit: with 43-bit codes it would only let a stranger keep
 * everybody else from enrolling.
 */
@Injectable()
export class CodeGuessThrottle {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly keyring: Keyring) {}

  /** @throws DomainError DEVICE.TOO_MANY_ATTEMPTS after five refused codes in ten minutes */
  async requireRoom(address: string): Promise<void> {
    const [row] = await this.dataSource.query<{ refused: string | number }[]>(
      'SELECT COUNT(*) AS refused FROM device_code_attempt WHERE source_hash = ? AND at > ? AND at <= ?',
      [this.sourceHash(address), this.windowStart(), this.clock.now()],
    );
    if (Number(row?.refused ?? 0) >= MAX_REFUSED) throw new DomainError('DEVICE.TOO_MANY_ATTEMPTS', 'refused');
  }

  /** Counts one refused code, and forgets those which no longer matter. */
  async refused(address: string): Promise<void> {
    await this.dataSource.query('DELETE FROM device_code_attempt WHERE at <= ?', [this.windowStart()]);
    await this.dataSource.query(
      'INSERT INTO device_code_attempt (source_hash, at) VALUES (?, ?)', [this.sourceHash(address), this.clock.now()],
    );
  }

  private windowStart(): Date {
    return new Date(this.clock.now().getTime() - WINDOW_MS);
  }

  private sourceHash(address: string): string {
    return this.keyring.keyedHash('session', `source:${networkOf(address)}`);
  }
}

/** One household or provider of IPv6 hands out a /64: counting single addresses would count nothing. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  while (plain.includes('::') && groups.length + after.length < 8) groups.push('0');
  return [...groups, ...after].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

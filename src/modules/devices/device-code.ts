import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DEVICE_CODE_DIGITS } from '../../contract/devices.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';

/** Long enough to walk to the kiosk, short enough that a noted code is worthless tomorrow. */
const CODE_LIFE_MS = 30 * 60_000;

/** What a good code stands for. */
export interface RedeemedCode {
  readonly pointId: string;
  readonly name: string;
  readonly createdBy: string | null;
}

/** One-time codes for devices; stored as keyed hashes only. */
@Injectable()
export class DeviceCodes {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock) {}

  /** A new code for one device of a point. */
  async issue(tx: EntityManager, device: { pointId: string; name: string; createdBy: string | null }): Promise<{ code: string; expiresAt: Date }> {
    const half = (): string => String(randomInt(0, 10_000_000)).padStart(7, '0');
    const code = `${half()}${half()}`.slice(0, DEVICE_CODE_DIGITS);
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + CODE_LIFE_MS);
    await tx.query(
      'INSERT INTO device_code (code_hash, point_id, name, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      [this.hash(code), device.pointId, device.name, device.createdBy, now, expiresAt],
    );
    return { code, expiresAt };
  }

  /** Uses a code up. @returns null when it is unknown, used or expired; of two who type it at once one gets it. */
  async redeem(tx: EntityManager, code: string): Promise<RedeemedCode | null> {
    const now = this.clock.now();
    const hash = this.hash(code);
    const taken: unknown = await tx.query(
      'UPDATE device_code SET used_at = ? WHERE code_hash = ? AND used_at IS NULL AND expires_at > ?', [now, hash, now],
    );
    if (affectedRows(taken) !== 1) return null;
    const [row] = await tx.query<RedeemedCode[]>(
      'SELECT point_id AS pointId, name, created_by AS createdBy FROM device_code WHERE code_hash = ?', [hash],
    );
    return row ?? null;
  }

  private hash(code: string): string {
    return this.keyring.keyedHash('session', `device-code:${code}`);
  }
}

import { randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PLACE_NUMBER_DIGITS, PLACE_TRIES } from '../../contract/device-place.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';
import { AuditTrail } from '../audit/index.js';

/** Long enough for whoever is on site tomorrow morning, short enough that a forgotten machine waits for nobody. */
export const PLACE_WAIT_MS = 24 * 3_600_000;
/** After the first wrong number; doubled with each. */
const FIRST_BRAKE_S = 5;

/** What came of one number that was typed: `late`: nothing waits here any more; `braked`: not looked at yet. */
export type PlaceTry = 'confirmed' | 'wrong' | 'last-wrong' | 'braked' | 'late';

/** Who waits to be confirmed, and the number that only its own glass shows; sealed, because whoever reads it need not walk there. */
@Injectable()
export class DevicePlaces {
  constructor(private readonly keyring: Keyring, private readonly clock: Clock, private readonly audit: AuditTrail) {}

  /** Begins to wait. `confirmed` only for a machine of the demo street. */
  async begin(tx: EntityManager, of: { deviceId: string; codeIssuedBy: string | null; formerDeviceId: string | null; confirmed: boolean }): Promise<void> {
    const number = String(randomInt(0, 10 ** PLACE_NUMBER_DIGITS)).padStart(PLACE_NUMBER_DIGITS, '0');
    const now = this.clock.now();
    await tx.query(
      'INSERT INTO device_place (device_id, number_sealed, code_issued_by, former_device_id, waits_until, confirmed_at) VALUES (?)',
      [[of.deviceId, this.keyring.seal('session', number), of.codeIssuedBy, of.formerDeviceId, new Date(now.getTime() + PLACE_WAIT_MS), of.confirmed ? now : null]],
    );
    if (of.confirmed) await this.noteLostStorage(tx, of.deviceId);
  }

  /** What a waiting device shows. */
  async shownBy(tx: EntityManager, deviceId: string): Promise<{ number: string; waitsUntil: Date } | null> {
    const [row] = await tx.query<{ sealed: string; waitsUntil: Date }[]>(
      'SELECT number_sealed AS sealed, waits_until AS waitsUntil FROM device_place WHERE device_id = ? AND confirmed_at IS NULL', [deviceId],
    );
    return row === undefined ? null : { number: this.keyring.open('session', row.sealed), waitsUntil: row.waitsUntil };
  }

  /**
   * One number. It is counted before it is looked at, so that many at once are no more than one; and the machine begins to
   * sell only if it waits at this very moment: not after it was revoked, has lapsed, or somebody else confirmed it.
   */
  async tryNumber(tx: EntityManager, of: { deviceId: string; number: string; staffId: string }): Promise<PlaceTry> {
    const now = this.clock.now();
    const counted: unknown = await tx.query(
      `UPDATE device_place SET try_after = DATE_ADD(?, INTERVAL ${FIRST_BRAKE_S} * POW(2, wrong) SECOND), wrong = wrong + 1
       WHERE device_id = ? AND confirmed_at IS NULL AND waits_until > ? AND wrong < ? AND (try_after IS NULL OR try_after <= ?)`,
      [now, of.deviceId, now, PLACE_TRIES, now],
    );
    const [place] = await tx.query<{ sealed: string; wrong: number; waiting: number }[]>(
      `SELECT p.number_sealed AS sealed, p.wrong, p.confirmed_at IS NULL AND p.waits_until > ? AND d.status = 'waiting' AS waiting
       FROM device_place p JOIN device d ON d.id = p.device_id WHERE p.device_id = ?`, [now, of.deviceId],
    );
    if (place === undefined || Number(place.waiting) !== 1) return 'late';
    if (affectedRows(counted) !== 1) return 'braked';
    if (!isSame(this.keyring.open('session', place.sealed), of.number)) return Number(place.wrong) >= PLACE_TRIES ? 'last-wrong' : 'wrong';
    const trusted: unknown = await tx.query("UPDATE device SET status = 'active' WHERE id = ? AND status = 'waiting'", [of.deviceId]);
    if (affectedRows(trusted) !== 1) return 'late';
    await tx.query('UPDATE device_place SET confirmed_at = ?, confirmed_by = ?, wrong = wrong - 1 WHERE device_id = ?', [now, of.staffId, of.deviceId]);
    await this.noteLostStorage(tx, of.deviceId);
    return 'confirmed';
  }

  /** Ends what waits. @returns false where it no longer does */
  async end(tx: EntityManager, deviceId: string): Promise<boolean> {
    const ended: unknown = await tx.query("UPDATE device SET status = 'revoked', revoked_at = ? WHERE id = ? AND status = 'waiting'", [this.clock.now(), deviceId]);
    return affectedRows(ended) === 1;
  }

  /** A machine that says it was another device of this point before: its browser's storage was cleared, and with it what it had not sent. Its word counts once it is known where it stands. */
  private async noteLostStorage(tx: EntityManager, deviceId: string): Promise<void> {
    const lost: unknown = await tx.query(
      `UPDATE device former JOIN device_place p ON p.device_id = ? AND p.former_device_id = former.id JOIN device d ON d.id = p.device_id AND d.point_id = former.point_id
       SET former.replaced_by = d.id, former.storage_lost_at = ? WHERE former.replaced_by IS NULL`, [deviceId, this.clock.now()],
    );
    if (affectedRows(lost) !== 1) return;
    const [place] = await tx.query<{ formerId: string }[]>('SELECT former_device_id AS formerId FROM device_place WHERE device_id = ?', [deviceId]);
    await this.audit.record({
      actorKind: 'device', actorId: deviceId, action: 'device.storage-lost', objectKind: 'device', objectId: place?.formerId ?? null, outcome: 'done',
    }, tx);
  }
}

const isSame = (kept: string, typed: string): boolean => kept.length === typed.length && timingSafeEqual(Buffer.from(kept), Buffer.from(typed));

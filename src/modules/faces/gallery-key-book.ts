import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { p256PublicKey, type P256PublicKey } from '../../contract/devices.js';
import { Clock } from '../../infra/clock/clock.js';

/** The key that a point's templates are closed to now. */
export interface CurrentKey { readonly keyId: string; readonly publicKey: P256PublicKey; readonly due: boolean }

/** Which gallery key holds at a point, and what the loss of a device means for it. Private halves are never here. */
@Injectable()
export class GalleryKeyBook {
  constructor(private readonly clock: Clock) {}

  /** Null where the point keeps no gallery key, or none has been made yet. */
  async current(tx: EntityManager, pointId: string): Promise<CurrentKey | null> {
    const [row] = await tx.query<{ keyId: string; jwk: string; dueAt: Date | null }[]>(
      'SELECT id AS keyId, public_key_jwk AS jwk, due_at AS dueAt FROM gallery_key WHERE point_id = ? AND active = 1', [pointId],
    );
    return row === undefined ? null : { keyId: row.keyId, publicKey: p256PublicKey.parse(JSON.parse(row.jwk)), due: row.dueAt !== null };
  }

  /** A device is no longer trusted: what it held is taken from it, and each key that it could read must be replaced by those left. */
  async deviceRevoked(tx: EntityManager, deviceId: string): Promise<void> {
    await tx.query(
      `UPDATE gallery_key SET due_at = COALESCE(due_at, ?)
       WHERE active = 1 AND id IN (SELECT key_id FROM gallery_key_copy WHERE holder = ?)`, [this.clock.now(), deviceId],
    );
    await tx.query('DELETE FROM gallery_key_copy WHERE holder = ?', [deviceId]);
    await tx.query('DELETE FROM gallery_approval WHERE device_id = ?', [deviceId]);
  }
}

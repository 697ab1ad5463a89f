import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NewGalleryKeyRequest } from '../../contract/gallery-keys.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { FormerFaces } from './former-faces.js';
import { KeyCopies } from './key-copies.js';

/** Takes the public half of a gallery key that a device has made, and the copies for those who may open with it. */
@Injectable()
export class MakeGalleryKey {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly copies: KeyCopies, private readonly former: FormerFaces, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * The first key of a point is any device's to make; the next one only that of a device that holds the one before, so
   * that nothing closed to it is lost.
   *
   * @throws DomainError FACE.SEALING_OFF, FACE.KEY_EXISTS (another was quicker, or the former is another), FACE.KEY_NOT_HELD, FACE.HOLDER_REFUSED
   */
  async execute(device: DeviceIdentity, request: NewGalleryKeyRequest): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      const [sealing] = await tx.query<unknown[]>('SELECT 1 FROM gallery_sealing WHERE point_id = ? FOR UPDATE', [device.pointId]);
      if (sealing === undefined) throw new DomainError('FACE.SEALING_OFF', 'refused');
      await this.retire(tx, device, request.replaces);
      const made: unknown = await tx.query(
        'INSERT IGNORE INTO gallery_key (id, point_id, public_key_jwk, active, made_by, made_at) VALUES (?, ?, ?, 1, ?, ?)',
        [request.keyId, device.pointId, JSON.stringify(request.publicKey), device.deviceId, this.clock.now()],
      );
      if (affectedRows(made) !== 1) throw new DomainError('FACE.KEY_EXISTS', 'conflict');
      if (!request.copies.some((copy) => copy.holder === device.deviceId)) throw new DomainError('FACE.HOLDER_REFUSED', 'invalid');
      await this.copies.add(tx, { keyId: request.keyId, formerKeyId: request.replaces, pointId: device.pointId, by: device.deviceId }, request.copies);
      await this.former.closeAll(tx, { pointId: device.pointId, keyId: request.keyId, publicKey: request.publicKey });
      await this.audit.record({
        actorKind: 'device', actorId: device.deviceId, action: 'gallery.key-made', objectKind: 'gallery-key', objectId: request.keyId, outcome: 'done',
        detail: { pointId: device.pointId, replaces: request.replaces, holders: request.copies.length },
      }, tx);
    });
    return { done: true };
  }

  private async retire(tx: EntityManager, device: DeviceIdentity, keyId: string | null): Promise<void> {
    if (keyId === null) return;
    const [held] = await tx.query<unknown[]>('SELECT 1 FROM gallery_key_copy WHERE key_id = ? AND holder = ?', [keyId, device.deviceId]);
    if (held === undefined) throw new DomainError('FACE.KEY_NOT_HELD', 'refused');
    const retired: unknown = await tx.query(
      'UPDATE gallery_key SET active = NULL, retired_at = ? WHERE id = ? AND point_id = ? AND active = 1 AND due_at IS NOT NULL', [this.clock.now(), keyId, device.pointId],
    );
    if (affectedRows(retired) !== 1) throw new DomainError('FACE.KEY_EXISTS', 'conflict');
  }
}

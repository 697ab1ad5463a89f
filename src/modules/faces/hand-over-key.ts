import { Injectable } from '@nestjs/common';
import type { KeyCopiesRequest } from '../../contract/gallery-keys.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { AuditTrail } from '../audit/index.js';
import { KeyCopies } from './key-copies.js';

/** Takes copies of a current key for further holders, from a device that has it or from the recovery key. */
@Injectable()
export class HandOverKey {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly copies: KeyCopies, private readonly audit: AuditTrail) {}

  /** @throws DomainError FACE.KEY_NOT_HELD, FACE.HOLDER_REFUSED */
  async fromDevice(device: DeviceIdentity, { keyId, copies }: KeyCopiesRequest): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      const [held] = await tx.query<unknown[]>(
        'SELECT 1 FROM gallery_key k JOIN gallery_key_copy c ON c.key_id = k.id WHERE k.id = ? AND k.point_id = ? AND k.active = 1 AND c.holder = ? FOR UPDATE',
        [keyId, device.pointId, device.deviceId],
      );
      if (held === undefined) throw new DomainError('FACE.KEY_NOT_HELD', 'refused');
      await this.copies.add(tx, { keyId, formerKeyId: null, pointId: device.pointId, by: device.deviceId }, copies);
      await this.audit.record({
        actorKind: 'device', actorId: device.deviceId, action: 'gallery.key-handed-over', objectKind: 'gallery-key', objectId: keyId, outcome: 'done',
        detail: { holders: copies.map((copy) => copy.holder).join(' ') },
      }, tx);
    });
    return { done: true };
  }

  /** @throws DomainError FACE.KEY_UNKNOWN also outside the scope, FACE.HOLDER_REFUSED */
  async fromRecovery(keyId: string, copies: KeyCopiesRequest['copies'], actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
      const [key] = await tx.query<{ pointId: string }[]>(
        `SELECT p.id AS pointId FROM gallery_key k JOIN point p ON p.id = k.point_id JOIN community c ON c.id = p.community_id
         WHERE k.id = ? AND k.active = 1 AND ${scope.sql} FOR UPDATE`, [keyId, ...scope.params],
      );
      if (key === undefined) throw new DomainError('FACE.KEY_UNKNOWN', 'not-found');
      await this.copies.add(tx, { keyId, formerKeyId: null, pointId: key.pointId, by: actor.staff.staffId }, copies);
      await this.audit.record({
        ...auditActor(actor), action: 'gallery.key-recovered', objectKind: 'gallery-key', objectId: keyId, outcome: 'done',
        detail: { holders: copies.map((copy) => copy.holder).join(' ') },
      }, tx);
    });
    return { done: true };
  }
}

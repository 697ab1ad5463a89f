import { Injectable } from '@nestjs/common';
import type { ResealedRequest } from '../../contract/gallery-keys.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';

/** Takes templates that a device has closed to the current key; the server's own copy goes, unless roaming allows it. */
@Injectable()
export class ResealTemplates {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail) {}

  /**
   * A template that was captured again meanwhile is another one and stays as it is.
   *
   * @throws DomainError FACE.KEY_NOT_HELD
   */
  async execute(device: DeviceIdentity, { keyId, templates }: ResealedRequest): Promise<{ taken: number }> {
    return this.unitOfWork.run(async (tx) => {
      const [held] = await tx.query<unknown[]>(
        'SELECT 1 FROM gallery_key k JOIN gallery_key_copy c ON c.key_id = k.id WHERE k.id = ? AND k.point_id = ? AND k.active = 1 AND c.holder = ? FOR UPDATE',
        [keyId, device.pointId, device.deviceId],
      );
      if (held === undefined) throw new DomainError('FACE.KEY_NOT_HELD', 'refused');
      let taken = 0;
      for (const { version, box } of templates) {
        taken += affectedRows(await tx.query(
          `UPDATE face_template SET sealed_key_id = ?, sealed_box = ?, key_id = IF(roaming = 1, key_id, NULL), template_cipher = IF(roaming = 1, template_cipher, NULL)
           WHERE id = ? AND point_id = ? AND (sealed_key_id IS NULL OR sealed_key_id <> ?)`,
          [keyId, JSON.stringify(box), version, device.pointId, keyId],
        ));
      }
      // A key that closes nothing any more needs no holder.
      await tx.query(
        `DELETE c FROM gallery_key_copy c JOIN gallery_key k ON k.id = c.key_id
         WHERE k.point_id = ? AND k.active IS NULL AND NOT EXISTS (SELECT 1 FROM face_template t WHERE t.sealed_key_id = k.id)`, [device.pointId],
      );
      if (taken > 0) {
        await this.audit.record({
          actorKind: 'device', actorId: device.deviceId, action: 'gallery.templates-sealed', objectKind: 'gallery-key', objectId: keyId, outcome: 'done', detail: { templates: taken },
        }, tx);
      }
      return { taken };
    });
  }
}

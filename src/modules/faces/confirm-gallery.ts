import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';

/** Takes a device's word that everything up to a number is applied, and writes each confirmed deletion to the record. */
@Injectable()
export class ConfirmGallery {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws DomainError FACE.RECEIPT_AHEAD for a number that was never given out at this point */
  async execute(device: DeviceIdentity, seq: number): Promise<{ appliedSeq: number }> {
    return this.unitOfWork.run(async (tx) => {
      const [head] = await tx.query<{ seq: string | number }[]>('SELECT seq FROM gallery_head WHERE point_id = ?', [device.pointId]);
      if (seq > Number(head?.seq ?? 0)) throw new DomainError('FACE.RECEIPT_AHEAD', 'invalid');
      await tx.query('INSERT IGNORE INTO gallery_receipt (device_id, applied_seq, at) VALUES (?, 0, ?)', [device.deviceId, this.clock.now()]);
      const [receipt] = await tx.query<{ applied_seq: string | number }[]>(
        'SELECT applied_seq FROM gallery_receipt WHERE device_id = ? FOR UPDATE', [device.deviceId],
      );
      const before = Number(receipt?.applied_seq ?? 0);
      if (seq <= before) return { appliedSeq: before };
      await tx.query('UPDATE gallery_receipt SET applied_seq = ?, at = ? WHERE device_id = ?', [seq, this.clock.now(), device.deviceId]);
      const removed = await tx.query<{ personCode: string; seq: string | number }[]>(
        `SELECT person_code AS personCode, MAX(seq) AS seq FROM gallery_change
         WHERE point_id = ? AND seq > ? AND seq <= ? AND kind = 'remove' GROUP BY person_code`,
        [device.pointId, before, seq],
      );
      for (const one of removed) {
        await this.audit.record({
          actorKind: 'device', actorId: device.deviceId, action: 'face.removed-on-device', objectKind: 'face',
          objectId: one.personCode, outcome: 'done', detail: { seq: Number(one.seq) },
        }, tx);
      }
      return { appliedSeq: seq };
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { RevokeDeviceRequest } from '../../contract/devices.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { AuditTrail } from '../audit/index.js';
import { GalleryKeyBook } from '../faces/index.js';

/** Ends the trust in a device: its very next request is refused. Nothing re-admits it but a new enrolment. */
@Injectable()
export class RevokeDevice {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock, private readonly keys: GalleryKeyBook) {}

  /** @throws DomainError DEVICE.NOT_FOUND also outside the scope, DEVICE.ALREADY_REVOKED */
  async execute(deviceId: string, request: RevokeDeviceRequest, actor: Actor): Promise<{ deviceId: string; status: 'revoked' }> {
    await this.unitOfWork.run(async (tx) => {
      const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
      const [device] = await tx.query<{ id: string }[]>(
        `SELECT d.id FROM device d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id
         WHERE d.id = ? AND ${scope.sql}`,
        [deviceId, ...scope.params],
      );
      if (device === undefined) throw new DomainError('DEVICE.NOT_FOUND', 'not-found');
      const revoked: unknown = await tx.query(
        "UPDATE device SET status = 'revoked', revoked_at = ? WHERE id = ? AND status IN ('active', 'waiting')", [this.clock.now(), deviceId],
      );
      if (affectedRows(revoked) !== 1) throw new DomainError('DEVICE.ALREADY_REVOKED', 'conflict');
      await this.keys.deviceRevoked(tx, deviceId);
      await this.audit.record({
        ...auditActor(actor), action: 'device.revoked', objectKind: 'device', objectId: deviceId, outcome: 'done',
        detail: { reason: request.reason },
      }, tx);
    });
    return { deviceId, status: 'revoked' };
  }
}

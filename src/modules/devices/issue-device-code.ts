import { Injectable } from '@nestjs/common';
import type { IssueDeviceCodeAnswer, IssueDeviceCodeRequest } from '../../contract/devices.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { AuditTrail } from '../audit/index.js';
import { DeviceCodes } from './device-code.js';

/** Issues a one-time code for a new device of a point inside the scope of the member of staff. */
@Injectable()
export class IssueDeviceCode {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly codes: DeviceCodes, private readonly audit: AuditTrail) {}

  /** @throws DomainError DEVICE.POINT_UNKNOWN for a point that does not exist or lies outside the scope */
  async execute(request: IssueDeviceCodeRequest, actor: Actor): Promise<IssueDeviceCodeAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
      const [point] = await tx.query<{ id: string }[]>(
        `SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ? AND ${scope.sql}`,
        [request.pointId, ...scope.params],
      );
      if (point === undefined) throw new DomainError('DEVICE.POINT_UNKNOWN', 'not-found');
      const { code, expiresAt } = await this.codes.issue(tx, {
        pointId: point.id, name: request.name, createdBy: actor.staff.staffId,
      });
      await this.audit.record({
        ...auditActor(actor), action: 'device.code-issued', objectKind: 'point', objectId: point.id, outcome: 'done',
      }, tx);
      return { code, expiresAt: expiresAt.toISOString() };
    });
  }
}

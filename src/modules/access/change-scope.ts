import { Injectable } from '@nestjs/common';
import type { ChangeScopeRequest } from '../../contract/access.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Sessions } from './sessions.js';
import { StaffAdministration } from './staff-administration.js';

/** Gives a person another role or scope. Their sessions end, so that no page goes on showing what they may no longer see. */
@Injectable()
export class ChangeScope {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly administration: StaffAdministration, private readonly sessions: Sessions) {}

  /** @throws DomainError ACCESS.STAFF_NOT_FOUND, ACCESS.NOT_YOURSELF, ACCESS.SCOPE_DOES_NOT_FIT, ACCESS.LAST_ADMINISTRATOR */
  async execute(administrator: StaffIdentity, staffId: string, request: ChangeScopeRequest, requestId: string): Promise<void> {
    await this.administration.requireOther(administrator, staffId);
    await this.administration.requireFitting(administrator, request);
    await this.unitOfWork.run(async (tx) => {
      if (request.role !== 'administrator') await this.administration.requireAnotherAdministrator(tx, staffId);
      await tx.query('UPDATE staff SET role = ?, scope_kind = ?, scope_id = ? WHERE id = ?', [request.role, request.scopeKind, request.scopeId, staffId]);
      await this.sessions.endAllOf(tx, staffId);
      await this.administration.record(tx, administrator, 'staff.scope-changed', staffId, requestId,
        { role: request.role, scopeKind: request.scopeKind, scopeId: request.scopeId, reason: request.reason });
    });
  }
}

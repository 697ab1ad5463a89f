import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Sessions } from './sessions.js';
import { StaffAdministration } from './staff-administration.js';

/** Disables a person, which ends all their sessions at once, or enables one again. Nobody is ever deleted: the audit trail names them. */
@Injectable()
export class SetStaffActive {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly administration: StaffAdministration, private readonly sessions: Sessions) {}

  /** @throws DomainError ACCESS.STAFF_NOT_FOUND, ACCESS.NOT_YOURSELF, ACCESS.LAST_ADMINISTRATOR */
  async execute(administrator: StaffIdentity, input: { staffId: string; active: boolean; reason: string; requestId: string }): Promise<void> {
    await this.administration.requireOther(administrator, input.staffId);
    await this.unitOfWork.run(async (tx) => {
      if (!input.active) {
        await this.administration.requireAnotherAdministrator(tx, input.staffId);
        await this.sessions.endAllOf(tx, input.staffId);
      }
      await tx.query('UPDATE staff SET active = ? WHERE id = ?', [input.active ? 1 : 0, input.staffId]);
      await this.administration.record(tx, administrator, input.active ? 'staff.enabled' : 'staff.disabled', input.staffId, input.requestId, { reason: input.reason });
    });
  }
}

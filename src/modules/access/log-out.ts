import { Injectable } from '@nestjs/common';
import type { StaffId } from '../../domain/kernel/ids.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';
import { Sessions } from './sessions.js';

/** Ends the session that the request came with. */
@Injectable()
export class LogOut {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly sessions: Sessions, private readonly audit: AuditTrail) {}

  async execute(input: { staffId: StaffId; token: unknown; requestId: string }): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await this.sessions.end(tx, input.token);
      await this.audit.record({
        actorKind: 'staff', actorId: input.staffId, action: 'session.ended', objectKind: 'staff', objectId: input.staffId,
        outcome: 'done', requestId: input.requestId,
      }, tx);
    });
  }
}

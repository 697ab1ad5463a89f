import { Injectable } from '@nestjs/common';
import type { ReturnClaimRequest } from '../../../contract/finance-claims.js';
import { claimStep } from '../../../domain/settlement/index.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import { ClaimStore } from './claim-store.js';

/** Sends a claim that is not frozen yet back to its maker, with a reason; it is drafted, checked and signed anew. */
@Injectable()
export class ReturnClaim {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly store: ClaimStore, private readonly audit: AuditTrail) {}

  /** @throws DomainError CLAIM.WRONG_STATE (a frozen claim never returns), CLAIM.SNAPSHOT_CHANGED */
  async execute(staff: StaffIdentity, claimId: string, request: ReturnClaimRequest): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const claim = await this.store.lockedById(tx, staff, claimId, request.snapshotId);
      const status = claimStep('return', claim.status, await this.store.acts(tx, claim), staff.staffId);
      await tx.query('UPDATE month_claim SET status = ? WHERE id = ?', [status, claimId]);
      await this.store.act(tx, claim, 'returned', staff.staffId, request.reason);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'claim.returned', objectKind: 'claim', objectId: claimId, outcome: 'done' }, tx);
    });
  }
}

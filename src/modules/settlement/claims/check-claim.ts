import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { claimStep } from '../../../domain/settlement/index.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import { RollupCheck } from '../rollup/rollup-check.query.js';
import { ClaimRecount } from './claim-recount.js';
import { ClaimStore } from './claim-store.js';

/** A second person vouches for a draft; before, the sums are counted again from meals and ledger, and its own lines from those sums. */
@Injectable()
export class CheckClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly store: ClaimStore, private readonly check: RollupCheck, private readonly recount: ClaimRecount, private readonly audit: AuditTrail,
  ) {}

  /** @throws DomainError CLAIM.DIFFERS, CLAIM.OUTDATED, CLAIM.SAME_PERSON, CLAIM.WRONG_STATE, CLAIM.SNAPSHOT_CHANGED */
  async execute(staff: StaffIdentity, claimId: string, snapshotId: string): Promise<void> {
    const claim = await this.unitOfWork.run((tx) => this.store.lockedById(tx, staff, claimId, snapshotId));
    const points = await this.unitOfWork.run((tx) => this.store.pointsOf(tx, claim.streetId));
    const { differences } = await this.check.month(points, claim.month);
    if (differences.length > 0) {
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'claim.differs', objectKind: 'claim', objectId: claimId, outcome: 'failed',
        detail: { month: claim.month, differences: differences.length },
      });
      throw new DomainError('CLAIM.DIFFERS', 'conflict', { differences: differences.length });
    }
    await this.unitOfWork.run(async (tx) => {
      const locked = await this.store.lockedById(tx, staff, claimId, snapshotId);
      const status = claimStep('check', locked.status, await this.store.acts(tx, locked), staff.staffId);
      await this.recount.requireSame(tx, locked, await this.store.frozen(tx, locked.streetId, locked.party));
      await tx.query('UPDATE month_claim SET status = ? WHERE id = ?', [status, claimId]);
      await this.store.act(tx, locked, 'checked', staff.staffId);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'claim.checked', objectKind: 'claim', objectId: claimId, outcome: 'done' }, tx);
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { SignClaimRequest } from '../../../contract/finance-claims.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { sumFen } from '../../../domain/kernel/money.js';
import { claimStep } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import { ClaimBesides } from './claim-besides.js';
import { ClaimGates } from './claim-gates.js';
import { ClaimPapers } from './claim-papers.js';
import { ClaimRecount } from './claim-recount.js';
import { ClaimStore } from './claim-store.js';
import { UnfitMealDays } from './unfit-meals.query.js';

/** Signs a checked claim; the second signature, of another person, freezes it for ever. */
@Injectable()
export class SignClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly store: ClaimStore, private readonly gates: ClaimGates, private readonly besides: ClaimBesides,
    private readonly recount: ClaimRecount, private readonly papers: ClaimPapers, private readonly unfit: UnfitMealDays, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError CLAIM.SAME_PERSON, CLAIM.WRONG_STATE, CLAIM.SNAPSHOT_CHANGED, and before freezing CLAIM.OUTDATED, CLAIM.UNFIT_MEALS and those of ClaimGates */
  async execute(staff: StaffIdentity, claimId: string, { snapshotId, reason = '' }: SignClaimRequest): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const claim = await this.store.lockedById(tx, staff, claimId, snapshotId);
      const status = claimStep('sign', claim.status, await this.store.acts(tx, claim), staff.staffId);
      await this.store.act(tx, claim, 'signed', staff.staffId);
      if (status === 'frozen') {
        const frozen = await this.store.frozen(tx, claim.streetId, claim.party);
        const pointIds = await this.store.pointsOf(tx, claim.streetId);
        await this.gates.require(tx, pointIds, claim.party, claim.month, frozen);
        await this.recount.requireSame(tx, claim, frozen);
        const unfit = await this.unfit.asked(tx, { pointIds, party: claim.party, month: claim.month, frozen });
        if (unfit.length > 0 && reason === '') {
          throw new DomainError('CLAIM.UNFIT_MEALS', 'refused', { meals: unfit.reduce((sum, one) => sum + one.meals, 0), amountFen: sumFen(unfit.map((one) => one.amountFen)) });
        }
        await this.unfit.keep(tx, claimId, unfit);
        await this.besides.take(tx, claim);
        await this.papers.keep(tx, claimId, claim.month, this.clock.today());
        await this.store.act(tx, claim, 'frozen', staff.staffId, reason);
      }
      await tx.query('UPDATE month_claim SET status = ?, frozen_at = ? WHERE id = ?', [status, status === 'frozen' ? this.clock.now() : null, claimId]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: status === 'frozen' ? 'claim.frozen' : 'claim.signed', objectKind: 'claim', objectId: claimId,
        outcome: 'done', detail: { month: claim.month, payableFen: claim.payableFen, ...(reason === '' ? {} : { reason }) },
      }, tx);
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { PayClaimRequest } from '../../../contract/finance-claims.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { claimStep } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { isDuplicateKey } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { Idempotency } from '../../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../../audit/index.js';
import { ClaimStore } from './claim-store.js';

/**
 * Records that a frozen claim was paid: whole, once, under one bank reference, by somebody who had no part in making
 * it. No money leaves here: the bank pays the account of the contract, and nothing pays a subsidy out to a person.
 */
@Injectable()
export class PayClaim {
  constructor(
    private readonly idempotency: Idempotency, private readonly store: ClaimStore, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError CLAIM.WRONG_STATE, CLAIM.SAME_PERSON, CLAIM.ALREADY_PAID, CLAIM.REFERENCE_USED, CLAIM.SNAPSHOT_CHANGED */
  async execute(staff: StaffIdentity, key: string, claimId: string, request: PayClaimRequest): Promise<void> {
    await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { pay: claimId, ...request } }, async (tx) => {
      const claim = await this.store.lockedById(tx, staff, claimId, request.snapshotId);
      claimStep('pay', claim.status, await this.store.acts(tx, claim), staff.staffId);
      try {
        await tx.query(
          'INSERT INTO month_claim_payment (claim_id, street_id, bank_reference, paid_on, amount_fen, staff_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [claimId, claim.streetId, request.bankReference, request.paidOn, claim.payableFen, staff.staffId, this.clock.now()],
        );
      } catch (error) {
        if (isDuplicateKey(error, 'uq_month_claim_payment_reference')) throw new DomainError('CLAIM.REFERENCE_USED', 'conflict');
        if (isDuplicateKey(error)) throw new DomainError('CLAIM.ALREADY_PAID', 'conflict');
        throw error;
      }
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'claim.paid', objectKind: 'claim', objectId: claimId, outcome: 'done',
        detail: { amountFen: claim.payableFen, bankReference: request.bankReference },
      }, tx);
      return { claimId };
    });
  }
}

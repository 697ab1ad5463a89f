import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PayClaimRequest } from '../../../contract/finance-claims.js';
import { businessDayOf } from '../../../domain/kernel/business-day.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { fen } from '../../../domain/kernel/money.js';
import { operatorClaimPostings, payerClaimPostings, type Posting } from '../../../domain/ledger/index.js';
import { claimStep } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { Idempotency } from '../../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../../audit/index.js';
import { BankReferences, Ledger } from '../../ledger/index.js';
import { ClaimCredits, STANDING } from './claim-credits.query.js';
import { requireClaimable } from './claim-gates.js';
import { ClaimStore, type StoredClaim } from './claim-store.js';

/**
 * Records that a frozen claim was paid: whole, once, under one bank reference, by somebody who had no part in making
 * it, and posts it: an operator's claim leaves the bank for the account of the contract, a payer's comes in. Nothing
 * pays a subsidy out to a person; what changes later is an adjustment of the next period. A payment that the bank sent back
 * is taken back by two, and the claim is paid again.
 * An operator's claim below zero is recorded when its money was received back, unless a later claim has carried it.
 */
@Injectable()
export class PayClaim {
  constructor(
    private readonly idempotency: Idempotency, private readonly store: ClaimStore, private readonly credits: ClaimCredits, private readonly ledger: Ledger, private readonly references: BankReferences,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError CLAIM.WRONG_STATE, CLAIM.SAME_PERSON, CLAIM.ALREADY_PAID, CLAIM.REFERENCE_USED, CLAIM.CREDIT, CLAIM.CARRIED, CLAIM.SNAPSHOT_CHANGED, CLAIM.PAYMENT_DAY, CLAIM.OWN_PART */
  async execute(staff: StaffIdentity, key: string, claimId: string, request: PayClaimRequest): Promise<void> {
    const by = { idempotencyScope: `staff:${staff.staffId}`, idempotencyKey: key, actorKind: 'staff' as const, actorId: staff.staffId };
    await this.idempotency.run({ scope: by.idempotencyScope, key, request: { pay: claimId, ...request } }, async (tx) => {
      const claim = await this.store.lockedById(tx, staff, claimId, request.snapshotId);
      requireClaimable(claim.party);
      claimStep('pay', claim.status, await this.store.acts(tx, claim), staff.staffId);
      if (request.paidOn > this.clock.today() || (claim.frozenAt !== null && request.paidOn < businessDayOf(claim.frozenAt))) throw new DomainError('CLAIM.PAYMENT_DAY', 'invalid');
      if (claim.party.kind === 'payer' && claim.payableFen < 0) throw new DomainError('CLAIM.CREDIT', 'refused');
      if (claim.payableFen < 0 && await this.credits.isCarried(tx, claimId)) throw new DomainError('CLAIM.CARRIED', 'conflict');
      const attempt = await this.nextAttempt(tx, claimId);
      if (!await this.references.use(tx, { streetId: claim.streetId, reference: request.bankReference, by: 'claim', id: claimId })) throw new DomainError('CLAIM.REFERENCE_USED', 'conflict');
      const postings = await this.postings(tx, claim);
      const transferId = postings.length === 0 ? null : await this.ledger.post(tx, {
        ...by, kind: claim.party.kind === 'operator' ? 'claim-payment' : 'payer-payment', businessDay: this.clock.today(), pointId: null, memo: `claim ${claimId}`, postings,
      });
      await tx.query(
        'INSERT INTO month_claim_payment (claim_id, attempt, street_id, bank_reference, paid_on, amount_fen, staff_id, at, transfer_id) VALUES (?)',
        [[claimId, attempt, claim.streetId, request.bankReference, request.paidOn, claim.payableFen, staff.staffId, this.clock.now(), transferId]],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'claim.paid', objectKind: 'claim', objectId: claimId, outcome: 'done',
        detail: { amountFen: claim.payableFen, bankReference: request.bankReference },
      }, tx);
      return { claimId };
    });
  }

  /** @throws DomainError CLAIM.ALREADY_PAID while a payment of the claim stands */
  private async nextAttempt(tx: EntityManager, claimId: string): Promise<number> {
    const [last] = await tx.query<{ attempt: number; standing: number }[]>(
      `SELECT p.attempt, ${STANDING} AS standing FROM month_claim_payment p WHERE p.claim_id = ? ORDER BY p.attempt DESC LIMIT 1`, [claimId]);
    if (Number(last?.standing ?? 0) === 1) throw new DomainError('CLAIM.ALREADY_PAID', 'conflict');
    return Number(last?.attempt ?? 0) + 1;
  }

  private async postings(tx: EntityManager, claim: StoredClaim): Promise<Posting[]> {
    const parts = (await this.store.sums(tx, claim)).map((sum) => ({ ...sum, amountFen: fen(sum.amountFen) }));
    const { streetId, party } = claim;
    return party.kind === 'operator' ? operatorClaimPostings({ streetId, operatorId: party.code, parts }) : payerClaimPostings({ streetId, payerCode: party.code, parts });
  }
}

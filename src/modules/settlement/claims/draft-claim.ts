import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DraftClaimRequest } from '../../../contract/finance-claims.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { addMonths, parseMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { newId } from '../../../infra/ids.js';
import { AuditTrail } from '../../audit/index.js';
import { MealRollup } from '../rollup/meal-rollup.js';
import { ClaimGates } from './claim-gates.js';
import { ClaimRecount, detailHash } from './claim-recount.js';
import { ClaimStore } from './claim-store.js';

/** Makes a party's claim of a month from events alone, or makes it anew while it is still a draft. */
@Injectable()
export class DraftClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly store: ClaimStore, private readonly gates: ClaimGates,
    private readonly recount: ClaimRecount, private readonly rollup: MealRollup, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @returns the claim's id
   * @throws DomainError of ClaimGates and ClaimRecount; CLAIM.ALREADY_BOOKED once it was checked; CLAIM.NOTHING without meals or deliveries
   */
  async execute(staff: StaffIdentity, request: DraftClaimRequest): Promise<{ claimId: string }> {
    const streetId = await this.store.streetOf(staff);
    await this.rollup.catchUp();
    const party: ClaimParty = { kind: request.partyKind, code: request.partyCode };
    try {
      return await this.unitOfWork.run(async (tx) => {
        const claimId = await this.draft(tx, staff, streetId, party, request);
        await this.audit.record({
          actorKind: 'staff', actorId: staff.staffId, action: 'claim.drafted', objectKind: 'claim', objectId: claimId, outcome: 'done',
          detail: { month: request.month, party: `${party.kind} ${party.code}` },
        }, tx);
        return { claimId };
      });
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('CLAIM.ALREADY_BOOKED', 'conflict');
      throw error;
    }
  }

  private async draft(tx: EntityManager, staff: StaffIdentity, streetId: string, party: ClaimParty, request: DraftClaimRequest): Promise<string> {
    const month = parseMonth(request.month);
    const pointIds = await this.store.pointsOf(tx, streetId);
    if (pointIds.length === 0) throw new DomainError('CLAIM.NOTHING', 'refused');
    const frozen = await this.store.frozen(tx, streetId, party);
    const present = await this.store.locked(tx, streetId, month, party);
    if (present !== null && present.status !== 'draft') throw new DomainError('CLAIM.ALREADY_BOOKED', 'conflict');
    await this.gates.require(tx, pointIds, party, month, frozen);
    const { throughSeq, sealHash, persons, lines, totals } = await this.recount.count(tx, streetId, pointIds, party, month, frozen);
    if (lines.every(({ kind }) => kind === 'carried') && !await this.gates.hasMeals(tx, pointIds, party, addMonths(month, -1), addMonths(month, 1))) throw new DomainError('CLAIM.NOTHING', 'refused');
    const snapshotId = newId();
    const claimId = present?.claimId ?? newId();
    const values = {
      status: 'draft', snapshot_id: snapshotId, through_seq: throughSeq, seal_hash: sealHash, persons, meals: totals.meals,
      detail_hash: detailHash({ streetId, month, party, snapshotId, throughSeq, sealHash, persons }, totals, lines),
      gross_fen: totals.grossFen, due_fen: totals.dueFen, amount_fen: totals.amountFen, adjustment_fen: totals.adjustmentFen,
      delivery_fen: totals.deliveryFen, advance_fen: totals.advanceFen, carried_fen: totals.carriedFen,
      payable_fen: totals.payableFen, made_by: staff.staffId, made_at: this.clock.now(),
    };
    if (present === null) {
      await tx.query(
        `INSERT INTO month_claim (id, street_id, month, party_kind, party_code, ${Object.keys(values).join(', ')}) VALUES (?)`,
        [[claimId, streetId, month, party.kind, party.code, ...Object.values(values)]],
      );
    } else {
      await tx.query(`UPDATE month_claim SET ${Object.keys(values).map((name) => `${name} = ?`).join(', ')} WHERE id = ?`, [...Object.values(values), claimId]);
    }
    await this.store.writeLines(tx, claimId, streetId, party, lines);
    await this.store.act(tx, { claimId, snapshotId }, 'made', staff.staffId);
    return claimId;
  }
}

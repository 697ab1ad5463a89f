import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { offlineSale, type ConfirmOfflineSaleRequest, type DecideOfflineSaleRequest, type OfflineReviewRow, type OfflineSale, type OfflineState } from '../../contract/offline.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { fen } from '../../domain/kernel/money.js';
import { offlineDifferencePostings } from '../../domain/ledger/index.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { LateLines } from '../closing/index.js';
import { Ledger } from '../ledger/index.js';
import { DayGate, PointScope, SiteDirectory } from '../sites/index.js';
import { OfflineReview, NEVER_POSTED } from './offline-review.query.js';
import { OfflineSaleStore } from './offline-sale-store.js';
import { PostOfflineSale } from './post-offline-sale.js';
import { TakeOfflineSales } from './take-offline-sales.js';

interface Kept {
  deviceId: string; pointId: string; hash: string; text: string; genuine: number; seq: number | null; mealDay: BusinessDay | null; soldAt: Date | null; state: OfflineState;
  code: string | null; decidedAt: Date | null; shownFen: number | null; dueFen: number | null;
  proposed: 'accept' | 'reject' | null; proposedTo: 'diner' | 'operator' | null; proposedReason: string; proposedBy: string | null; proposedAt: Date | null;
}

const NOT_POSTED = { mealId: null, dueFen: null };

/**
 * Finance's word on a sale that a kiosk made without network: post it and say who bears the difference, or set it aside.
 * One person proposes, another agrees; only the second one moves money.
 */
@Injectable()
export class DecideOfflineSale {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly sites: SiteDirectory, private readonly gate: DayGate,
    private readonly store: OfflineSaleStore, private readonly post: PostOfflineSale, private readonly take: TakeOfflineSales, private readonly late: LateLines,
    private readonly ledger: Ledger, private readonly review: OfflineReview, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * Proposes a decision, or notes that a posted sale that was cheaper than shown was seen.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, OFFLINE.NOT_OPEN, OFFLINE.NEVER_POSTED, OFFLINE.PROPOSED
   */
  async execute(saleId: string, request: DecideOfflineSaleRequest, staff: StaffIdentity, key: string): Promise<OfflineReviewRow> {
    await this.requireSeen(saleId, staff);
    await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { offlineSale: saleId, ...request } }, async (tx) => {
      await this.propose(tx, saleId, request, staff);
      return { saleId };
    });
    return this.review.one(saleId, staff.staffId);
  }

  /**
   * Carries out what another person has proposed, or sends it back.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, OFFLINE.NOT_OPEN, OFFLINE.NOT_PROPOSED, OFFLINE.PROPOSAL_CHANGED, OFFLINE.SAME_PERSON,
   *   CLOSE.DAY_CLOSED where today is closed as well, and what SellOfflineMeal throws: the sale then stays open
   */
  async confirm(saleId: string, request: ConfirmOfflineSaleRequest, staff: StaffIdentity, key: string): Promise<OfflineReviewRow> {
    await this.requireSeen(saleId, staff);
    const { answer } = await this.idempotency.run(
      { scope: `staff:${staff.staffId}`, key, request: { confirmOfflineSale: saleId, ...request } }, (tx) => this.carryOut(tx, saleId, request, staff, key),
    );
    await this.take.catchUp(answer.deviceId);
    return this.review.one(saleId, staff.staffId);
  }

  private async requireSeen(saleId: string, staff: StaffIdentity): Promise<void> {
    const pointId = await this.review.pointOf(saleId);
    if (pointId === null || !(await this.scope.points(staff)).some((id) => id === pointId)) return this.scope.refuse(staff, 'offline-sale', saleId);
  }

  private async propose(tx: EntityManager, saleId: string, request: DecideOfflineSaleRequest, staff: StaffIdentity): Promise<void> {
    const kept = await this.locked(tx, saleId);
    const seen = kept.state === 'posted' && kept.decidedAt === null && request.decision === 'accept';
    if (seen) return this.writeDown(tx, saleId, { ...request, chargedTo: 'diner' }, staff, { ...NOT_POSTED, code: kept.code });
    requireUndecided(kept);
    if (kept.proposedBy !== null && kept.proposedBy !== staff.staffId) throw new DomainError('OFFLINE.PROPOSED', 'conflict');
    if (request.decision === 'accept') saleOf(kept);
    await tx.query('UPDATE offline_sale SET proposed = ?, proposed_to = ?, proposed_reason = ?, proposed_by = ?, proposed_at = ? WHERE id = ?',
      [request.decision, request.chargedTo, request.reason, staff.staffId, this.clock.now(), saleId]);
    await this.note(tx, staff, 'offline-sale.proposed', saleId, { ...request });
  }

  private async carryOut(tx: EntityManager, saleId: string, { agree, note, proposedAt }: ConfirmOfflineSaleRequest, staff: StaffIdentity, key: string): Promise<{ deviceId: string }> {
    const kept = await this.locked(tx, saleId);
    requireUndecided(kept);
    if (kept.proposed === null) throw new DomainError('OFFLINE.NOT_PROPOSED', 'conflict');
    if (kept.proposedAt?.toISOString() !== proposedAt) throw new DomainError('OFFLINE.PROPOSAL_CHANGED', 'conflict');
    if (!agree) {
      await tx.query("UPDATE offline_sale SET proposed = NULL, proposed_to = NULL, proposed_reason = '', proposed_by = NULL, proposed_at = NULL WHERE id = ?", [saleId]);
      await this.note(tx, staff, 'offline-sale.sent-back', saleId, { note });
      return { deviceId: kept.deviceId };
    }
    if (kept.proposedBy === staff.staffId) throw new DomainError('OFFLINE.SAME_PERSON', 'forbidden');
    const request: DecideOfflineSaleRequest = { decision: kept.proposed, chargedTo: kept.proposedTo ?? 'diner', reason: kept.proposedReason };
    await this.waitNoLonger(tx, kept);
    const posted = request.decision === 'accept' ? await this.accept(tx, saleId, kept, request, staff, key) : NOT_POSTED;
    await this.writeDown(tx, saleId, request, staff, { ...posted, code: kept.code });
    return { deviceId: kept.deviceId };
  }

  private async writeDown(
    tx: EntityManager, saleId: string, request: DecideOfflineSaleRequest, staff: StaffIdentity, posted: { mealId: string | null; dueFen: number | null; code: string | null },
  ): Promise<void> {
    const accepted = request.decision === 'accept';
    await tx.query(
      `UPDATE offline_sale SET state = ?, meal_id = COALESCE(meal_id, ?), due_fen = COALESCE(?, due_fen), charged_to = ?, reason = ?, decided_by = ?, decided_at = ? WHERE id = ?`,
      [accepted ? 'posted' : 'rejected', posted.mealId, posted.dueFen, accepted ? request.chargedTo : null, request.reason, staff.staffId, this.clock.now(), saleId],
    );
    await this.note(tx, staff, accepted ? 'offline-sale.accepted' : 'offline-sale.rejected', saleId, { code: posted.code, mealId: posted.mealId, chargedTo: request.chargedTo });
  }

  private async note(tx: EntityManager, staff: StaffIdentity, action: string, saleId: string, detail: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'offline-sale', objectId: saleId, outcome: 'done', detail }, tx);
  }

  /** Whatever was missing before this sale is given up: the next ones follow from here. */
  private async waitNoLonger(tx: EntityManager, kept: Kept): Promise<void> {
    if (kept.genuine !== 1 || kept.seq === null || kept.soldAt === null) return;
    const head = await this.store.lockHead(tx, kept.deviceId);
    if (kept.seq > head.seq) await this.store.advance(tx, kept.deviceId, { seq: kept.seq, hash: kept.hash, soldAtMs: kept.soldAt.getTime() });
  }

  private async accept(
    tx: EntityManager, saleId: string, kept: Kept, request: DecideOfflineSaleRequest, staff: StaffIdentity, key: string,
  ): Promise<{ mealId: string; dueFen: number }> {
    const { sale, mealDay } = saleOf(kept);
    const closed = await this.gate.isClosed(tx, kept.pointId, mealDay);
    const today = this.clock.today();
    if (closed) await this.gate.requireOpen(tx, kept.pointId, today);
    const late = closed ? { bookedOn: today, lineId: newId() } : null;
    const sold = await this.post.execute(tx, { deviceId: kept.deviceId, pointId: kept.pointId, hash: kept.hash, sale, mayExceed: true, late });
    if (late !== null) {
      await this.late.noteBooked(tx, { kind: 'kiosk', id: late.lineId, sourceId: saleId, pointId: kept.pointId, mealDay, mealId: sold.mealId, seniorId: sold.seniorId, recordedBy: kept.deviceId });
    }
    const beyondFen = sold.dueFen - sale.dueFen;
    if (request.chargedTo === 'operator' && beyondFen > 0) {
      const { operatorId } = await this.sites.point(kept.pointId as PointId, tx);
      const transferId = await this.ledger.post(tx, {
        kind: 'offline-difference', businessDay: today, pointId: kept.pointId, idempotencyScope: `staff:${staff.staffId}`, idempotencyKey: key,
        actorKind: 'staff', actorId: staff.staffId, memo: 'shown too little without network',
        postings: offlineDifferencePostings({ operatorId, pointId: kept.pointId, seniorId: sold.seniorId, amountFen: fen(beyondFen), toDebt: sold.tender === 'debt' }),
      });
      await tx.query('UPDATE offline_sale SET difference_transfer_id = ? WHERE id = ?', [transferId, saleId]);
    }
    return { mealId: sold.mealId, dueFen: sold.dueFen };
  }

  private async locked(tx: EntityManager, saleId: string): Promise<Kept> {
    const [kept] = await tx.query<Kept[]>(
      `SELECT device_id AS deviceId, point_id AS pointId, record_hash AS hash, record_text AS text, genuine, seq, meal_day AS mealDay, sold_at AS soldAt, state, code,
         decided_at AS decidedAt, shown_fen AS shownFen, due_fen AS dueFen, proposed, proposed_to AS proposedTo, proposed_reason AS proposedReason,
         proposed_by AS proposedBy, proposed_at AS proposedAt FROM offline_sale WHERE id = ? FOR UPDATE`, [saleId],
    );
    if (kept === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return kept;
  }
}

function requireUndecided(kept: Kept): void {
  if (kept.state !== 'review' && kept.state !== 'waiting') throw new DomainError('OFFLINE.NOT_OPEN', 'conflict');
}

/** @throws DomainError OFFLINE.NEVER_POSTED for what no decision can turn into a meal */
function saleOf(kept: Kept): { sale: OfflineSale; mealDay: BusinessDay } {
  const sale = kept.genuine === 1 ? offlineSale.safeParse(JSON.parse(kept.text)) : null;
  if (sale === null || !sale.success || kept.mealDay === null || NEVER_POSTED.includes(kept.code ?? '')) throw new DomainError('OFFLINE.NEVER_POSTED', 'refused');
  return { sale: sale.data, mealDay: kept.mealDay };
}

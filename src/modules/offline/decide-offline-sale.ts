import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { offlineSale, type DecideOfflineSaleRequest, type OfflineReviewRow, type OfflineState } from '../../contract/offline.js';
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
}

const NOT_POSTED = { mealId: null, dueFen: null };

/** Finance's word on a sale that a kiosk made without network: post it and say who bears the difference, or set it aside. */
@Injectable()
export class DecideOfflineSale {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly sites: SiteDirectory, private readonly gate: DayGate,
    private readonly store: OfflineSaleStore, private readonly post: PostOfflineSale, private readonly take: TakeOfflineSales, private readonly late: LateLines,
    private readonly ledger: Ledger, private readonly review: OfflineReview, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, OFFLINE.NOT_OPEN, OFFLINE.NEVER_POSTED, CLOSE.DAY_CLOSED where
   *   today is closed as well, and what SellOfflineMeal throws: the sale then stays open
   */
  async execute(saleId: string, request: DecideOfflineSaleRequest, staff: StaffIdentity, key: string): Promise<OfflineReviewRow> {
    const pointId = await this.review.pointOf(saleId);
    if (pointId === null || !(await this.scope.points(staff)).some((id) => id === pointId)) return this.scope.refuse(staff, 'offline-sale', saleId);
    const { answer } = await this.idempotency.run(
      { scope: `staff:${staff.staffId}`, key, request: { offlineSale: saleId, ...request } }, (tx) => this.decide(tx, saleId, request, staff, key),
    );
    await this.take.catchUp(answer.deviceId);
    return this.review.one(saleId);
  }

  private async decide(tx: EntityManager, saleId: string, request: DecideOfflineSaleRequest, staff: StaffIdentity, key: string): Promise<{ deviceId: string }> {
    const kept = await this.locked(tx, saleId);
    const seen = kept.state === 'posted' && kept.decidedAt === null && request.decision === 'accept';
    if (!seen && kept.state !== 'review' && kept.state !== 'waiting') throw new DomainError('OFFLINE.NOT_OPEN', 'conflict');
    await this.waitNoLonger(tx, kept);
    const posted = request.decision === 'accept' && !seen ? await this.accept(tx, saleId, kept, request, staff, key) : NOT_POSTED;
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
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: accepted ? 'offline-sale.accepted' : 'offline-sale.rejected',
      objectKind: 'offline-sale', objectId: saleId, outcome: 'done', detail: { code: posted.code, mealId: posted.mealId, chargedTo: request.chargedTo },
    }, tx);
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
    const sale = kept.genuine === 1 ? offlineSale.safeParse(JSON.parse(kept.text)) : null;
    if (sale === null || !sale.success || kept.mealDay === null || NEVER_POSTED.includes(kept.code ?? '')) throw new DomainError('OFFLINE.NEVER_POSTED', 'refused');
    const closed = await this.gate.isClosed(tx, kept.pointId, kept.mealDay);
    const today = this.clock.today();
    if (closed) await this.gate.requireOpen(tx, kept.pointId, today);
    const late = closed ? { bookedOn: today, lineId: newId() } : null;
    const sold = await this.post.execute(tx, { deviceId: kept.deviceId, pointId: kept.pointId, hash: kept.hash, sale: sale.data, mayExceed: true, late });
    if (late !== null) {
      await this.late.noteBooked(tx, { id: late.lineId, sourceId: saleId, pointId: kept.pointId, mealDay: kept.mealDay, mealId: sold.mealId, seniorId: sold.seniorId, recordedBy: kept.deviceId });
    }
    const beyondFen = sold.dueFen - sale.data.dueFen;
    if (request.chargedTo === 'operator' && beyondFen > 0) {
      const { operatorId } = await this.sites.point(kept.pointId as PointId, tx);
      await this.ledger.post(tx, {
        kind: 'offline-difference', businessDay: today, pointId: kept.pointId, idempotencyScope: `staff:${staff.staffId}`, idempotencyKey: key,
        actorKind: 'staff', actorId: staff.staffId, memo: 'shown too little without network',
        postings: offlineDifferencePostings({ operatorId, pointId: kept.pointId, seniorId: sold.seniorId, amountFen: fen(beyondFen), toDebt: sold.tender === 'debt' }),
      });
    }
    return { mealId: sold.mealId, dueFen: sold.dueFen };
  }

  private async locked(tx: EntityManager, saleId: string): Promise<Kept> {
    const [kept] = await tx.query<Kept[]>(
      `SELECT device_id AS deviceId, point_id AS pointId, record_hash AS hash, record_text AS text, genuine, seq, meal_day AS mealDay, sold_at AS soldAt, state, code,
         decided_at AS decidedAt, shown_fen AS shownFen, due_fen AS dueFen FROM offline_sale WHERE id = ? FOR UPDATE`, [saleId],
    );
    if (kept === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return kept;
  }
}

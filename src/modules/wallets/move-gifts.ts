import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DonationFundAnswer, DonationGiftRequest, DonationGrantRequest, PointsRequest, PurseAnswer } from '../../contract/wallets.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { fen } from '../../domain/kernel/money.js';
import {
  donationGrantPostings, donationOf, fundOf, giftsBankOf, moving, pointsIssuedBy, pointsOf, reversalPostings, walletOf, type Posting, type TransferKind,
} from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger } from '../ledger/index.js';
import { WalletPeople, type WalletOwner } from './wallet-people.js';

/**
 * Charity and points: given and used by rules of their own. A donation pays meals, points pay services; neither becomes
 * own money, and what is not eaten goes back to the fund.
 */
@Injectable()
export class MoveGifts {
  constructor(
    private readonly dataSource: DataSource, private readonly idempotency: Idempotency, private readonly people: WalletPeople, private readonly ledger: Ledger,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async fund(streetId: string, tx?: EntityManager): Promise<DonationFundAnswer> {
    const [row] = await (tx ?? this.dataSource.manager).query<{ granted: string | null }[]>(
      `SELECT -SUM(e.amount_fen) AS granted FROM transfer t JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id
       WHERE a.kind = 'fund' AND a.owner_code = ? AND t.kind IN ('donation-grant', 'donation-return')`, [streetId],
    );
    return { fundFen: await this.ledger.balanceOf(fundOf(streetId), tx), grantedFen: fen(Number(row?.granted ?? 0)) };
  }

  /** A gift that arrived at the bank; its reference makes it enter once. */
  async give(staff: StaffIdentity, request: DonationGiftRequest): Promise<DonationFundAnswer> {
    if (staff.scopeKind !== 'street') throw new DomainError('ACCESS.DENIED', 'forbidden');
    const streetId = staff.scopeId;
    const scope = `gift:${streetId}`;
    const { answer } = await this.idempotency.run({ scope, key: request.reference, request: { gift: request } }, async (tx) => {
      await this.post(tx, staff, { scope, key: request.reference }, 'donation-gift', { memo: `gift ${request.reference}`, reason: '' }, moving(giftsBankOf(streetId), [{ account: fundOf(streetId), amountFen: fen(request.amountFen) }]));
      await this.record(tx, staff, 'donation.received', 'street', streetId, { amountFen: request.amountFen, reference: request.reference });
      return this.fund(streetId, tx);
    });
    return answer;
  }

  /** @throws DomainError DONATION.FUND_SHORT, SENIOR.NOT_FOUND, GIFT.OWNER_GONE; what was given can always go back */
  async donation(staff: StaffIdentity, seniorId: string, key: string, request: DonationGrantRequest): Promise<PurseAnswer> {
    return this.forOwner(staff, seniorId, key, { donation: request }, async (tx, owner) => {
      const granted = donationGrantPostings(owner.streetId, seniorId, fen(request.amountFen));
      const back = request.direction === 'back';
      if (!back) requirePresent(owner);
      await this.post(tx, staff, { key }, back ? 'donation-return' : 'donation-grant', { memo: 'donation', reason: request.reason }, back ? reversalPostings(granted) : granted, 'DONATION.FUND_SHORT');
      await this.record(tx, staff, back ? 'donation.returned' : 'donation.granted', 'senior', seniorId, { amountFen: request.amountFen, reason: request.reason });
    });
  }

  /** @throws DomainError POINTS.SHORT, SENIOR.NOT_FOUND, GIFT.OWNER_GONE */
  async points(staff: StaffIdentity, seniorId: string, key: string, request: PointsRequest): Promise<PurseAnswer> {
    return this.forOwner(staff, seniorId, key, { points: request }, async (tx, owner) => {
      const granted = moving(pointsIssuedBy(owner.streetId), [{ account: pointsOf(seniorId), amountFen: fen(request.points) }]);
      const used = request.direction === 'use';
      if (!used) requirePresent(owner);
      await this.post(tx, staff, { key }, used ? 'points-use' : 'points-grant', { memo: 'points', reason: request.reason }, used ? reversalPostings(granted) : granted, 'POINTS.SHORT');
      await this.record(tx, staff, used ? 'points.used' : 'points.granted', 'senior', seniorId, { points: request.points, reason: request.reason });
    });
  }

  private async forOwner(
    staff: StaffIdentity, seniorId: string, key: string, request: object, work: (tx: EntityManager, owner: WalletOwner) => Promise<void>,
  ): Promise<PurseAnswer> {
    await this.people.find(staff, seniorId);
    const { answer } = await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { seniorId, ...request } }, async (tx) => {
      await work(tx, await this.people.lock(tx, seniorId));
      return this.purse(tx, seniorId);
    });
    return answer;
  }

  private async purse(tx: EntityManager, seniorId: string): Promise<PurseAnswer> {
    return {
      walletFen: await this.ledger.balanceOf(walletOf(seniorId), tx), donationFen: await this.ledger.balanceOf(donationOf(seniorId), tx),
      debtFen: await this.people.debtFen(tx, seniorId), points: await this.ledger.balanceOf(pointsOf(seniorId), tx),
    };
  }

  private async post(tx: EntityManager, staff: StaffIdentity, { scope, key }: { scope?: string; key: string }, kind: TransferKind, { memo, reason }: { memo: string; reason: string }, postings: readonly Posting[], short?: string): Promise<void> {
    try {
      const transferId = await this.ledger.post(tx, {
        kind, businessDay: this.clock.today(), pointId: null, idempotencyScope: scope ?? `staff:${staff.staffId}`, idempotencyKey: key, actorKind: 'staff', actorId: staff.staffId, memo, postings,
      });
      // The journal carries codes only; why is written beside it.
      if (reason !== '') await tx.query('INSERT INTO gift_note (transfer_id, reason) VALUES (?, ?)', [transferId, reason]);
    } catch (error) {
      if (short !== undefined && error instanceof DomainError && error.code === 'PAYMENT.INSUFFICIENT_BALANCE') throw new DomainError(short, 'refused');
      throw error;
    }
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, objectKind: string, objectId: string, detail: Record<string, string | number>): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind, objectId, outcome: 'done', detail }, tx);
  }
}

/** @throws DomainError GIFT.OWNER_GONE for somebody who died or moved away */
function requirePresent({ status }: WalletOwner): void {
  if (status === 'deceased' || status === 'moved') throw new DomainError('GIFT.OWNER_GONE', 'refused');
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import { affectedRows } from '../../../infra/database/columns.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import { unseenAs, WalletPeople } from '../wallet-people.js';

export interface FailedRefund {
  readonly channelRefundId: string;
  readonly refundNo: string;
  readonly channel: string;
  readonly orderNo: string;
  readonly orderId: string;
  readonly seniorId: string;
  readonly pointId: string;
  readonly amountFen: number;
  readonly state: string;
}

/** Refunds that a channel gave up, because the payer's card is gone or the order too old. */
@Injectable()
export class FailedRefunds {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly people: WalletPeople, private readonly audit: AuditTrail) {}

  /**
   * Sent to the channel once more under the same number, so that it can never pay twice.
   *
   * @throws DomainError REFUND.UNKNOWN, REFUND.NOT_FAILED, REQUEST.PENDING where somebody asked to pay it by bank
   */
  async sendAgain(staff: StaffIdentity, channelRefundId: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const refund = await this.find(tx, staff, channelRefundId);
      const [asked] = await tx.query<unknown[]>("SELECT 1 FROM money_request WHERE kind = 'channel-refund' AND subject_id = ? AND state = 'asked'", [channelRefundId]);
      if (asked !== undefined) throw new DomainError('REQUEST.PENDING', 'conflict');
      await this.move(tx, channelRefundId, "state = 'due'");
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'channel-refund.sent-again', objectKind: 'channel-order', objectId: refund.orderId, outcome: 'done',
        detail: { refundNo: refund.refundNo, amountFen: refund.amountFen, channel: refund.channel },
      }, tx);
    });
  }

  /** In the transaction that pays it by bank: from here on the channel is not asked again. @throws DomainError REFUND.NOT_FAILED */
  async settle(tx: EntityManager, channelRefundId: string, requestId: string): Promise<void> {
    await this.move(tx, channelRefundId, "state = 'settled', settled_by_request = ?", requestId);
    await tx.query(
      "UPDATE channel_order o JOIN channel_refund r ON r.order_id = o.id SET o.state = 'refunded' WHERE r.id = ? AND o.state = 'refund-due'", [channelRefundId],
    );
  }

  /** One refund with its row locked after the senior's. @throws DomainError REFUND.UNKNOWN out of scope too, REFUND.NOT_FAILED */
  async find(tx: EntityManager, staff: StaffIdentity, channelRefundId: string): Promise<FailedRefund> {
    const sql = `SELECT r.id AS channelRefundId, r.refund_no AS refundNo, o.channel, o.order_no AS orderNo, o.id AS orderId, o.senior_id AS seniorId, o.point_id AS pointId,
      r.amount_fen AS amountFen, r.state FROM channel_refund r JOIN channel_order o ON o.id = r.order_id WHERE r.id = ?`;
    const [seen] = await tx.query<FailedRefund[]>(sql, [channelRefundId]);
    if (seen === undefined) throw new DomainError('REFUND.UNKNOWN', 'not-found');
    await this.people.find(staff, seen.seniorId, tx).catch(unseenAs('REFUND.UNKNOWN'));
    await this.people.lock(tx, seen.seniorId);
    const [refund] = await tx.query<FailedRefund[]>(`${sql} FOR UPDATE`, [channelRefundId]);
    if (refund?.state !== 'failed') throw new DomainError('REFUND.NOT_FAILED', 'conflict');
    return { ...refund, amountFen: Number(refund.amountFen) };
  }

  private async move(tx: EntityManager, channelRefundId: string, set: string, ...params: string[]): Promise<void> {
    const moved: unknown = await tx.query(`UPDATE channel_refund SET ${set} WHERE id = ? AND state = 'failed'`, [...params, channelRefundId]);
    if (affectedRows(moved) !== 1) throw new DomainError('REFUND.NOT_FAILED', 'conflict');
  }
}

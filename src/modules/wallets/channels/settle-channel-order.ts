import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { fen } from '../../../domain/kernel/money.js';
import { channelAt } from '../../../domain/ledger/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../../infra/database/unit-of-work.js';
import { Idempotency } from '../../../infra/idempotency/idempotency.js';
import { newId } from '../../../infra/ids.js';
import { AuditTrail } from '../../audit/index.js';
import { CreditWallet } from '../credit-wallet.js';
import { WalletPeople } from '../wallet-people.js';
import type { ChannelPayment } from './payment-channel.js';

export interface OrderRow { id: string; orderNo: string; channel: string; seniorId: string; pointId: string; amountFen: number; state: string }
export interface Settled { readonly state: 'paid' | 'refund-due'; readonly balanceFen: number; readonly settledDebtFen: number }
const ORDER_SQL = 'SELECT id, order_no AS orderNo, channel, senior_id AS seniorId, point_id AS pointId, amount_fen AS amountFen, state FROM channel_order';

/**
 * A payment that a channel vouches for enters the wallet exactly once, whoever tells of it first and however often: the
 * order is the key. Money that may not be stored (over the limit, a person gone) is owed back through the channel.
 */
@Injectable()
export class SettleChannelOrder {
  constructor(
    private readonly idempotency: Idempotency, private readonly unitOfWork: UnitOfWork, private readonly people: WalletPeople, private readonly creditWallet: CreditWallet,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError CHANNEL.ORDER_UNKNOWN, CHANNEL.WRONG_FACTS for another amount or a second payment of the same order */
  async settle(channel: string, payment: ChannelPayment): Promise<Settled> {
    const [order] = await this.unitOfWork.reader.query<OrderRow[]>(`${ORDER_SQL} WHERE order_no = ? AND channel = ?`, [payment.orderNo, channel]);
    if (order === undefined) throw new DomainError('CHANNEL.ORDER_UNKNOWN', 'not-found');
    if (!payment.paid || Number(order.amountFen) !== payment.amountFen || payment.transactionId === '') throw new DomainError('CHANNEL.WRONG_FACTS', 'refused');
    const key = { scope: `channel:${channel}`, key: payment.orderNo, request: { transactionId: payment.transactionId, amountFen: payment.amountFen } };
    try {
      return (await this.idempotency.run(key, (tx) => this.enter(tx, order, payment))).answer;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'TOPUP.LIMIT') {
        if (error instanceof DomainError && error.code === 'IDEMPOTENCY.KEY_REUSED') throw new DomainError('CHANNEL.WRONG_FACTS', 'conflict');
        if (isDuplicateKey(error, 'uq_channel_transaction')) throw new DomainError('CHANNEL.WRONG_FACTS', 'conflict');
        throw error;
      }
      return (await this.idempotency.run(key, (tx) => this.owe(tx, order, payment))).answer;
    }
  }

  private async enter(tx: EntityManager, order: OrderRow, payment: ChannelPayment): Promise<Settled> {
    const owner = await this.people.lock(tx, order.seniorId);
    if (owner.status !== 'active') return this.owe(tx, order, payment);
    const credited = await this.creditWallet.credit(tx, {
      owner, amountFen: fen(Number(order.amountFen)), source: channelAt(order.channel, order.pointId), pointId: order.pointId, how: order.channel,
      by: { idempotencyScope: `channel:${order.channel}`, idempotencyKey: order.orderNo, actorKind: 'system', actorId: null },
    });
    await this.mark(tx, order, payment, 'paid', credited.transferId);
    return { state: 'paid', balanceFen: credited.balanceFen, settledDebtFen: credited.settledDebtFen };
  }

  /** Nothing enters the ledger: the money never became ours. */
  private async owe(tx: EntityManager, order: OrderRow, payment: ChannelPayment): Promise<Settled> {
    const id = newId();
    await tx.query(
      "INSERT INTO channel_refund (id, order_id, refund_no, amount_fen, state, created_at) VALUES (?, ?, ?, ?, 'due', ?)",
      [id, order.id, id.replaceAll('-', ''), order.amountFen, this.clock.now()],
    );
    await this.mark(tx, order, payment, 'refund-due', null);
    await this.audit.record({ actorKind: 'system', actorId: null, action: 'channel-order.not-creditable', objectKind: 'channel-order', objectId: order.id, outcome: 'failed', detail: { amountFen: Number(order.amountFen) } }, tx);
    return { state: 'refund-due', balanceFen: 0, settledDebtFen: 0 };
  }

  private async mark(tx: EntityManager, order: OrderRow, payment: ChannelPayment, state: Settled['state'], transferId: string | null): Promise<void> {
    await tx.query(
      'UPDATE channel_order SET state = ?, channel_transaction_id = ?, paid_at = ?, transfer_id = ?, refunded_fen = ? WHERE id = ?',
      [state, payment.transactionId, this.clock.now(), transferId, state === 'refund-due' ? order.amountFen : 0, order.id],
    );
  }
}

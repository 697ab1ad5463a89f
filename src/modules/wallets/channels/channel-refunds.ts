import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../../infra/clock/clock.js';
import { Upkeep } from '../../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../../audit/index.js';
import { PaymentChannels } from './payment-channels.js';

/**
 * What the ledger owes through a channel is sent after the commit, with the same number until the channel says that the
 * payer has it. One that the channel gives up is sent again or paid by bank when a person says so.
 */
@Injectable()
export class ChannelRefunds implements OnModuleInit {
  private readonly logger = new Logger(ChannelRefunds.name);

  constructor(private readonly dataSource: DataSource, private readonly channels: PaymentChannels, private readonly upkeep: Upkeep, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'channel-refunds', run: () => this.sendDue() });
  }

  /** @returns how many arrived; one that is under way or unanswered stays due */
  async sendDue(): Promise<number> {
    const due = await this.dataSource.query<{ id: string; orderId: string; refundNo: string; amountFen: number; orderNo: string; channel: string; totalFen: number }[]>(
      `SELECT r.id, r.order_id AS orderId, r.refund_no AS refundNo, r.amount_fen AS amountFen, o.order_no AS orderNo, o.channel, o.amount_fen AS totalFen
       FROM channel_refund r JOIN channel_order o ON o.id = r.order_id WHERE r.state = 'due' AND o.channel IN ('wechat', 'alipay') ORDER BY r.created_at LIMIT 50`,
    );
    let sent = 0;
    for (const refund of due) {
      try {
        const state = await this.channels.get(refund.channel).refund({ orderNo: refund.orderNo, refundNo: refund.refundNo, amountFen: Number(refund.amountFen), totalFen: Number(refund.totalFen) });
        if (state === 'underway') continue;
        await this.dataSource.query('UPDATE channel_refund SET state = ?, tried_at = ?, sent_at = ? WHERE id = ?', [state === 'done' ? 'sent' : 'failed', this.clock.now(), state === 'done' ? this.clock.now() : null, refund.id]);
        if (state === 'failed') {
          await this.audit.record({
            actorKind: 'system', actorId: null, action: 'channel-refund.failed', objectKind: 'channel-order', objectId: refund.orderId, outcome: 'failed',
            detail: { refundNo: refund.refundNo, amountFen: Number(refund.amountFen), channel: refund.channel },
          });
          continue;
        }
        await this.dataSource.query("UPDATE channel_order SET state = 'refunded' WHERE id = ? AND state = 'refund-due'", [refund.orderId]);
        sent += 1;
      } catch (error) {
        this.logger.warn(`refund ${refund.id} stays due: ${(error as Error).message}`);
      }
    }
    return sent;
  }
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/index.js';
import { ChannelRefunds } from './channel-refunds.js';
import type { ChannelName, ChannelNotification } from './payment-channel.js';
import { PaymentChannels } from './payment-channels.js';
import { SettleChannelOrder } from './settle-channel-order.js';

/** What a platform tells: verified, settled once, acknowledged. A notification that is refused leaves a line for finance. */
@Injectable()
export class HearChannel {
  constructor(
    private readonly channels: PaymentChannels, private readonly settling: SettleChannelOrder, private readonly refunds: ChannelRefunds, private readonly audit: AuditTrail,
  ) {}

  /** @throws DomainError CHANNEL.OFF, CHANNEL.FORGED, CHANNEL.WRONG_FACTS, CHANNEL.ORDER_UNKNOWN */
  async execute(name: ChannelName, notification: ChannelNotification): Promise<string> {
    const channel = this.channels.get(name);
    const payment = await channel.readNotification(notification);
    if (!payment.paid) return channel.acknowledgement;
    try {
      const { state } = await this.settling.settle(name, payment);
      if (state === 'refund-due') await this.refunds.sendDue();
    } catch (error) {
      // It was signed: somebody has paid something that we cannot place. Finance must see it.
      await this.audit.record({ actorKind: 'system', actorId: null, action: 'channel.not-placed', objectKind: 'channel-order', objectId: payment.orderNo.slice(0, 80), outcome: 'failed', detail: { channel: name, amountFen: payment.amountFen } });
      throw error;
    }
    return channel.acknowledgement;
  }
}

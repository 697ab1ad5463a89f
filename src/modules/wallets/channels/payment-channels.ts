import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { Clock } from '../../../infra/clock/clock.js';
import { AppConfig } from '../../../infra/config/app-config.js';
import { AlipayChannel } from './alipay-channel.js';
import type { ChannelName, PaymentChannel } from './payment-channel.js';
import { WechatChannel } from './wechat-channel.js';

/** The payment channels that this installation has switched on; none unless configured. */
@Injectable()
export class PaymentChannels {
  private readonly channels = new Map<ChannelName, PaymentChannel>();

  constructor(config: AppConfig, clock: Clock) {
    const { wechat, alipay } = config.channels;
    const notifyUrl = (name: ChannelName): string => `${config.publicOrigin}/api/v1/payment-channels/${name}/notify`;
    if (wechat !== null) this.channels.set('wechat', new WechatChannel(wechat, notifyUrl('wechat'), clock));
    if (alipay !== null) this.channels.set('alipay', new AlipayChannel(alipay, notifyUrl('alipay')));
  }

  names(): ChannelName[] {
    return [...this.channels.keys()];
  }

  /** @throws DomainError CHANNEL.OFF */
  get(name: string): PaymentChannel {
    const channel = this.channels.get(name as ChannelName);
    if (channel === undefined) throw new DomainError('CHANNEL.OFF', 'refused');
    return channel;
  }
}

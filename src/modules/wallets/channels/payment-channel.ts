import type { BusinessDay } from '../../../domain/kernel/business-day.js';

export type ChannelName = 'wechat' | 'alipay';

/** done: the payer has it; underway: ask again; failed: the channel will not do it, a person must. */
export type ChannelRefundState = 'done' | 'underway' | 'failed';

/** What a channel says of an order; amounts in fen. */
export interface ChannelPayment {
  readonly orderNo: string;
  readonly transactionId: string;
  readonly amountFen: number;
  readonly paid: boolean;
}
export interface ChannelBillLine {
  readonly kind: 'payment' | 'refund';
  readonly orderNo: string;
  readonly transactionId: string;
  readonly amountFen: number;
}
export interface ChannelNotification {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody: string;
}

/** One payment platform behind its own SDK. Every answer and notification is verified before it is believed. */
export interface PaymentChannel {
  readonly name: ChannelName;
  /** @returns the address that a QR code shows */
  createOrder(order: { readonly orderNo: string; readonly amountFen: number; readonly words: string; readonly expiresAt: Date }): Promise<string>;
  /** @returns null while the channel knows of no payment */
  query(orderNo: string): Promise<ChannelPayment | null>;
  /** @throws DomainError CHANNEL.FORGED for anything that the platform did not sign, for us, just now */
  readNotification(notification: ChannelNotification): Promise<ChannelPayment>;
  /** Safe to repeat with the same refund number: asks for it once, tells how it stands every time. */
  refund(refund: { readonly orderNo: string; readonly refundNo: string; readonly amountFen: number; readonly totalFen: number }): Promise<ChannelRefundState>;
  /** Nobody can pay the order from here on; an order that the channel does not know is closed already. Safe to repeat. */
  close(orderNo: string): Promise<void>;
  /** @throws DomainError CHANNEL.NO_BILL */
  bill(day: BusinessDay): Promise<ChannelBillLine[]>;
  /** What the platform wants to read when a notification was dealt with. */
  readonly acknowledgement: string;
}

/** "12.34" to 1234 without floats. @throws RangeError */
export function fenOfYuan(text: string): number {
  const parts = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (parts === null) throw new RangeError('not an amount');
  return Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
}

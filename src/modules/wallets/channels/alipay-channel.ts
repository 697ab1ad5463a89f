import { readFileSync } from 'node:fs';
import { AlipaySdk } from 'alipay-sdk';
import { z } from 'zod';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { formatYuan, fen } from '../../../domain/kernel/money.js';
import type { AlipaySettings } from '../../../infra/config/channel-settings.js';
import { billText } from './bill-text.js';
import { readChannelBill } from './channel-bill.js';
import { fenOfYuan, type ChannelBillLine, type ChannelNotification, type ChannelPayment, type ChannelRefundState, type PaymentChannel } from './payment-channel.js';

const PAID = new Set(['TRADE_SUCCESS', 'TRADE_FINISHED']);
const SUCCESS = '10000';
const TIMEOUT_MS = 10_000;
const NO_TRADE = 'ACQ.TRADE_NOT_EXIST';
const notified = z.object({ app_id: z.string(), seller_id: z.string(), out_trade_no: z.string(), trade_no: z.string(), trade_status: z.string(), total_amount: z.string() });

/** Alipay face-to-face payment (precreate): alipay-sdk signs, and verifies answers and notifications against Alipay's key. */
export class AlipayChannel implements PaymentChannel {
  readonly name = 'alipay';
  readonly acknowledgement = 'success';
  private readonly sdk: AlipaySdk;

  constructor(private readonly settings: AlipaySettings, private readonly notifyUrl: string) {
    this.sdk = new AlipaySdk({
      appId: settings.appId, privateKey: readFileSync(settings.keyFile, 'utf8'), alipayPublicKey: readFileSync(settings.publicKeyFile, 'utf8'),
      gateway: settings.gateway, keyType: 'PKCS8', timeout: TIMEOUT_MS, camelcase: false,
    });
  }

  async createOrder(order: { orderNo: string; amountFen: number; words: string; expiresAt: Date }): Promise<string> {
    const answer = await this.ask('alipay.trade.precreate', {
      out_trade_no: order.orderNo, total_amount: formatYuan(fen(order.amountFen)), subject: order.words, timeout_express: '15m',
    }, { notify_url: this.notifyUrl });
    return z.object({ qr_code: z.string() }).parse(this.good(answer)).qr_code;
  }

  async query(orderNo: string): Promise<ChannelPayment | null> {
    const answer = await this.ask('alipay.trade.query', { out_trade_no: orderNo });
    if (answer['sub_code'] === NO_TRADE) return null;
    const told = z.object({ out_trade_no: z.string(), trade_no: z.string(), trade_status: z.string(), total_amount: z.string() }).parse(this.good(answer));
    return { orderNo: told.out_trade_no, transactionId: told.trade_no, amountFen: fenOfYuan(told.total_amount), paid: PAID.has(told.trade_status) };
  }

  /** An order that nobody has scanned does not exist at Alipay yet. */
  async close(orderNo: string): Promise<void> {
    const answer = await this.ask('alipay.trade.close', { out_trade_no: orderNo });
    if (answer['sub_code'] !== NO_TRADE) this.good(answer);
  }

  readNotification({ rawBody }: ChannelNotification): Promise<ChannelPayment> {
    const fields = Object.fromEntries(new URLSearchParams(rawBody));
    const isSigned = fields['sign_type'] === 'RSA2' && this.sdk.checkNotifySignV2(fields);
    const told = notified.safeParse(fields);
    if (!isSigned || !told.success) return Promise.reject(new DomainError('CHANNEL.FORGED', 'unauthenticated'));
    const { data } = told;
    if (data.app_id !== this.settings.appId || data.seller_id !== this.settings.sellerId) return Promise.reject(new DomainError('CHANNEL.WRONG_FACTS', 'refused'));
    return Promise.resolve({ orderNo: data.out_trade_no, transactionId: data.trade_no, amountFen: fenOfYuan(data.total_amount), paid: PAID.has(data.trade_status) });
  }

  async refund(refund: { orderNo: string; refundNo: string; amountFen: number }): Promise<ChannelRefundState> {
    this.good(await this.ask('alipay.trade.refund', { out_trade_no: refund.orderNo, out_request_no: refund.refundNo, refund_amount: formatYuan(fen(refund.amountFen)) }));
    return 'done';
  }

  /** Alipay hands a day's bill out as an archive at an address that lives for half a minute. */
  async bill(day: BusinessDay): Promise<ChannelBillLine[]> {
    const answer = await this.ask('alipay.data.dataservice.bill.downloadurl.query', { bill_type: 'trade', bill_date: day });
    const told = z.object({ bill_download_url: z.url() }).safeParse(answer);
    if (answer['code'] !== SUCCESS || !told.success) throw new DomainError('CHANNEL.NO_BILL', 'refused');
    const lines = readChannelBill('alipay', billText(await this.fetchFile(told.data.bill_download_url)) ?? '');
    if (lines === null) throw new DomainError('CHANNEL.NO_BILL', 'refused');
    return lines;
  }

  private async fetchFile(address: string): Promise<Uint8Array> {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
      if (!response.ok) throw new DomainError('CHANNEL.NO_BILL', 'refused');
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('CHANNEL.UNKNOWN', 'unavailable');
    }
  }

  private async ask(method: string, bizContent: Record<string, unknown>, more: Record<string, string> = {}): Promise<Record<string, unknown>> {
    try {
      return await this.sdk.exec(method, { bizContent, ...more }, { validateSign: true });
    } catch {
      throw new DomainError('CHANNEL.UNKNOWN', 'unavailable');
    }
  }

  private good(answer: Record<string, unknown>): Record<string, unknown> {
    if (answer['code'] !== SUCCESS) throw new DomainError('CHANNEL.FAILED', 'unavailable', { code: typeof answer['sub_code'] === 'string' ? answer['sub_code'].slice(0, 60) : '' });
    return answer;
  }
}

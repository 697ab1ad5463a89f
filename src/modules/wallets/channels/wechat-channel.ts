import { readFileSync } from 'node:fs';
import { z } from 'zod';
import WxPay from 'wechatpay-node-v3';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import type { Clock } from '../../../infra/clock/clock.js';
import type { WechatSettings } from '../../../infra/config/channel-settings.js';
import { readChannelBill } from './channel-bill.js';
import type { ChannelBillLine, ChannelNotification, ChannelPayment, ChannelRefundState, PaymentChannel } from './payment-channel.js';

const OFFICIAL = 'https://api.mch.weixin.qq.com';
const TIMEOUT_MS = 10_000;
/** A notification older or newer than this is a replay (the platform's own rule: five minutes). */
const FRESH_MS = 300_000;

const notificationBody = z.object({ event_type: z.string(), resource: z.object({ ciphertext: z.string(), nonce: z.string(), associated_data: z.string().default('') }) });
const transaction = z.object({
  mchid: z.string(), appid: z.string(), out_trade_no: z.string(), transaction_id: z.string().default(''), trade_state: z.string(),
  amount: z.object({ total: z.number().int(), currency: z.string().default('CNY') }).optional(),
});
const refunded = z.object({ status: z.enum(['SUCCESS', 'PROCESSING', 'CLOSED', 'ABNORMAL']) });
const REFUND_STATES: Readonly<Record<z.infer<typeof refunded>['status'], ChannelRefundState>> = { SUCCESS: 'done', PROCESSING: 'underway', CLOSED: 'failed', ABNORMAL: 'failed' };
interface Answer { status: number; data: unknown; error?: string }

/** The SDK keeps platform keys in a static map that it fills by a download; ours come from the configuration. */
class StreetPay extends WxPay {
  static trust(serial: string, publicKeyPem: string): void {
    StreetPay.certificates = { ...StreetPay.certificates, [serial]: publicKeyPem };
    WxPay.certificates = { ...WxPay.certificates, [serial]: publicKeyPem };
  }
}

/** WeChat Pay, API v3, QR code (native): wechatpay-node-v3 signs and decrypts, every answer's signature is checked here. */
export class WechatChannel implements PaymentChannel {
  readonly name = 'wechat';
  readonly acknowledgement = JSON.stringify({ code: 'SUCCESS', message: '成功' });
  private readonly pay: StreetPay;
  private readonly apiKey: string;

  constructor(private readonly settings: WechatSettings, private readonly notifyUrl: string, private readonly clock: Clock) {
    this.apiKey = readFileSync(settings.apiKeyFile, 'utf8').trim();
    const platformKey = readFileSync(settings.platformKeyFile, 'utf8');
    this.pay = new StreetPay({
      appid: settings.appId, mchid: settings.merchantId, serial_no: settings.serialNo, publicKey: Buffer.from(platformKey),
      privateKey: readFileSync(settings.keyFile), key: this.apiKey,
    });
    StreetPay.trust(settings.platformSerial, platformKey);
    this.pay.createHttp({
      get: (url, headers) => this.send('GET', url, headers), post: (url, body, headers) => this.send('POST', url, headers, body),
      upload: () => Promise.reject(new Error('nothing is uploaded')),
    });
  }

  async createOrder(order: { orderNo: string; amountFen: number; words: string; expiresAt: Date }): Promise<string> {
    const answer = await this.pay.transactions_native({
      description: order.words, out_trade_no: order.orderNo, notify_url: this.notifyUrl, time_expire: order.expiresAt.toISOString().replace(/\.\d+Z$/, '+00:00'),
      amount: { total: order.amountFen, currency: 'CNY' },
    });
    return z.object({ code_url: z.string() }).parse(this.good(answer)).code_url;
  }

  async query(orderNo: string): Promise<ChannelPayment | null> {
    const answer = await this.pay.query({ out_trade_no: orderNo });
    if (answer.status === 404) return null;
    return this.paymentOf(transaction.parse(this.good(answer)));
  }

  async close(orderNo: string): Promise<void> {
    const answer = await this.pay.close(orderNo);
    if (answer.status !== 404) this.good(answer);
  }

  async readNotification({ headers, rawBody }: ChannelNotification): Promise<ChannelPayment> {
    const header = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '');
    const timestamp = header('wechatpay-timestamp');
    const fresh = Math.abs(this.clock.now().getTime() - Number(timestamp) * 1_000) <= FRESH_MS;
    if (!fresh || !await this.isSigned(header, timestamp, rawBody)) throw new DomainError('CHANNEL.FORGED', 'unauthenticated');
    const body = notificationBody.safeParse(parsed(rawBody));
    if (!body.success) throw new DomainError('CHANNEL.FORGED', 'unauthenticated');
    const { ciphertext, associated_data: associated, nonce } = body.data.resource;
    return this.paymentOf(transaction.parse(this.pay.decipher_gcm<unknown>(ciphertext, associated, nonce, this.apiKey)));
  }

  async refund(refund: { orderNo: string; refundNo: string; amountFen: number; totalFen: number }): Promise<ChannelRefundState> {
    const told = refunded.parse(this.good(await this.pay.refunds({
      out_trade_no: refund.orderNo, out_refund_no: refund.refundNo, amount: { refund: refund.amountFen, total: refund.totalFen, currency: 'CNY' },
    })));
    return REFUND_STATES[told.status];
  }

  async bill(day: BusinessDay): Promise<ChannelBillLine[]> {
    const asked = await this.pay.tradebill({ bill_date: day, bill_type: 'ALL' });
    if (asked.status !== 200) throw new DomainError('CHANNEL.NO_BILL', 'refused');
    const { download_url: url } = z.object({ download_url: z.string() }).parse(asked.data);
    const file = await this.pay.downloadBill(url);
    const lines = readChannelBill('wechat', z.string().parse(this.good(file)));
    if (lines === null) throw new DomainError('CHANNEL.NO_BILL', 'refused');
    return lines;
  }

  private paymentOf(told: z.infer<typeof transaction>): ChannelPayment {
    if (told.mchid !== this.settings.merchantId || told.appid !== this.settings.appId) throw new DomainError('CHANNEL.WRONG_FACTS', 'refused');
    if (told.amount !== undefined && told.amount.currency !== 'CNY') throw new DomainError('CHANNEL.WRONG_FACTS', 'refused');
    return { orderNo: told.out_trade_no, transactionId: told.transaction_id, amountFen: told.amount?.total ?? 0, paid: told.trade_state === 'SUCCESS' };
  }

  /** A serial that is not ours is refused before the SDK would go and fetch its certificate. */
  private async isSigned(header: (name: string) => string, timestamp: string, body: string): Promise<boolean> {
    if (header('wechatpay-serial') !== this.settings.platformSerial) return false;
    return this.pay.verifySign({ timestamp, nonce: header('wechatpay-nonce'), body, serial: this.settings.platformSerial, signature: header('wechatpay-signature') });
  }

  private async send(method: 'GET' | 'POST', url: string, headers: Record<string, unknown>, body?: unknown): Promise<Answer> {
    try {
      const response = await fetch(url.replace(OFFICIAL, this.settings.gateway), {
        method, headers: headers as Record<string, string>, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error',
      });
      const text = await response.text();
      // "No such order" closes one: it is believed as little as "paid" without a signature.
      const signed = (!response.ok && response.status !== 404) || url.includes('/billdownload/')
        || await this.isSigned((name) => response.headers.get(name) ?? '', response.headers.get('wechatpay-timestamp') ?? '', text);
      if (!signed) throw new DomainError('CHANNEL.FORGED', 'unauthenticated');
      return { status: response.status, data: response.headers.get('content-type')?.includes('json') === true ? parsed(text) : text };
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('CHANNEL.UNKNOWN', 'unavailable');
    }
  }

  private good(answer: { status: number; data?: unknown }): unknown {
    if (answer.status < 200 || answer.status >= 300) throw new DomainError('CHANNEL.FAILED', 'unavailable', { status: answer.status });
    return answer.data;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

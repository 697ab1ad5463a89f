import { separatedRows } from '../../../domain/kernel/separated-rows.js';
import { fenOfYuan, type ChannelBillLine, type ChannelName } from './payment-channel.js';

/** How each platform names the columns of its daily bill, and what a refund looks like. */
const FORMATS = {
  wechat: { order: ['商户订单号'], transaction: ['微信订单号'], kind: ['交易状态'], refundKinds: ['REFUND', 'REVOKED'], total: ['应结订单金额', '订单金额'], refund: ['退款金额'], at: ['交易时间'], end: /^总交易单数/ },
  alipay: { order: ['商户订单号'], transaction: ['支付宝交易号'], kind: ['业务类型'], refundKinds: ['退款'], total: ['订单金额（元）', '订单金额(元)'], refund: ['订单金额（元）', '订单金额(元)'], at: ['完成时间', '创建时间'], end: /^#/ },
} as const;

/** A line as the bill has it; `day` is the day it says itself, null where it says none. */
export interface DatedBillLine extends ChannelBillLine { readonly day: string | null }

/**
 * A platform's daily bill as its CSV has it: WeChat quotes cells with a back quote, Alipay pads them with tabs and frames
 * the table with lines that begin with #. Refunds are positive amounts of their own kind. An amount that cannot be read
 * makes the whole bill unreadable: half a bill would hide a difference.
 *
 * @returns null when the text is no such bill
 */
export function readChannelBill(channel: ChannelName, text: string): DatedBillLine[] | null {
  const format = FORMATS[channel];
  const rows = separatedRows(text.replace(/^\uFEFF/, '')).map((cells) => cells.map((cell) => cell.replace(/^`/, '').trim()));
  const top = rows.findIndex((cells) => format.order.some((name) => cells.includes(name)));
  const header = rows[top];
  if (header === undefined) return null;
  const place = (names: readonly string[]): number => header.findIndex((cell) => names.includes(cell));
  const at = { order: place(format.order), transaction: place(format.transaction), kind: place(format.kind), total: place(format.total), refund: place(format.refund), day: place(format.at) };
  if ([at.order, at.transaction, at.kind, at.total, at.refund].some((index) => index < 0)) return null;
  const body = rows.slice(top + 1).filter((cells) => cells.some((cell) => cell !== ''));
  const end = body.findIndex((cells) => format.end.test(cells[0] ?? ''));
  try {
    return (end < 0 ? body : body.slice(0, end)).map((cells) => {
      const isRefund = format.refundKinds.some((kind) => kind === cells[at.kind]);
      return {
        kind: isRefund ? 'refund' as const : 'payment' as const, orderNo: cells[at.order] ?? '', transactionId: cells[at.transaction] ?? '',
        amountFen: fenOfYuan((cells[isRefund ? at.refund : at.total] ?? '').replace(/^-/, '')), day: /^\d{4}-\d{2}-\d{2}/.exec(cells[at.day] ?? '')?.[0] ?? null,
      };
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

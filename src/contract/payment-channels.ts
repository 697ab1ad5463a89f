import { z } from 'zod';

/** Orders at payment channels (WeChat Pay, Alipay, the bank of the senior card) that pay into a wallet. */

const fen = z.number().int();
const paging = { page: z.coerce.number().int().min(1).max(100_000).default(1), size: z.coerce.number().int().min(1).max(200).default(50) };
const id = z.guid();
export const QR_CHANNELS = ['wechat', 'alipay'] as const;
export const CHANNEL_ORDER_STATES = ['waiting', 'paid', 'refund-due', 'refunded', 'closed'] as const;
const amountFen = fen.min(100).max(500_000);

/** POST /api/v1/channel-orders (desk) and /api/v1/family/top-ups (own senior) with Idempotency-Key. */
export const channelOrderRequest = z.strictObject({ seniorId: id, amountFen, channel: z.enum(QR_CHANNELS) });
export type ChannelOrderRequest = z.infer<typeof channelOrderRequest>;
export const familyTopUpRequest = z.strictObject({ amountFen, channel: z.enum(QR_CHANNELS) });
export type FamilyTopUpRequest = z.infer<typeof familyTopUpRequest>;
export const channelOrderAnswer = z.object({
  channelOrderId: z.string(), orderNo: z.string(), channel: z.string(), amountFen: fen, state: z.enum(CHANNEL_ORDER_STATES), codeUrl: z.string(), qrPicture: z.string(), expiresAt: z.string(),
  paidAt: z.string().nullable(), refundedFen: fen, cancelled: z.boolean(),
});
export type ChannelOrderAnswer = z.infer<typeof channelOrderAnswer>;
/** GET /api/v1/wallets/:seniorId/channel-orders: the newest orders that pay into a wallet, and what they may be paid with. */
export const channelOrdersAnswer = z.object({ channels: z.array(z.string()), seniorCardBank: z.string().nullable(), orders: z.array(channelOrderAnswer) });
export type ChannelOrdersAnswer = z.infer<typeof channelOrdersAnswer>;
/** GET /api/v1/family/channels: what the family can pay with. */
export const familyChannelsAnswer = z.object({ channels: z.array(z.string()), orders: z.array(channelOrderAnswer) });
export type FamilyChannelsAnswer = z.infer<typeof familyChannelsAnswer>;

/** POST /api/v1/desk/senior-card-top-ups with Idempotency-Key: 怡老卡, read at the desk. */
export const seniorCardTopUpRequest = z.strictObject({ seniorId: id, amountFen, cardNo: z.string().regex(/^\d{16,19}$/) });
export type SeniorCardTopUpRequest = z.infer<typeof seniorCardTopUpRequest>;
export const seniorCardTopUpAnswer = z.object({ channelOrderId: z.string(), state: z.enum(CHANNEL_ORDER_STATES), balanceFen: fen, settledDebtFen: fen, bankName: z.string() });
export type SeniorCardTopUpAnswer = z.infer<typeof seniorCardTopUpAnswer>;
/** POST /api/v1/wallets/:seniorId/senior-card: the bank's card becomes a credential beside the street's own. */
export const bindSeniorCardRequest = z.strictObject({ cardNo: z.string().regex(/^\d{16,19}$/) });
export type BindSeniorCardRequest = z.infer<typeof bindSeniorCardRequest>;
export const cardAnswer = z.object({ cardRef: z.string(), masked: z.string(), blocked: z.number().int() });
export type CardAnswer = z.infer<typeof cardAnswer>;
/** POST /api/v1/wallets/:seniorId/lost-card: all street cards stop at once; a new number replaces them. */
export const lostCardRequest = z.strictObject({ newCardNo: z.string().trim().regex(/^[\d -]{10,24}$/).nullable(), reason: z.string().trim().min(1).max(100) });
export type LostCardRequest = z.infer<typeof lostCardRequest>;

/** POST /api/v1/reconciliations and GET /api/v1/reconciliations: a channel's bill of a day against our orders. */
export const reconcileRequest = z.strictObject({ channel: z.enum(QR_CHANNELS), day: z.iso.date() });
export type ReconcileRequest = z.infer<typeof reconcileRequest>;
export const reconciliationQuery = reconcileRequest;
const settledBy = z.object({ outcome: z.string(), note: z.string(), staffName: z.string(), at: z.string() }).nullable();
export const reconciliationAnswer = z.object({
  channel: z.string(), day: z.string(), readAt: z.string().nullable(),
  lines: z.array(z.object({
    lineNo: z.number().int(), kind: z.string(), orderNo: z.string(), amountFen: fen, outcome: z.string(), channelOrderId: z.string().nullable(), subject: z.string(), settled: settledBy,
  })),
  missing: z.array(z.object({ channelOrderId: z.string(), orderNo: z.string(), amountFen: fen, state: z.string(), subject: z.string(), settled: settledBy })),
  sums: z.object({ matchedFen: fen, unmatchedFen: fen, duplicateFen: fen, missingFen: fen }), open: z.number().int(),
});
export type ReconciliationAnswer = z.infer<typeof reconciliationAnswer>;

/** GET /api/v1/channel-refunds: what channels owe back; failed: given up by the channel; settled: paid by bank instead. */
export const CHANNEL_REFUND_STATES = ['due', 'failed', 'sent', 'settled'] as const;
export const channelRefundsQuery = z.strictObject({ state: z.enum(CHANNEL_REFUND_STATES).optional(), ...paging });
export type ChannelRefundsQuery = z.infer<typeof channelRefundsQuery>;
const channelRefundRow = z.object({
  channelRefundId: z.string(), refundNo: z.string(), orderNo: z.string(), channel: z.string(), seniorId: z.string(), maskedName: z.string(), pointName: z.string(), amountFen: fen,
  state: z.enum(CHANNEL_REFUND_STATES), cause: z.enum(['not-creditable', 'refund']), createdAt: z.string(), triedAt: z.string().nullable(), sentAt: z.string().nullable(),
  bankAsked: z.boolean(), mayAct: z.boolean(),
});
export type ChannelRefundRow = z.infer<typeof channelRefundRow>;
/** owedFen: what is still due or given up, of all rows that the filter finds. */
export const channelRefundsAnswer = z.object({ rows: z.array(channelRefundRow), total: z.number().int(), owedFen: fen });
export type ChannelRefundsAnswer = z.infer<typeof channelRefundsAnswer>;
/** POST /api/v1/channel-refunds/:channelRefundId/bank-requests: to the payer's account; another person decides. */
export const channelRefundByBankRequest = z.strictObject({
  accountName: z.string().trim().min(1).max(40), bankName: z.string().trim().min(2).max(60), accountNo: z.string().trim().regex(/^\d{8,30}$/), reason: z.string().trim().min(2).max(200),
});
export type ChannelRefundByBankRequest = z.infer<typeof channelRefundByBankRequest>;

/** GET /api/v1/reconciliations/days: what each day of a month came to, channel by channel; days without orders or bill are left out. */
export const reconciliationDaysQuery = z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/) });
export type ReconciliationDaysQuery = z.infer<typeof reconciliationDaysQuery>;
export const reconciliationDaysAnswer = z.object({
  month: z.string(), fetchable: z.array(z.string()),
  rows: z.array(z.object({ channel: z.string(), day: z.string(), orders: z.number().int(), paidFen: fen, billLines: z.number().int(), billFen: fen, readAt: z.string().nullable(), open: z.number().int(), settled: z.number().int() })),
});
export type ReconciliationDaysAnswer = z.infer<typeof reconciliationDaysAnswer>;

/** POST /api/v1/reconciliations/files: a bill that finance fetched by itself: WeChat's CSV, Alipay's zip of CSV; the bytes in base64. */
export const billFileRequest = z.strictObject({ channel: z.enum(QR_CHANNELS), day: z.iso.date(), fileName: z.string().trim().min(1).max(120), content: z.base64().max(200_000) });
export type BillFileRequest = z.infer<typeof billFileRequest>;

export const DIFFERENCE_OUTCOMES = ['refunded-by-channel', 'entered-by-hand', 'next-day', 'not-ours', 'under-enquiry'] as const;
/** POST /api/v1/reconciliations/settle: what became of a difference; nothing in the ledger moves. */
export const settleDifferenceRequest = z.strictObject({
  channel: z.enum(QR_CHANNELS), day: z.iso.date(), subject: z.string().regex(/^(line|order):[\w:-]{1,110}$/), outcome: z.enum(DIFFERENCE_OUTCOMES), note: z.string().trim().min(2).max(200),
});
export type SettleDifferenceRequest = z.infer<typeof settleDifferenceRequest>;

import { z } from 'zod';

/** Stored value of seniors: statement, refunds, debts, charity and points. Money is integer fen; points are points. */

const fen = z.number().int();
const id = z.guid();
const text = (most: number) => z.string().trim().min(1).max(most);
const paging = { page: z.coerce.number().int().min(1).max(100_000).default(1), size: z.coerce.number().int().min(1).max(200).default(50) };
const days = { from: z.iso.date(), to: z.iso.date() };
const inOrder = (query: { from: string; to: string }): boolean => query.from <= query.to && Date.parse(query.to) - Date.parse(query.from) < 400 * 86_400_000;
const orderIssue = { path: ['to'], message: 'before from, or more than 400 days' };

export const refundBasis = z.enum(['merchant-discount', 'full-price']);
export const refundCause = z.enum(['seven-day', 'consumer', 'operator', 'heir']);

/** GET and PUT /api/v1/stored-value-settings */
export const storedValueSettings = z.strictObject({
  differenceLimitFen: fen.min(0).max(1_000_000),
  /** What one attendant may take back of meals in a day without a second person. */
  refundAloneFen: fen.min(0).max(10_000_000).default(10_000),
  refundBasis,
  merchantPayers: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,19}$/)).max(10),
  /** What one wallet may hold where the operator is a company, and where it is another business; the law's figures are the most. */
  companyLimitFen: fen.min(10_000).max(500_000).default(500_000),
  otherLimitFen: fen.min(10_000).max(200_000).default(200_000),
});
export type StoredValueSettings = z.infer<typeof storedValueSettings>;
/** `payers`: whom the street's policies name, to choose the merchant's among. */
export const storedValueSettingsAnswer = z.object({ ...storedValueSettings.shape, payers: z.array(z.object({ code: z.string(), label: z.object({ zh: z.string(), en: z.string() }) })) });
export type StoredValueSettingsAnswer = z.infer<typeof storedValueSettingsAnswer>;

/** GET /api/v1/wallets: the purses of everybody in the scope, side by side; `search` is part of a name or the last digits of a card. */
export const walletListQuery = z.strictObject({ search: z.string().trim().max(40).optional(), only: z.enum(['owing', 'donation', 'points', 'full']).optional(), ...paging });
export type WalletListQuery = z.infer<typeof walletListQuery>;
export const walletListAnswer = z.object({
  rows: z.array(z.object({
    seniorId: z.string(), maskedName: z.string(), pointName: z.string(), status: z.string(), balanceFen: fen, debtFen: fen, donationFen: fen, points: z.number().int(),
    cards: z.number().int(), bankCards: z.number().int(),
  })),
  total: z.number().int(),
});
export type WalletListAnswer = z.infer<typeof walletListAnswer>;

/** GET /api/v1/wallets/:seniorId */
export const walletAnswer = z.object({
  seniorId: z.string(), name: z.string(), ageYears: z.number().int(), status: z.string(), pointName: z.string(),
  balanceFen: fen, debtFen: fen, donationFen: fen, points: z.number().int(), limitFen: fen,
  cards: z.array(z.object({ cardRef: z.string(), masked: z.string(), kind: z.string(), active: z.boolean(), issuedAt: z.string() })),
  channels: z.array(z.string()),
});
export type WalletAnswer = z.infer<typeof walletAnswer>;

const valuation = z.object({
  basis: refundBasis, prepaidFen: fen, mealCount: z.number().int(), mealsGrossFen: fen, mealsPaidFen: fen, balanceFen: fen,
  sevenDayFen: fen, consumerFen: fen, operatorFen: fen, debtFen: fen, cashMaxFen: fen,
});
/** GET /api/v1/wallets/:seniorId/refund: what would go back for each cause, before debts. */
export const refundPreviewAnswer = valuation;
export type RefundPreviewAnswer = z.infer<typeof refundPreviewAnswer>;

/** POST /api/v1/wallets/:seniorId/refund-requests. A bank account is in the person's name, or in the heir's. */
export const refundRequest = z.strictObject({
  cause: refundCause,
  payTo: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cash') }),
    z.strictObject({ kind: z.literal('bank'), accountName: text(40), accountNo: z.string().regex(/^\d{8,30}$/), bankName: text(60) }),
    z.strictObject({ kind: z.literal('channel'), channelOrderId: id }),
  ]),
  heir: z.strictObject({ name: text(40), relation: text(20), evidence: text(100) }).nullable().default(null),
  reason: text(200),
}).refine((request) => (request.cause === 'heir') === (request.heir !== null), { path: ['heir'], message: 'an heir belongs to the cause heir' });
export type RefundRequest = z.infer<typeof refundRequest>;

/** POST /api/v1/wallets/:seniorId/write-off-requests */
export const writeOffRequest = z.strictObject({ amountFen: fen.min(1).max(10_000_000), reason: text(200) });
export type WriteOffRequest = z.infer<typeof writeOffRequest>;

/** POST /api/v1/top-ups/:topUpId/undo-requests, and /api/v1/money-requests/:requestId/undo-requests for a debt that was written off */
export const undoTopUpRequest = z.strictObject({ reason: text(200) });
export type UndoTopUpRequest = z.infer<typeof undoTopUpRequest>;

export const MONEY_REQUEST_KINDS = ['refund', 'write-off', 'top-up-undo', 'write-off-undo', 'release', 'channel-refund'] as const;
export const moneyRequest = z.object({
  id: z.string(), kind: z.enum(MONEY_REQUEST_KINDS), state: z.enum(['asked', 'done', 'refused']), seniorId: z.string(), maskedName: z.string(),
  pointName: z.string(), amountFen: fen, cause: refundCause.nullable(), payToKind: z.string().nullable(), payToLabel: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])), reason: z.string(),
  askedByName: z.string(), askedAt: z.string(), dueOn: z.string(), decidedByName: z.string().nullable(), decidedAt: z.string().nullable(),
  decisionNote: z.string(), mayDecide: z.boolean(), mayUndo: z.boolean(),
  /** How a refund reached the person: due until somebody says so, or the channel does. Null for what is no approved refund. */
  payout: z.object({ state: z.enum(['due', 'paid']), on: z.string().nullable(), reference: z.string(), byName: z.string() }).nullable(), mayPayOut: z.boolean(),
});
export type MoneyRequestRow = z.infer<typeof moneyRequest>;

/** GET /api/v1/money-requests */
export const moneyRequestsQuery = z.strictObject({ state: z.enum(['asked', 'done', 'refused']).optional(), kind: z.enum(MONEY_REQUEST_KINDS).optional(), seniorId: id.optional(), ...paging });
export type MoneyRequestsQuery = z.infer<typeof moneyRequestsQuery>;
/** POST /api/v1/money-requests/:requestId/payout: the money reached the person, by bank with its reference or by hand with a receipt. */
export const payoutRequest = z.strictObject({ paidOn: z.iso.date(), reference: z.string().trim().regex(/^[\w-]{2,60}$/) });
export type PayoutRequest = z.infer<typeof payoutRequest>;
/** POST /api/v1/money-requests/:requestId/payee: to whom a refund is paid, in full; each look leaves an audit line. */
export const payeeAnswer = z.object({ accountName: z.string(), accountNo: z.string(), bankName: z.string(), heirName: z.string().nullable(), heirRelation: z.string().nullable() });
export type PayeeAnswer = z.infer<typeof payeeAnswer>;
export const moneyRequestsAnswer = z.object({ rows: z.array(moneyRequest), total: z.number().int() });
export type MoneyRequestsAnswer = z.infer<typeof moneyRequestsAnswer>;
export const moneyRequestAnswer = z.object({ requestId: z.string(), state: z.enum(['asked', 'done', 'refused']), amountFen: fen });
export type MoneyRequestAnswer = z.infer<typeof moneyRequestAnswer>;
/** POST /api/v1/money-requests/:requestId/approve (with Idempotency-Key) and /refuse */
export const decideRequest = z.strictObject({ note: z.string().trim().max(200).default('') });
export type DecideRequest = z.infer<typeof decideRequest>;

/** GET /api/v1/wallet-releases: own money that a death, a move or a merge freed. */
export const walletReleasesQuery = z.strictObject({ state: z.enum(['freed', 'paid', 'withdrawn']).optional(), ...paging });
export type WalletReleasesQuery = z.infer<typeof walletReleasesQuery>;
export const walletReleaseRow = z.object({
  id: z.string(), seniorId: z.string(), maskedName: z.string(), pointName: z.string(), eventKind: z.string(), eventFrom: z.string(), state: z.enum(['freed', 'paid', 'withdrawn']),
  /** Stored and owed now, not when it was freed. */
  balanceFen: fen, debtFen: fen, payeeName: z.string().nullable(), payeeRelation: z.string().nullable(), proof: z.string().nullable(),
  paidFen: fen.nullable(), paidAt: z.string().nullable(), paidByName: z.string().nullable(), recordedAt: z.string(), mayAsk: z.boolean(),
});
export type WalletReleaseRow = z.infer<typeof walletReleaseRow>;
export const walletReleasesAnswer = z.object({ rows: z.array(walletReleaseRow), total: z.number().int() });
export type WalletReleasesAnswer = z.infer<typeof walletReleasesAnswer>;
/** POST /api/v1/wallet-releases/:releaseId/payout-requests: to a bank account in the payee's name. */
export const payReleaseRequest = z.strictObject({ accountName: text(40), accountNo: z.string().regex(/^\d{8,30}$/), bankName: text(60), reason: text(200) });
export type PayReleaseRequest = z.infer<typeof payReleaseRequest>;

/** GET /api/v1/debts: what seniors owe for delivered meals, oldest first. */
export const debtsQuery = z.strictObject({ pointId: id.optional(), ...paging });
export type DebtsQuery = z.infer<typeof debtsQuery>;
const ages = { totalFen: fen, upTo30Fen: fen, upTo60Fen: fen, upTo90Fen: fen, olderFen: fen };
export const debtsAnswer = z.object({
  rows: z.array(z.object({ seniorId: z.string(), maskedName: z.string(), pointName: z.string(), status: z.string(), oldestDay: z.string().nullable(), ...ages })),
  total: z.number().int(), sums: z.object(ages), asOf: z.string(),
});
export type DebtsAnswer = z.infer<typeof debtsAnswer>;

const words = z.object({ zh: z.string(), en: z.string() });
export const statementLine = z.object({
  at: z.string(), day: z.string(), kind: z.string(), pointName: z.string(), mealName: z.string().nullable(),
  grossFen: fen.nullable(), discounts: z.array(z.object({ payerCode: z.string(), label: words, isMerchant: z.boolean(), amountFen: fen })), paidFen: fen.nullable(),
  walletFen: fen, donationFen: fen, debtFen: fen, points: z.number().int(), balanceFen: fen, transferId: z.string(),
});
export type StatementLine = z.infer<typeof statementLine>;
const purse = z.object({ walletFen: fen, donationFen: fen, debtFen: fen, points: z.number().int() });
/** GET /api/v1/wallets/:seniorId/statement and /api/v1/family/statement. Closing = opening + every line. */
export const statementAnswer = z.object({
  seniorId: z.string(), name: z.string(), pointName: z.string(), from: z.string(), to: z.string(), opening: purse, lines: z.array(statementLine), closing: purse,
  totals: z.object({ paidInFen: fen, mealCount: z.number().int(), grossFen: fen, publicFen: fen, merchantFen: fen, paidFen: fen, refundedFen: fen }),
  refund: valuation, generatedAt: z.string(),
});
export type StatementAnswer = z.infer<typeof statementAnswer>;
/** Without days: the last thirty and today. */
export const statementQuery = z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() })
  .refine((query) => query.from === undefined || query.to === undefined || inOrder({ from: query.from, to: query.to }), orderIssue);
export type StatementQuery = z.infer<typeof statementQuery>;

/** GET /api/v1/wallet-movements: everything that moved own money, with the proof opening + in - out = closing. */
export const walletMovementsQuery = z.strictObject({ ...days, pointId: id.optional(), kind: z.string().regex(/^[a-z-]{1,20}$/).optional(), ...paging }).refine(inOrder, orderIssue);
export type WalletMovementsQuery = z.infer<typeof walletMovementsQuery>;
export const walletMovementsFileQuery = z.strictObject({ ...days, pointId: id.optional(), kind: z.string().regex(/^[a-z-]{1,20}$/).optional() }).refine(inOrder, orderIssue);
export type WalletMovementsFilter = z.infer<typeof walletMovementsFileQuery>;
export const walletMovement = z.object({
  transferId: z.string(), at: z.string(), day: z.string(), kind: z.string(), seniorId: z.string(), maskedName: z.string(), pointName: z.string(), source: z.string(), amountFen: fen,
});
export type WalletMovement = z.infer<typeof walletMovement>;
export const walletMovementsAnswer = z.object({
  rows: z.array(walletMovement), total: z.number().int(), openingFen: fen, inFen: fen, outFen: fen, closingFen: fen, shownFen: fen,
  negative: z.array(z.object({ seniorId: z.string(), maskedName: z.string(), balanceFen: fen })),
  /** Wallets whose kept balance is not the sum of their entries; nobody, unless the ledger is broken. */
  wallets: z.number().int(), disagreeing: z.number().int(), generatedAt: z.string(),
});
export type WalletMovementsAnswer = z.infer<typeof walletMovementsAnswer>;

/** GET and POST /api/v1/donation-fund; POST with Idempotency-Key. */
export const donationFundAnswer = z.object({ fundFen: fen, grantedFen: fen });
export type DonationFundAnswer = z.infer<typeof donationFundAnswer>;
export const donationGiftRequest = z.strictObject({ amountFen: fen.min(1).max(100_000_000), reference: z.string().regex(/^[\w-]{4,40}$/) });
export type DonationGiftRequest = z.infer<typeof donationGiftRequest>;
/** GET /api/v1/gift-movements: charity or points, given, granted, used and returned; newest first. */
export const giftMovementsQuery = z.strictObject({ ...days, what: z.enum(['donation', 'points']), seniorId: id.optional(), ...paging }).refine(inOrder, orderIssue);
export type GiftMovementsQuery = z.infer<typeof giftMovementsQuery>;
export const giftMovement = z.object({
  transferId: z.string(), at: z.string(), day: z.string(), kind: z.string(), seniorId: z.string().nullable(), maskedName: z.string().nullable(), pointName: z.string().nullable(),
  /** Fen, or points; positive into the purse. */
  amount: z.number().int(), reason: z.string(), staffName: z.string(),
});
export type GiftMovement = z.infer<typeof giftMovement>;
export const giftMovementsAnswer = z.object({ rows: z.array(giftMovement), total: z.number().int(), given: z.number().int(), used: z.number().int() });
export type GiftMovementsAnswer = z.infer<typeof giftMovementsAnswer>;
/** POST /api/v1/wallets/:seniorId/donations with Idempotency-Key: `back` returns what was not eaten. */
export const donationGrantRequest = z.strictObject({ amountFen: fen.min(1).max(500_000), direction: z.enum(['grant', 'back']), reason: text(200) });
export type DonationGrantRequest = z.infer<typeof donationGrantRequest>;
/** POST /api/v1/wallets/:seniorId/points with Idempotency-Key: granted for service, used for services, never money. */
export const pointsRequest = z.strictObject({ points: z.number().int().min(1).max(100_000), direction: z.enum(['grant', 'use']), reason: text(200) });
export type PointsRequest = z.infer<typeof pointsRequest>;
export const purseAnswer = purse;
export type PurseAnswer = z.infer<typeof purseAnswer>;

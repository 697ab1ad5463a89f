import { z } from 'zod';
import { monthText } from './finance-claims.js';

/** Reports that read the sums of meals and the ledger: drilling down, reconciling by channel, goals. */

const id = z.guid();
const day = z.iso.date();
const fen = z.int();
const words = z.object({ zh: z.string(), en: z.string() });
const snapshot = z.object({ throughSeq: z.int(), waiting: z.int() });

export const DRILL_LEVELS = ['point', 'day', 'senior', 'meal'] as const;
export type DrillLevel = (typeof DRILL_LEVELS)[number];

/** GET /api/v1/finance/drill: without a point the points, then the days of a point, the diners of a day, the meals of a diner. */
export const drillQuery = z.strictObject({
  month: monthText, pointId: id.optional(), day: day.optional(),
  /** A senior's id, or `public` for diners without an account. */
  dinerId: z.union([id, z.literal('public')]).optional(),
}).refine((query) => query.day === undefined || query.pointId !== undefined, { path: ['day'], message: 'needs a point' })
  .refine((query) => query.dinerId === undefined || query.day !== undefined, { path: ['dinerId'], message: 'needs a day' })
  .refine((query) => query.day === undefined || query.day.startsWith(query.month), { path: ['day'], message: 'outside of the month' });
export type DrillQuery = z.infer<typeof drillQuery>;

export const drillRow = z.object({
  key: z.string(), label: words,
  /** People at the levels of points and diners; null where they are not counted. */
  persons: z.int().nullable(), sold: z.int(), reversed: z.int(), grossFen: fen, dueFen: fen, subsidyFen: fen,
  payersFen: z.record(z.string(), fen),
  /** At the last level: what was sold or taken back, and both sides of the ledger. */
  meal: z.object({
    mealId: z.string(), kind: z.enum(['meal', 'reversal']), at: z.iso.datetime(), period: z.string(), channel: z.string(), identifiedBy: z.string(),
    source: z.enum(['kiosk', 'desk', 'delivery']),
    debit: z.array(z.object({ account: z.string(), amountFen: fen })), credit: z.array(z.object({ account: z.string(), amountFen: fen })),
  }).nullable(),
});
export type DrillRow = z.infer<typeof drillRow>;

export const drillAnswer = z.object({
  level: z.enum(DRILL_LEVELS),
  crumbs: z.array(z.object({ level: z.enum(DRILL_LEVELS), key: z.string(), label: words })),
  rows: z.array(drillRow), totals: drillRow.omit({ key: true, label: true, meal: true, persons: true }),
  payers: z.array(z.object({ payerCode: z.string(), label: words })), snapshot, generatedAt: z.iso.datetime(),
});
export type DrillAnswer = z.infer<typeof drillAnswer>;

export const monthQuery = z.strictObject({ month: monthText, pointId: id.optional() });
export type MonthQuery = z.infer<typeof monthQuery>;

/**
 * GET /api/v1/finance/channels: what diners gave by channel as meals say it, and as the ledger holds it. Both signs as
 * a reader counts money: positive came in.
 */
export const channelsAnswer = z.object({
  month: z.string(),
  rows: z.array(z.object({
    pointId: z.string(), pointName: z.string(), channel: z.string(), label: words,
    /** Meals by the sums of meals, and by the ledger's entries of the same meals. */
    mealsFen: fen, ledgerFen: fen, differenceFen: fen,
    /** Other movements of the channel in the ledger: top-ups, refunds of wallets, handed-in cash. */
    otherFen: fen, matched: z.int(), unmatched: z.int(),
  })),
  unmatched: z.array(z.object({ transferId: z.string(), pointName: z.string(), channel: z.string(), amountFen: fen, kind: z.string(), day, mealId: z.string().nullable() })),
  snapshot, generatedAt: z.iso.datetime(),
});
export type ChannelsAnswer = z.infer<typeof channelsAnswer>;

export const GOAL_KINDS = ['number', 'quality', 'satisfaction'] as const;
export type GoalKind = (typeof GOAL_KINDS)[number];

/** GET /api/v1/finance/goals */
export const goalsQuery = z.strictObject({ year: z.coerce.number().int().min(2000).max(2100) });
export type GoalsQuery = z.infer<typeof goalsQuery>;

/** PUT /api/v1/finance/goals/:pointId: meals of the year, or per mille of loads in time and of content diners. */
export const setGoalRequest = z.strictObject({ year: z.int().min(2000).max(2100), kind: z.enum(GOAL_KINDS), target: z.int().min(0).max(10_000_000) });
export type SetGoalRequest = z.infer<typeof setGoalRequest>;

export const goalsAnswer = z.object({
  year: z.int(),
  points: z.array(z.object({
    pointId: z.string(), pointName: z.string(),
    goals: z.array(z.object({
      kind: z.enum(GOAL_KINDS), target: z.int().nullable(),
      /** null: no data. */
      actual: z.int().nullable(),
      /** From how many meals, loads or answers. */
      basis: z.int(),
    })),
  })),
  generatedAt: z.iso.datetime(),
});
export type GoalsAnswer = z.infer<typeof goalsAnswer>;

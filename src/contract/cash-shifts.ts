import { z } from 'zod';

/** Drawers of points: opened with a float, closed with a count. Money is integer fen. */

const fen = z.number().int();
const drawerFen = fen.min(0).max(10_000_000);
const id = z.guid();
const reason = z.string().trim().max(120);

export const CASH_SHIFT_STATES = ['open', 'counted', 'closed'] as const;

/** Figures of the count are null while the drawer is open: who counts does not know what to find. */
export const cashShift = z.object({
  id: z.string(),
  pointId: z.string(),
  pointName: z.string(),
  staffName: z.string(),
  businessDay: z.string(),
  state: z.enum(CASH_SHIFT_STATES),
  openedAt: z.string(),
  openingFen: fen,
  handoverDifferenceFen: fen,
  handoverReason: z.string(),
  movedFen: fen.nullable(),
  expectedFen: fen.nullable(),
  countedFen: fen.nullable(),
  keptFen: fen.nullable(),
  differenceFen: fen.nullable(),
  liftedFen: fen.nullable(),
  reason: z.string(),
  /** Kiosks of the point that had not told all of their sales at the count, the sales they told of, and why it was counted all the same. */
  unsentKiosks: z.number().int(),
  unsentSales: z.number().int(),
  unsentReason: z.string(),
  countedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  confirmedByName: z.string().nullable(),
});
export type CashShiftAnswer = z.infer<typeof cashShift>;

/** Sales without network that kiosks of the point have not handed in; a silent kiosk counts with none. */
export const unsentKioskSales = z.object({
  kiosks: z.array(z.object({ name: z.string(), unsent: z.number().int(), reportedAt: z.string().nullable() })), sales: z.number().int(),
});
export type UnsentKioskSales = z.infer<typeof unsentKioskSales>;

/** GET /api/v1/desk/cash-shift: the own open drawer, and what the shift before left to take over. */
export const deskShiftAnswer = z.object({
  shift: cashShift.nullable(),
  takeOver: z.object({ shiftId: z.string(), keptFen: fen, staffName: z.string(), closedAt: z.string() }).nullable(),
  differenceLimitFen: fen,
  unsent: unsentKioskSales,
});
export type DeskShiftAnswer = z.infer<typeof deskShiftAnswer>;

/** POST /api/v1/desk/cash-shift/open with Idempotency-Key. The reason is needed when the float differs from what was left. */
export const openShiftRequest = z.strictObject({ openingFen: drawerFen, takeOverShiftId: id.nullable().default(null), reason: reason.default('') });
export type OpenShiftRequest = z.infer<typeof openShiftRequest>;

/** POST /api/v1/desk/cash-shift/count with Idempotency-Key. `unsentReason` is needed while a kiosk of the point has not told all; a second person then confirms. */
export const countShiftRequest = z.strictObject({ countedFen: drawerFen, keptFen: drawerFen, reason: reason.default(''), unsentReason: reason.default('') })
  .refine((count) => count.keptFen <= count.countedFen, { path: ['keptFen'], message: 'more than was counted' });
export type CountShiftRequest = z.infer<typeof countShiftRequest>;

/** POST /api/v1/cash-shifts/:shiftId/confirm with Idempotency-Key: the second person, who counts again. */
export const confirmShiftRequest = z.strictObject({ note: reason.default('') });
export type ConfirmShiftRequest = z.infer<typeof confirmShiftRequest>;

/** GET /api/v1/cash-shifts */
export const cashShiftsQuery = z.strictObject({
  from: z.iso.date(), to: z.iso.date(), pointId: id.optional(), state: z.enum(CASH_SHIFT_STATES).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1), size: z.coerce.number().int().min(1).max(200).default(50),
});
export type CashShiftsQuery = z.infer<typeof cashShiftsQuery>;
export const cashShiftsAnswer = z.object({
  rows: z.array(cashShift), total: z.number().int(), differenceFen: fen, liftedFen: fen,
});
export type CashShiftsAnswer = z.infer<typeof cashShiftsAnswer>;

/** GET /api/v1/cash-shifts/:shiftId: the slip. */
export const cashShiftSlipAnswer = z.object({
  shift: cashShift,
  movements: z.array(z.object({ at: z.string(), kind: z.string(), cashFen: fen, transferId: z.string() })),
});
export type CashShiftSlipAnswer = z.infer<typeof cashShiftSlipAnswer>;

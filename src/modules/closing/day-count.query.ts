import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOSE_TENDERS, SALE_SOURCES, type CloseTender, type DayCount, type SaleSource, type SetMealCount, type SourceCount, type TenderCount } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { canonicalJson, sha256Hex } from '../../infra/crypto/digest.js';
import { CLAW_BACK } from '../payment/index.js';
import { CashShifts } from '../wallets/index.js';

export interface CountedSetMeal extends SetMealCount { readonly period: MealPeriod; readonly code: string; readonly name: string }

/** Everything that is counted of a point's day; amounts in fen, net of what was taken back on the day. */
export interface CountedDay extends DayCount {
  readonly setMeals: readonly CountedSetMeal[];
  readonly meals: number;
  readonly grossFen: number;
  readonly dueFen: number;
  readonly subsidyFen: number;
  readonly expectedCashFen: number;
  readonly expectedQrFen: number;
  readonly openStops: number;
  /** What the drawers of the day took in as they were counted; null where the point has none. */
  readonly shiftCashFen: number | null;
}

/** One group of meals (kind meal) or of reversals (kind reversal) of the day, from the rows of the sales. */
interface MealGroup {
  kind: 'meal' | 'reversal'; source: SaleSource; channel: string; setMealId: string; tender: CloseTender | null; movesPortion: number;
  n: number; grossFen: number; dueFen: number;
}
interface LedgerGroup { kind: string; source: SaleSource; n: number }
interface StockRow {
  setMealId: string; period: MealPeriod; code: string; name: string; accepted: number; transferredIn: number; served: number; collected: number;
  givenFree: number; transferredOut: number; wasted: number;
}

/** Where a meal was taken in, told from the row of the sale (m) and the late line that booked it (l). */
export const SOURCE_OF_MEAL = `CASE WHEN l.id IS NOT NULL THEN 'late' WHEN m.route_stop_id IS NOT NULL THEN 'door'
  WHEN m.identified_by = 'paper' THEN 'paper' WHEN m.device_id IS NOT NULL THEN 'kiosk' ELSE 'desk' END`;
/** The tender as the seller noted it; for meals sold before that was noted, the ledger's. */
export const TENDER_OF_MEAL = `COALESCE(m.tender, (SELECT a.kind FROM entry e JOIN account a ON a.id = e.account_id
  WHERE e.transfer_id = m.transfer_id AND a.kind IN ('wallet', 'donation', 'cash', 'qr', 'debt') LIMIT 1))`;
/** The same told from the ledger's transfer (o: the sale, itself or the one that was reversed). */
const SOURCE_OF_TRANSFER = `CASE WHEN o.idempotency_key LIKE 'late-%' THEN 'late' WHEN o.idempotency_key LIKE 'stop-%' THEN 'door'
  WHEN o.idempotency_scope LIKE 'demo%' AND EXISTS (SELECT 1 FROM meal d WHERE d.transfer_id = o.id AND d.route_stop_id IS NOT NULL) THEN 'door'
  WHEN o.idempotency_key LIKE 'paper-%' THEN 'paper' WHEN o.actor_kind = 'device' THEN 'kiosk' ELSE 'desk' END`;

/** Counts a point's day from three witnesses: the rows of the sales, the ledger, the portions. Read in one transaction. */
@Injectable()
export class DayCounts {
  constructor(private readonly drawers: CashShifts) {}

  async of(tx: EntityManager, pointId: string, day: BusinessDay): Promise<CountedDay> {
    const groups = [...await this.mealGroups(tx, pointId, day), ...await this.reversalGroups(tx, pointId, day)];
    const net = (value: (group: MealGroup) => number): number => groups.reduce((sum, group) => sum + (group.kind === 'meal' ? 1 : -1) * value(group), 0);
    return {
      setMeals: await this.setMeals(tx, pointId, day, groups),
      sources: sourcesOf(groups, await this.ledgerGroups(tx, pointId, day)),
      tenders: tendersOf(groups, await this.ledgerTenders(tx, pointId, day)),
      meals: net((group) => Number(group.n)), grossFen: net((group) => Number(group.grossFen)), dueFen: net((group) => Number(group.dueFen)),
      subsidyFen: await this.subsidyFen(tx, pointId, day),
      expectedCashFen: await this.accountFen(tx, 'cash', pointId, day), expectedQrFen: await this.accountFen(tx, 'qr', pointId, day),
      ...await this.unfinished(tx, pointId, day), ...await this.cash(tx, pointId, day),
    };
  }

  private mealGroups(tx: EntityManager, pointId: string, day: BusinessDay): Promise<MealGroup[]> {
    return tx.query(
      `SELECT 'meal' AS kind, ${SOURCE_OF_MEAL} AS source, m.channel, m.set_meal_id AS setMealId, ${TENDER_OF_MEAL} AS tender, 1 AS movesPortion,
         COUNT(*) AS n, SUM(m.gross_fen) AS grossFen, SUM(m.due_fen) AS dueFen
       FROM meal m LEFT JOIN late_line l ON l.meal_id = m.id WHERE m.point_id = ? AND m.business_day = ?
       GROUP BY source, m.channel, m.set_meal_id, tender`, [pointId, day],
    );
  }

  private reversalGroups(tx: EntityManager, pointId: string, day: BusinessDay): Promise<MealGroup[]> {
    return tx.query(
      `SELECT 'reversal' AS kind, ${SOURCE_OF_MEAL} AS source, m.channel, m.set_meal_id AS setMealId, ${TENDER_OF_MEAL} AS tender,
         m.business_day = r.business_day AND r.reason <> ? AS movesPortion, COUNT(*) AS n, SUM(m.gross_fen) AS grossFen, SUM(m.due_fen) AS dueFen
       FROM meal_reversal r JOIN meal m ON m.id = r.meal_id LEFT JOIN late_line l ON l.meal_id = m.id WHERE r.business_day = ? AND m.point_id = ?
       GROUP BY source, m.channel, m.set_meal_id, tender, movesPortion`, [CLAW_BACK, day, pointId],
    );
  }

  private ledgerGroups(tx: EntityManager, pointId: string, day: BusinessDay): Promise<LedgerGroup[]> {
    return tx.query(
      `SELECT t.kind, ${SOURCE_OF_TRANSFER} AS source, COUNT(*) AS n FROM transfer t JOIN transfer o ON o.id = COALESCE(t.reverses_id, t.id)
       WHERE t.business_day = ? AND t.point_id = ? AND t.kind IN ('meal-sale', 'meal-reversal') GROUP BY t.kind, source`, [day, pointId],
    );
  }

  private ledgerTenders(tx: EntityManager, pointId: string, day: BusinessDay): Promise<{ tender: CloseTender; fen: number }[]> {
    return tx.query(
      `SELECT a.kind AS tender, -SUM(e.amount_fen) AS fen FROM transfer t JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id
       WHERE t.business_day = ? AND t.point_id = ? AND t.kind IN ('meal-sale', 'meal-reversal') AND a.kind IN (?) GROUP BY a.kind`,
      [day, pointId, CLOSE_TENDERS],
    );
  }

  /** What was taken less what was given; the float of a drawer, its correction and what arrived at the bank are no takings. */
  private async accountFen(tx: EntityManager, kind: 'cash' | 'qr', pointId: string, day: BusinessDay): Promise<number> {
    const [row] = await tx.query<{ fen: number | null }[]>(
      `SELECT -SUM(e.amount_fen) AS fen FROM transfer t JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id
       WHERE t.business_day = ? AND a.kind = ? AND a.owner_code = ? AND t.kind NOT LIKE 'shift-%' AND t.kind NOT IN ('transit-receipt', 'receipt-reversal')`, [day, kind, pointId],
    );
    return Number(row?.fen ?? 0);
  }

  private async subsidyFen(tx: EntityManager, pointId: string, day: BusinessDay): Promise<number> {
    const [row] = await tx.query<{ fen: number | null }[]>(
      `SELECT (SELECT COALESCE(SUM(p.amount_fen), 0) FROM meal m JOIN meal_payer p ON p.meal_id = m.id WHERE m.point_id = ? AND m.business_day = ?)
         - (SELECT COALESCE(SUM(p.amount_fen), 0) FROM meal_reversal r JOIN meal m ON m.id = r.meal_id JOIN meal_payer p ON p.meal_id = m.id
            WHERE r.business_day = ? AND m.point_id = ?) AS fen`, [pointId, day, day, pointId],
    );
    return Number(row?.fen ?? 0);
  }

  private async setMeals(tx: EntityManager, pointId: string, day: BusinessDay, groups: readonly MealGroup[]): Promise<CountedSetMeal[]> {
    const stocks = await tx.query<StockRow[]>(
      `SELECT s.set_meal_id AS setMealId, s.period, m.code, m.name, s.accepted, s.transferred_in AS transferredIn, s.served, s.collected,
         s.given_free AS givenFree, s.transferred_out AS transferredOut, s.wasted
       FROM portion_stock s JOIN set_meal m ON m.id = s.set_meal_id WHERE s.point_id = ? AND s.business_day = ?
       ORDER BY FIELD(s.period, 'breakfast', 'lunch', 'dinner'), m.code`, [pointId, day],
    );
    const boxes = await this.boxes(tx, pointId, day);
    return stocks.map((stock) => {
      // What was booked late, taken back on a later day, or clawed back after it was eaten, moved no portion of this day.
      const moved = (away: boolean): number => groups
        .filter((group) => group.setMealId === stock.setMealId && group.source !== 'late' && Number(group.movesPortion) === 1
          && (group.channel === 'take-away') === away && group.channel !== 'delivery')
        .reduce((sum, group) => sum + (group.kind === 'meal' ? 1 : -1) * Number(group.n), 0);
      const box = boxes.find((one) => one.period === stock.period && one.code === stock.code);
      return { ...stock, boxesAhead: Number(box?.ahead ?? 0), mealsHere: moved(false), mealsAway: moved(true) + Number(box?.taken ?? 0) };
    });
  }

  /** Boxes that left this point in a crate and did not come back before the day was signed, with and without a portion of its stock. */
  private boxes(tx: EntityManager, pointId: string, day: BusinessDay): Promise<{ period: string; code: string; taken: number; ahead: number }[]> {
    return tx.query(
      `SELECT r.period, o.set_code AS code, SUM(s.portion_taken = 1) AS taken, SUM(s.portion_taken = 0) AS ahead
       FROM route_plan r JOIN route_trip t ON t.route_plan_id = r.id JOIN route_stop s ON s.route_trip_id = t.id JOIN meal_order o ON o.id = s.meal_order_id
       LEFT JOIN point_day_close c ON c.point_id = r.depot_id AND c.business_day = r.business_day
       WHERE r.depot_kind = 'point' AND r.depot_id = ? AND r.business_day = ? AND t.left_at <= COALESCE(c.first_at, t.left_at)
         AND NOT (t.closed_at IS NOT NULL AND t.closed_at <= COALESCE(c.first_at, t.closed_at) AND s.result <> 'delivered') GROUP BY r.period, o.set_code`, [pointId, day],
    );
  }

  /** From the counts of the drawers: what each took less gave, and what was found too much or too little. */
  private async cash(tx: EntityManager, pointId: string, day: BusinessDay): Promise<{ drawersOpen: number; shiftCashFen: number | null }> {
    const drawers = await this.drawers.ofDay(pointId as PointId, day, tx);
    return { drawersOpen: drawers.open, shiftCashFen: drawers.open + drawers.closed === 0 ? null : drawers.movedFen + drawers.differenceFen };
  }

  private async unfinished(tx: EntityManager, pointId: string, day: BusinessDay): Promise<{ loadsOpen: number; transfersOpen: number; openStops: number }> {
    const [row] = await tx.query<{ loadsOpen: number; transfersOpen: number; openStops: number }[]>(
      `SELECT (SELECT COUNT(*) FROM portion_load WHERE point_id = ? AND business_day = ? AND state IN ('sealed', 'left')) AS loadsOpen,
         (SELECT COALESCE(SUM(portions), 0) FROM portion_transfer
          WHERE business_day = ? AND state = 'sent' AND (from_point_id = ? OR to_point_id = ?)) AS transfersOpen,
         (SELECT COUNT(*) FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
          JOIN meal_order o ON o.id = s.meal_order_id
          WHERE r.business_day = ? AND r.status = 'final' AND s.result = 'open' AND (o.point_id = ? OR r.depot_id = ?)) AS openStops`,
      [pointId, day, day, pointId, pointId, day, pointId, pointId],
    );
    return { loadsOpen: Number(row?.loadsOpen ?? 0), transfersOpen: Number(row?.transfersOpen ?? 0), openStops: Number(row?.openStops ?? 0) };
  }
}

/** What a signature vouches for: every count. Doors without a result are explained and not counted: theirs may still come in. */
export function digestOf(pointId: string, day: BusinessDay, counted: CountedDay): string {
  const { openStops: _openStops, ...vouchedFor } = counted;
  return sha256Hex(canonicalJson({ pointId, day, ...vouchedFor }));
}

function sourcesOf(groups: readonly MealGroup[], ledger: readonly LedgerGroup[]): SourceCount[] {
  const events = (source: SaleSource, kind: MealGroup['kind']): number =>
    groups.filter((group) => group.source === source && group.kind === kind).reduce((sum, group) => sum + Number(group.n), 0);
  const posted = (source: SaleSource, kind: string): number => Number(ledger.find((group) => group.source === source && group.kind === kind)?.n ?? 0);
  return SALE_SOURCES.map((source) => ({
    source, meals: events(source, 'meal'), reversed: events(source, 'reversal'),
    ledgerMeals: posted(source, 'meal-sale'), ledgerReversed: posted(source, 'meal-reversal'),
  }));
}

function tendersOf(groups: readonly MealGroup[], ledger: readonly { tender: CloseTender; fen: number }[]): TenderCount[] {
  return CLOSE_TENDERS.map((tender) => ({
    tender,
    mealsFen: groups.filter((group) => group.tender === tender).reduce((sum, group) => sum + (group.kind === 'meal' ? 1 : -1) * Number(group.dueFen), 0),
    ledgerFen: Number(ledger.find((row) => row.tender === tender)?.fen ?? 0),
    // Charity is listed where it paid: the digest of every other day stays what was signed.
  })).filter(({ tender, mealsFen, ledgerFen }) => tender !== 'donation' || mealsFen !== 0 || ledgerFen !== 0);
}

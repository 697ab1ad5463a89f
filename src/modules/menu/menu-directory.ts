import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SetMealId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { affectedRows, parseJson } from '../../infra/database/columns.js';

export interface OfferedDish { readonly dishId: string; readonly name: string; readonly picture: string; readonly dietTags: readonly string[] }

/** A set meal on offer at a point. `portionsLeft` is what was accepted less what went out, none while it is off sale; `portionsForOrders` what those who ordered may still have. */
export interface MealOffer {
  readonly setMealId: SetMealId;
  readonly code: string;
  readonly name: string;
  readonly grossFen: Fen;
  readonly businessDay: BusinessDay;
  readonly period: MealPeriod;
  readonly dietTags: readonly string[];
  readonly dishes: readonly OfferedDish[];
  readonly portionsLeft: number;
  readonly portionsForOrders: number;
}

interface OfferRow {
  setMealId: SetMealId; code: string; name: string; grossFen: number; businessDay: BusinessDay; period: MealPeriod;
  dietTags: unknown; portionsLeft: number; portionsForOrders: number;
}

/** A dish of the set meal `m` is recalled on its day. */
const RECALLED_SQL = `SELECT 1 FROM set_meal_dish y JOIN recall_dish z ON z.dish_id = y.dish_id AND z.business_day = m.business_day
  JOIN recall r ON r.id = z.recall_id AND r.state <> 'undone' WHERE y.set_meal_id = m.id`;

const OFFER_SQL = `SELECT m.id AS setMealId, m.code, m.name, m.gross_fen AS grossFen, m.business_day AS businessDay, m.period,
    m.diet_tags AS dietTags, IF(EXISTS (${RECALLED_SQL}) OR EXISTS (SELECT 1 FROM sold_out_mark k WHERE k.point_id = p.id AND k.set_meal_id = m.id AND k.active = 1), 0, COALESCE(s.left_portions, 0)) AS portionsLeft,
    IF(EXISTS (${RECALLED_SQL}), 0, COALESCE(s.left_portions, 0)) AS portionsForOrders
  FROM set_meal m JOIN point p ON p.kitchen_id = m.kitchen_id
  LEFT JOIN portion_stock s ON s.point_id = p.id AND s.set_meal_id = m.id
  WHERE p.id = ?`;

/**
 * When a portion went out. now: a sale that can still be refused; an instant: food handed over then and told only now;
 * decided: the same, and a person has agreed to post it. What lies before a recall is a fact that the recall does not undo.
 */
export type HandedOut = 'now' | 'decided' | Date;

/** A code that was on no menu for so long is a slip of the hand, not a dish that comes back. */
const MENU_MEMORY_DAYS = 28;

/** The door to menus and to the portions of a point. */
@Injectable()
export class MenuDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /** The set meals of a point's kitchen on a day and period, in the order of their codes. */
  async offers(pointId: PointId, day: BusinessDay, period: MealPeriod, tx: EntityManager = this.dataSource.manager): Promise<MealOffer[]> {
    const rows = await tx.query<OfferRow[]>(`${OFFER_SQL} AND m.business_day = ? AND m.period = ? ORDER BY m.code`, [pointId, day, period]);
    const dishes = await this.dishesOf(rows.map((row) => row.setMealId), tx);
    return rows.map((row) => offerOf(row, dishes.get(row.setMealId) ?? []));
  }

  /** @throws DomainError PAYMENT.MEAL_UNKNOWN when the point's kitchen has no such set meal */
  async offer(pointId: PointId, setMealId: SetMealId, tx: EntityManager = this.dataSource.manager): Promise<MealOffer> {
    const [row] = await tx.query<OfferRow[]>(`${OFFER_SQL} AND m.id = ?`, [pointId, setMealId]);
    if (row === undefined) throw new DomainError('PAYMENT.MEAL_UNKNOWN', 'refused');
    const dishes = await this.dishesOf([row.setMealId], tx);
    return offerOf(row, dishes.get(row.setMealId) ?? []);
  }

  /**
   * Whether a code can be asked for on a day: by that day's menu of the point's kitchen where it is written, else by the
   * menus of the last weeks and of those to come.
   *
   * @param day null: of no certain day, for standing plans
   */
  async isOffered(tx: EntityManager, asked: { pointId: string; day: BusinessDay | null; period: MealPeriod; code: string; today: BusinessDay }): Promise<boolean> {
    const { pointId, day, period, code, today } = asked;
    const menus = 'FROM set_meal m JOIN point p ON p.kitchen_id = m.kitchen_id WHERE p.id = ? AND m.period = ?';
    const [ofDay] = await tx.query<{ sets: number; hits: string | number | null }[]>(
      `SELECT COUNT(*) AS sets, SUM(m.code = ?) AS hits ${menus} AND m.business_day = ?`, [code, pointId, period, day],
    );
    if (Number(ofDay?.sets ?? 0) > 0) return Number(ofDay?.hits ?? 0) > 0;
    return (await this.knownCodes(tx, { pointId, period, today })).includes(code);
  }

  /** The codes that can be asked for on days whose menu is not written yet: those of the last weeks and of menus to come. */
  async knownCodes(tx: EntityManager, { pointId, period, today }: { pointId: string; period: MealPeriod; today: BusinessDay }): Promise<string[]> {
    const rows = await tx.query<{ code: string }[]>(
      'SELECT DISTINCT m.code FROM set_meal m JOIN point p ON p.kitchen_id = m.kitchen_id WHERE p.id = ? AND m.period = ? AND m.business_day >= ? ORDER BY m.code',
      [pointId, period, addDays(today, -MENU_MEMORY_DAYS)],
    );
    return rows.map(({ code }) => code);
  }

  /**
   * Takes one portion by one conditional statement: portions sold never exceed portions accepted, at any instant.
   *
   * @param use served: eaten here; collected: taken home or handed to a crew
   * @returns the running number of the portion, from 1; the row stays locked until the transaction ends, so no two
   *   sales of a point get the same one
   * @throws DomainError PAYMENT.SOLD_OUT, PAYMENT.MEAL_RECALLED where a dish of it was recalled when it was handed out
   */
  async takePortion(tx: EntityManager, pointId: PointId, setMealId: SetMealId, use: 'served' | 'collected', handedOut: HandedOut = 'now'): Promise<number> {
    const result: unknown = await tx.query(
      `UPDATE portion_stock SET ${use} = ${use} + 1, issued = issued + 1
       WHERE point_id = ? AND set_meal_id = ? AND left_portions > 0`,
      [pointId, setMealId],
    );
    if (handedOut !== 'decided' && await this.isRecalled(tx, setMealId, handedOut)) throw new DomainError('PAYMENT.MEAL_RECALLED', 'refused');
    if (affectedRows(result) !== 1) throw new DomainError('PAYMENT.SOLD_OUT', 'refused');
    const [row] = await tx.query<{ taken: number }[]>(
      'SELECT issued AS taken FROM portion_stock WHERE point_id = ? AND set_meal_id = ?', [pointId, setMealId],
    );
    return Number(row?.taken ?? 0);
  }

  /** A box that left: out of the portions of its point whether or not it should have gone. @returns false where none was left to take */
  async takeIntoCrate(tx: EntityManager, pointId: PointId, setMealId: SetMealId): Promise<boolean> {
    const result: unknown = await tx.query(
      'UPDATE portion_stock SET collected = collected + 1, issued = issued + 1 WHERE point_id = ? AND set_meal_id = ? AND left_portions > 0', [pointId, setMealId],
    );
    return affectedRows(result) === 1;
  }

  /**
   * Whether a point still sells a set meal to this person: an attendant may have taken it off sale for all but those who
   * had ordered it.
   *
   * @throws DomainError PAYMENT.SOLD_OUT; PAYMENT.MEAL_RECALLED where this person's own substitute is recalled
   */
  async requireOnSale(tx: EntityManager, pointId: PointId, setMealId: SetMealId, seniorId: string | null): Promise<void> {
    const marked = await tx.query<unknown[]>(
      `SELECT 1 FROM sold_out_mark k JOIN set_meal m ON m.id = k.set_meal_id WHERE k.point_id = ? AND k.set_meal_id = ? AND k.active = 1
         AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = ? AND o.business_day = m.business_day AND o.period = m.period AND o.set_code = m.code AND o.active = 1)`,
      [pointId, setMealId, seniorId],
    );
    if (marked.length > 0) throw new DomainError('PAYMENT.SOLD_OUT', 'refused');
    if (seniorId !== null && await this.isOwnSubstituteRecalled(tx, setMealId, seniorId)) throw new DomainError('PAYMENT.MEAL_RECALLED', 'refused');
  }

  /** The set meal that this person has ordered at this point for a day and period, to have there or to collect; null where none. */
  async orderedBy(tx: EntityManager, pointId: PointId, seniorId: string, day: BusinessDay, period: MealPeriod): Promise<SetMealId | null> {
    const [row] = await tx.query<{ setMealId: SetMealId }[]>(
      `SELECT m.id AS setMealId FROM meal_order o JOIN point p ON p.id = o.point_id
         JOIN set_meal m ON m.kitchen_id = p.kitchen_id AND m.business_day = o.business_day AND m.period = o.period AND m.code = o.set_code
       WHERE o.senior_id = ? AND o.point_id = ? AND o.business_day = ? AND o.period = ? AND o.active = 1 AND o.fulfilment <> 'delivery'`,
      [seniorId, pointId, day, period],
    );
    return row?.setMealId ?? null;
  }

  /** What this person gets instead of a dish of the set meal is recalled on that day. */
  private async isOwnSubstituteRecalled(tx: EntityManager, setMealId: SetMealId, seniorId: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT 1 FROM set_meal m JOIN set_meal_dish y ON y.set_meal_id = m.id
         JOIN meal_adjustment a ON a.senior_id = ? AND a.business_day = m.business_day AND a.period = m.period AND a.set_code = m.code AND a.dish_id = y.dish_id
         JOIN recall_dish z ON z.dish_id = a.substitute_id AND z.business_day = m.business_day JOIN recall r ON r.id = z.recall_id AND r.state <> 'undone'
       WHERE m.id = ? LIMIT 1`, [seniorId, setMealId],
    );
    return rows.length > 0;
  }

  /** Whether a dish of a set meal is recalled, or was by an instant. */
  async isRecalled(tx: EntityManager, setMealId: string, by: 'now' | Date = 'now'): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT 1 FROM set_meal m WHERE m.id = ? AND EXISTS (${RECALLED_SQL}${by === 'now' ? '' : ' AND r.opened_at <= ?'})`, by === 'now' ? [setMealId] : [setMealId, by],
    );
    return rows.length > 0;
  }

  /** Gives a portion back that was not eaten (refund within the meal). */
  async returnPortion(tx: EntityManager, pointId: PointId, setMealId: SetMealId, use: 'served' | 'collected'): Promise<void> {
    await tx.query(
      `UPDATE portion_stock SET ${use} = ${use} - 1 WHERE point_id = ? AND set_meal_id = ? AND ${use} > 0`,
      [pointId, setMealId],
    );
  }

  private async dishesOf(setMealIds: readonly SetMealId[], tx: EntityManager): Promise<Map<SetMealId, OfferedDish[]>> {
    const bySetMeal = new Map<SetMealId, OfferedDish[]>();
    if (setMealIds.length === 0) return bySetMeal;
    const rows = await tx.query<{ setMealId: SetMealId; dishId: string; name: string; picture: string; dietTags: unknown }[]>(
      `SELECT sd.set_meal_id AS setMealId, d.id AS dishId, d.name, d.picture, d.diet_tags AS dietTags
       FROM set_meal_dish sd JOIN dish d ON d.id = sd.dish_id WHERE sd.set_meal_id IN (?) ORDER BY d.kind, d.name`,
      [setMealIds],
    );
    for (const row of rows) {
      const list = bySetMeal.get(row.setMealId) ?? [];
      list.push({ dishId: row.dishId, name: row.name, picture: row.picture, dietTags: parseJson<string[]>(row.dietTags) });
      bySetMeal.set(row.setMealId, list);
    }
    return bySetMeal;
  }
}

function offerOf(row: OfferRow, dishes: readonly OfferedDish[]): MealOffer {
  return { ...row, grossFen: fen(row.grossFen), dietTags: parseJson<string[]>(row.dietTags), dishes, portionsLeft: Number(row.portionsLeft), portionsForOrders: Number(row.portionsForOrders) };
}

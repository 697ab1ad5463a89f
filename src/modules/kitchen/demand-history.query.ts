import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import type { DemandDay, MenuHistory } from '../../domain/forecast/index.js';
import { Clock } from '../../infra/clock/clock.js';

/** Walk-in demand of one point and set meal: portions taken by people who had not ordered. */
export interface WalkInHistory {
  readonly days: readonly DemandDay[];
  /** Portions of the last weeks by diet of the diner; '' is an ordinary portion. */
  readonly diets: Readonly<Record<string, number>>;
}

interface CountRow { pointId: string; code: string; day: BusinessDay; portions: number }
interface DietRow { pointId: string; code: string; diet: string; portions: number }

/** Past days stand still but for late reversals, so their sums are kept this long. */
const REMEMBERED_MS = 5 * 60_000;
const REMEMBERED_MOST = 24;
/** Half a year: the forecast learns holidays and months from it. */
const HISTORY_DAYS = 182;
const DIET_DAYS = 28;

/** Meals that stand, without those that had been ordered and those brought home. */
const WALK_INS = `meal m JOIN set_meal sm ON sm.id = m.set_meal_id
  LEFT JOIN meal_reversal r ON r.meal_id = m.id
  LEFT JOIN meal_order o ON o.senior_id = m.senior_id AND o.business_day = m.business_day AND o.period = m.period AND o.active = 1
  WHERE m.point_id IN (?) AND m.business_day >= ? AND m.business_day < ? AND m.period = ?
    AND m.channel <> 'delivery' AND r.meal_id IS NULL AND o.id IS NULL`;

/** What the forecast of walk-ins rests on. */
@Injectable()
export class DemandHistory {
  private readonly remembered = new Map<string, { untilMs: number; histories: Promise<Map<string, WalkInHistory>> }>();
  private readonly rememberedMenus = new Map<string, { untilMs: number; menus: Promise<MenuHistory> }>();

  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /**
   * Histories before `before` by point and set code (`<point id>/<code>`). A day counts for a point when anything was
   * sold there; a set meal that was there and nobody took counts as zero, one that never came says nothing.
   */
  async walkIns(pointIds: readonly string[], before: BusinessDay, period: MealPeriod, codes: readonly string[]): Promise<Map<string, WalkInHistory>> {
    const key = [before, period, codes.join(''), ...pointIds].join('/');
    const nowMs = this.clock.now().getTime();
    const known = this.remembered.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.histories;
    if (this.remembered.size >= REMEMBERED_MOST) this.remembered.clear();
    const histories = this.read(pointIds, before, period, codes);
    this.remembered.set(key, { untilMs: nowMs + REMEMBERED_MS, histories });
    histories.catch(() => this.remembered.delete(key));
    return histories;
  }

  /** What the set meals of a kitchen held before `before`, over the days of the histories. */
  async menus(kitchenId: string, before: BusinessDay, period: MealPeriod): Promise<MenuHistory> {
    const key = [before, period, kitchenId].join('/');
    const nowMs = this.clock.now().getTime();
    const known = this.rememberedMenus.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.menus;
    if (this.rememberedMenus.size >= REMEMBERED_MOST) this.rememberedMenus.clear();
    const menus = this.readMenus(kitchenId, before, period);
    this.rememberedMenus.set(key, { untilMs: nowMs + REMEMBERED_MS, menus });
    menus.catch(() => this.rememberedMenus.delete(key));
    return menus;
  }

  private async readMenus(kitchenId: string, before: BusinessDay, period: MealPeriod): Promise<MenuHistory> {
    const rows = await this.dataSource.query<{ day: BusinessDay; setCode: string; dishId: string; kind: string }[]>(
      `SELECT m.business_day AS day, m.code AS setCode, x.dish_id AS dishId, d.kind FROM set_meal m JOIN set_meal_dish x ON x.set_meal_id = m.id JOIN dish d ON d.id = x.dish_id
       WHERE m.kitchen_id = ? AND m.period = ? AND m.business_day >= ? AND m.business_day < ? ORDER BY m.business_day, m.code, x.dish_id`,
      [kitchenId, period, addDays(before, -HISTORY_DAYS), before],
    );
    const menus = new Map<string, { day: BusinessDay; setCode: string; dishIds: string[] }>();
    for (const { day, setCode, dishId } of rows) {
      const key = `${day}/${setCode}`;
      const menu = menus.get(key) ?? { day, setCode, dishIds: [] };
      menu.dishIds.push(dishId);
      menus.set(key, menu);
    }
    return { menus: [...menus.values()], kinds: Object.fromEntries(rows.map(({ dishId, kind }) => [dishId, kind])) };
  }

  private async read(pointIds: readonly string[], before: BusinessDay, period: MealPeriod, codes: readonly string[]): Promise<Map<string, WalkInHistory>> {
    const histories = new Map<string, WalkInHistory>();
    if (pointIds.length === 0) return histories;
    const from = addDays(before, -HISTORY_DAYS);
    const [counts, diets, served, gone, supplied] = await Promise.all([
      this.dataSource.query<CountRow[]>(
        `SELECT m.point_id AS pointId, sm.code, m.business_day AS day, COUNT(*) AS portions FROM ${WALK_INS} GROUP BY 1, 2, 3`,
        [pointIds, from, before, period],
      ),
      this.diets(pointIds, before, period),
      this.servedDays(pointIds, from, before, period),
      this.soldOut(pointIds, from, before, period),
      this.supplied(pointIds, from, before, period),
    ]);
    const portionsOf = new Map(counts.map((row) => [`${row.pointId}/${row.code}/${row.day}`, Number(row.portions)]));
    for (const pointId of pointIds) {
      for (const code of codes) {
        const days = served
          .filter((one) => one.pointId === pointId && one.codes.includes(code))
          .filter(({ day }) => portionsOf.has(`${pointId}/${code}/${day}`) || supplied.has(`${pointId}/${code}/${day}`) || !supplied.has(`${pointId}/${day}`))
          .map(({ day }) => ({ day, portions: portionsOf.get(`${pointId}/${code}/${day}`) ?? 0, ...(gone.has(`${pointId}/${code}/${day}`) ? { soldOut: true } : {}) }));
        const ofCell = diets.filter((row) => row.pointId === pointId && row.code === code);
        histories.set(`${pointId}/${code}`, { days, diets: Object.fromEntries(ofCell.map((row) => [row.diet, Number(row.portions)])) });
      }
    }
    return histories;
  }

  private diets(pointIds: readonly string[], before: BusinessDay, period: MealPeriod): Promise<DietRow[]> {
    return this.dataSource.query<DietRow[]>(
      `SELECT w.pointId, w.code, COALESCE(d.diet, '') AS diet, SUM(w.portions) AS portions FROM (
         SELECT m.point_id AS pointId, sm.code, m.senior_id AS seniorId, COUNT(*) AS portions FROM ${WALK_INS} GROUP BY 1, 2, 3
       ) w LEFT JOIN (
         SELECT senior_id, GROUP_CONCAT(code ORDER BY code SEPARATOR '+') AS diet FROM senior_diet GROUP BY senior_id
       ) d ON d.senior_id = w.seniorId GROUP BY 1, 2, 3`,
      [pointIds, addDays(before, -DIET_DAYS), before, period],
    );
  }

  /**
   * Where sales were cut short: nothing was left at the end although nothing was thrown away uneaten, given or passed on
   * (spilt or spoilt portions went before their time); an attendant had taken the set meal off sale; a dish of it was recalled that day. Then what was sold is the least that was asked for.
   */
  private async soldOut(pointIds: readonly string[], from: BusinessDay, before: BusinessDay, period: MealPeriod): Promise<ReadonlySet<string>> {
    const rows = await this.dataSource.query<{ pointId: string; code: string; day: BusinessDay }[]>(
      `SELECT s.point_id AS pointId, m.code, s.business_day AS day FROM portion_stock s JOIN set_meal m ON m.id = s.set_meal_id
       WHERE s.point_id IN (?) AND s.business_day >= ? AND s.business_day < ? AND s.period = ? AND s.served + s.collected > 0
         AND s.left_portions = 0 AND s.given_free = 0 AND s.transferred_out = 0
         AND (s.wasted = 0 OR NOT EXISTS (SELECT 1 FROM portion_waste w WHERE w.point_id = s.point_id AND w.set_meal_id = s.set_meal_id AND w.reason = 'not-eaten'))
       UNION SELECT k.point_id, m.code, m.business_day FROM sold_out_mark k JOIN set_meal m ON m.id = k.set_meal_id
       WHERE k.point_id IN (?) AND m.business_day >= ? AND m.business_day < ? AND m.period = ?
       UNION SELECT p.id, m.code, m.business_day FROM recall_dish z JOIN recall r ON r.id = z.recall_id JOIN set_meal_dish y ON y.dish_id = z.dish_id
         JOIN set_meal m ON m.id = y.set_meal_id AND m.business_day = z.business_day JOIN point p ON p.kitchen_id = m.kitchen_id
       WHERE p.id IN (?) AND m.business_day >= ? AND m.business_day < ? AND m.period = ? AND DATE(r.opened_at + INTERVAL 8 HOUR) = m.business_day`,
      [pointIds, from, before, period, pointIds, from, before, period, pointIds, from, before, period],
    );
    return new Set(rows.map(({ pointId, code, day }) => `${pointId}/${code}/${day}`));
  }

  /** Set meals that reached a point (`<point id>/<code>/<day>`), and days for which its counts are kept at all (`<point id>/<day>`). */
  private async supplied(pointIds: readonly string[], from: BusinessDay, before: BusinessDay, period: MealPeriod): Promise<ReadonlySet<string>> {
    const rows = await this.dataSource.query<{ pointId: string; code: string; day: BusinessDay; came: number }[]>(
      `SELECT s.point_id AS pointId, m.code, s.business_day AS day, s.accepted + s.transferred_in > 0 AS came FROM portion_stock s JOIN set_meal m ON m.id = s.set_meal_id
       WHERE s.point_id IN (?) AND s.business_day >= ? AND s.business_day < ? AND s.period = ?`, [pointIds, from, before, period],
    );
    return new Set(rows.flatMap(({ pointId, code, day, came }) => [`${pointId}/${day}`, ...(Number(came) === 1 ? [`${pointId}/${code}/${day}`] : [])]));
  }

  /** Days on which a point sold anything, with the codes that were on the menu. */
  private async servedDays(pointIds: readonly string[], from: BusinessDay, before: BusinessDay, period: MealPeriod) {
    const rows = await this.dataSource.query<{ pointId: string; day: BusinessDay; codes: string }[]>(
      `SELECT DISTINCT m.point_id AS pointId, m.business_day AS day, c.codes FROM meal m
       JOIN point p ON p.id = m.point_id
       JOIN (SELECT kitchen_id, business_day, GROUP_CONCAT(code ORDER BY code SEPARATOR '') AS codes FROM set_meal WHERE period = ?
             GROUP BY kitchen_id, business_day) c ON c.kitchen_id = p.kitchen_id AND c.business_day = m.business_day
       WHERE m.point_id IN (?) AND m.business_day >= ? AND m.business_day < ? AND m.period = ?`,
      [period, pointIds, from, before, period],
    );
    return rows;
  }
}

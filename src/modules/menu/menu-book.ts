import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Allergen, DishKind, DishListAnswer, DishRow, SetMealRow } from '../../contract/menu.js';
import type { DietCode } from '../../contract/seniors.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { parseJson } from '../../infra/database/columns.js';
import { WeighedMenu } from './weighed-menu.js';

/** The set meals a kitchen plans for a day and period, with their dishes. */
export interface PlannedMenu {
  readonly sets: readonly { setMealId: string; code: string; name: string; grossFen: number; dietTags: string[]; dishes: DishRow[] }[];
}

interface DishSqlRow { id: string; name: string; kind: DishKind; dietTags: unknown; allergens: unknown; picture: string }

const DISH_COLUMNS = 'd.id, d.name, d.kind, d.diet_tags AS dietTags, d.allergens, d.picture';
/** In the order in which a tray is filled. */
const BY_COURSE = "FIELD(d.kind, 'meat', 'half-meat', 'vegetable', 'soup', 'staple', 'fruit'), d.name";

/** Portions of set meal `m` left for a point, or with a crew straight from the kitchen. A load that was kept back leaves its row behind, with nothing sent. */
export const HAS_LEFT_SQL = `(EXISTS (SELECT 1 FROM portion_stock s WHERE s.set_meal_id = m.id AND (s.sent > 0 OR s.accepted > 0 OR s.transferred_in > 0)) OR EXISTS (SELECT 1 FROM trip_batch x WHERE x.set_meal_id = m.id)
  OR EXISTS (SELECT 1 FROM route_plan r JOIN route_trip t ON t.route_plan_id = r.id AND t.left_at IS NOT NULL JOIN route_stop k ON k.route_trip_id = t.id
    JOIN meal_order o ON o.id = k.meal_order_id AND o.set_code = m.code WHERE r.depot_id = m.kitchen_id AND r.business_day = m.business_day AND r.period = m.period))`;

/** Dishes and set meals of a kitchen, for those who plan and cook. */
@Injectable()
export class MenuBook {
  constructor(private readonly dataSource: DataSource, private readonly weighedMenu: WeighedMenu) {}

  async dishes(kitchenId: KitchenId, tx: EntityManager = this.dataSource.manager): Promise<DishListAnswer['dishes']> {
    const rows = await tx.query<(DishSqlRow & { fenPer100g: string | number | null })[]>(`SELECT ${DISH_COLUMNS}, d.fen_per_100g AS fenPer100g FROM dish d WHERE d.kitchen_id = ? AND d.retired = 0 ORDER BY ${BY_COURSE}`, [kitchenId]);
    return rows.map(({ fenPer100g, ...dish }) => ({ ...dishOf(dish), fenPer100g: fenPer100g === null ? null : Number(fenPer100g) }));
  }

  /** The set meals of a day, in the order of their codes. */
  async planned(kitchenId: KitchenId, day: BusinessDay, period: MealPeriod): Promise<PlannedMenu> {
    const sets = await this.sets(kitchenId, day, day, period);
    return { sets: sets.map(({ id, code, name, grossFen, dietTags, dishes }) => ({ setMealId: id, code, name, grossFen, dietTags, dishes })) };
  }

  /** The set meals from `from` to `to`, both included. `fixed`: portions of it were sent, so it cannot be changed. */
  async sets(kitchenId: KitchenId, from: BusinessDay, to: BusinessDay, period: MealPeriod, tx: EntityManager = this.dataSource.manager): Promise<SetMealRow[]> {
    const rows = await tx.query<(Omit<SetMealRow, 'dietTags' | 'dishes' | 'weighed' | 'fixed'> & { dietTags: unknown; stocks: number })[]>(
      `SELECT m.id, m.business_day AS day, m.period, m.code, m.name, m.gross_fen AS grossFen, m.diet_tags AS dietTags,
         ${HAS_LEFT_SQL} AS stocks
       FROM set_meal m WHERE m.kitchen_id = ? AND m.business_day BETWEEN ? AND ? AND m.period = ? ORDER BY m.business_day, m.code`,
      [kitchenId, from, to, period],
    );
    const ids = rows.map(({ id }) => id);
    const dishes = await this.dishesOf(ids, tx);
    const prices = await this.weighedMenu.pricesOf(tx, ids);
    return rows.map(({ stocks, ...row }) => ({
      ...row, grossFen: Number(row.grossFen), dietTags: parseJson<DietCode[]>(row.dietTags), dishes: dishes.get(row.id) ?? [], weighed: [...prices.get(row.id) ?? []], fixed: Number(stocks) > 0,
    }));
  }

  private async dishesOf(setMealIds: readonly string[], tx: EntityManager): Promise<Map<string, DishRow[]>> {
    const bySet = new Map<string, DishRow[]>();
    if (setMealIds.length === 0) return bySet;
    const rows = await tx.query<(DishSqlRow & { setMealId: string })[]>(
      `SELECT x.set_meal_id AS setMealId, ${DISH_COLUMNS} FROM set_meal_dish x JOIN dish d ON d.id = x.dish_id
       WHERE x.set_meal_id IN (?) ORDER BY ${BY_COURSE}`,
      [setMealIds],
    );
    for (const { setMealId, ...dish } of rows) bySet.set(setMealId, [...(bySet.get(setMealId) ?? []), dishOf(dish)]);
    return bySet;
  }
}

function dishOf(row: DishSqlRow): DishRow {
  return { ...row, dietTags: parseJson<DietCode[]>(row.dietTags), allergens: parseJson<Allergen[]>(row.allergens) };
}

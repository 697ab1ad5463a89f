import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TakenDishesAnswer } from '../../contract/nutrition.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

interface Row { dishId: string; name: string; portions: string | null; grams: string | null }

/** The dishes of one meal with what was recorded as taken; one portion where nothing was. */
@Injectable()
export class TakenDishes {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws OutOfScope for a meal of another point */
  async of(mealId: string, staff: StaffIdentity): Promise<TakenDishesAnswer> {
    const [meal] = await this.dataSource.query<unknown[]>('SELECT 1 FROM meal WHERE id = ? AND point_id = ?', [mealId, staff.scopeId]);
    if (meal === undefined) throw new OutOfScope('meal', mealId);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT d.id AS dishId, d.name, t.portions, t.grams FROM meal m JOIN set_meal sm ON sm.id = m.set_meal_id JOIN set_meal_dish x ON x.set_meal_id = sm.id
       LEFT JOIN meal_adjustment a ON a.senior_id = m.senior_id AND a.business_day = m.business_day AND a.period = m.period AND a.set_code = sm.code AND a.dish_id = x.dish_id
       JOIN dish d ON d.id = COALESCE(a.substitute_id, x.dish_id) LEFT JOIN meal_taken t ON t.meal_id = m.id AND t.dish_id = d.id
       WHERE m.id = ? ORDER BY FIELD(d.kind, 'meat', 'half-meat', 'vegetable', 'soup', 'staple', 'fruit'), d.name`, [mealId],
    );
    return { dishes: rows.map(({ dishId, name, portions, grams }) => ({ dishId, name, portions: portions === null ? (grams === null ? 1 : null) : Number(portions), grams: grams === null ? null : Number(grams) })) };
  }
}

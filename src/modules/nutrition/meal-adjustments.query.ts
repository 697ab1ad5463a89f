import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import type { CheckedDish } from '../../domain/nutrition/index.js';
import { dishesById } from './checked-dishes.query.js';

/** What one person gets instead of a dish of one set meal. */
export interface MealAdjustmentRow {
  readonly seniorId: string;
  readonly dishId: string;
  /** null: of a time when it was not written down. */
  readonly setCode: string | null;
  /** null: the same dish, prepared to their texture. */
  readonly substitute: CheckedDish | null;
  /** Of the prepared portion; null while nobody has tested it. */
  readonly tested: { readonly level: number; readonly by: string; readonly at: Date } | null;
  /** The order of this set meal that stands, if one does: its portion is packed, and only that one. */
  readonly order: { readonly pointId: string; readonly fulfilment: string } | null;
}

interface SqlRow {
  seniorId: string; dishId: string; setCode: string | null; substituteId: string | null; level: number | null; testedBy: string | null; testedAt: Date | null;
  pointId: string | null; fulfilment: string | null;
}

/** Adjustments of these people for one meal, by person. */
export async function mealAdjustments(tx: EntityManager, seniorIds: readonly string[], { day, period }: { day: BusinessDay; period: MealPeriod }): Promise<Map<string, MealAdjustmentRow[]>> {
  const bySenior = new Map<string, MealAdjustmentRow[]>();
  if (seniorIds.length === 0) return bySenior;
  const rows = await tx.query<SqlRow[]>(
    `SELECT a.senior_id AS seniorId, a.dish_id AS dishId, a.set_code AS setCode, a.substitute_id AS substituteId, a.tested_level AS level, a.tested_by AS testedBy, a.tested_at AS testedAt,
       o.point_id AS pointId, o.fulfilment
     FROM meal_adjustment a LEFT JOIN meal_order o ON o.senior_id = a.senior_id AND o.business_day = a.business_day AND o.period = a.period AND o.active = 1 AND o.set_code = a.set_code
     WHERE a.senior_id IN (?) AND a.business_day = ? AND a.period = ?`, [seniorIds, day, period],
  );
  const substitutes = await dishesById(tx, rows.flatMap(({ substituteId }) => substituteId ?? []));
  for (const { seniorId, dishId, setCode, substituteId, level, testedBy, testedAt, pointId, fulfilment } of rows) {
    const substitute = substituteId === null ? null : substitutes.get(substituteId);
    if (substitute === undefined) continue;
    bySenior.set(seniorId, [...(bySenior.get(seniorId) ?? []), {
      seniorId, dishId, setCode, substitute, tested: level === null || testedAt === null ? null : { level, by: testedBy ?? '', at: testedAt },
      order: pointId === null || fulfilment === null ? null : { pointId, fulfilment },
    }]);
  }
  return bySenior;
}

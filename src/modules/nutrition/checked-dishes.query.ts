import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { CheckedDish } from '../../domain/nutrition/index.js';
import { parseJson } from '../../infra/database/columns.js';

interface SqlRow {
  id: string; name: string; kind: string; dietTags: unknown; allergens: unknown; level: number | null; testedBy: string | null; testedOn: BusinessDay | null; hazards: unknown;
}

/** The columns of table `d` (dish) that decide whether somebody may eat it. */
export const CHECKED_COLUMNS = `d.id, d.name, d.kind, d.diet_tags AS dietTags, d.allergens, d.texture_level AS level, d.texture_tested_by AS testedBy,
  d.texture_tested_on AS testedOn, d.hazards`;

/** A row of {@link CHECKED_COLUMNS}. */
export function checkedDishOf(row: SqlRow): CheckedDish {
  return {
    id: row.id, name: row.name, kind: row.kind, dietTags: parseJson<string[]>(row.dietTags), allergens: parseJson<CheckedDish['allergens']>(row.allergens),
    hazards: parseJson<CheckedDish['hazards']>(row.hazards),
    texture: row.level === null ? null : { level: row.level as 3 | 4 | 5 | 6 | 7, testedBy: row.testedBy ?? '', testedOn: row.testedOn ?? ('' as BusinessDay) },
  };
}

/** The dishes of set meals, by set meal. */
export async function dishesOfSets(tx: EntityManager, setMealIds: readonly string[]): Promise<Map<string, CheckedDish[]>> {
  const bySet = new Map<string, CheckedDish[]>();
  if (setMealIds.length === 0) return bySet;
  const rows = await tx.query<(SqlRow & { setMealId: string })[]>(
    `SELECT x.set_meal_id AS setMealId, ${CHECKED_COLUMNS} FROM set_meal_dish x JOIN dish d ON d.id = x.dish_id WHERE x.set_meal_id IN (?) ORDER BY d.id`, [setMealIds],
  );
  for (const row of rows) bySet.set(row.setMealId, [...(bySet.get(row.setMealId) ?? []), checkedDishOf(row)]);
  return bySet;
}

/** Dishes by id. */
export async function dishesById(tx: EntityManager, ids: readonly string[]): Promise<Map<string, CheckedDish>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<SqlRow[]>(`SELECT ${CHECKED_COLUMNS} FROM dish d WHERE d.id IN (?)`, [ids]);
  return new Map(rows.map((row) => [row.id, checkedDishOf(row)]));
}

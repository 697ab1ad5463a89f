import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

/**
 * The last day on which each of these people was really there: a meal that stands and was identified (a delivered one
 * only where the senior took it), a door that was opened, a consent given, or somebody's word in the review queue.
 * Absent people stay out of the map.
 */
export async function lastSeenOf(tx: EntityManager, seniorIds: readonly string[]): Promise<Map<string, BusinessDay>> {
  if (seniorIds.length === 0) return new Map();
  const rows = await tx.query<{ id: string; day: BusinessDay }[]>(
    `SELECT id, MAX(day) AS day FROM (
       SELECT m.senior_id AS id, MAX(m.business_day) AS day FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id LEFT JOIN route_stop d ON d.id = m.route_stop_id
         WHERE m.senior_id IN (?) AND r.meal_id IS NULL AND (m.channel <> 'delivery' OR d.received_by IS NULL OR d.received_by = 'self') GROUP BY m.senior_id
       UNION ALL
       SELECT s.senior_id, MAX(o.business_day) FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
         WHERE s.senior_id IN (?) AND (s.result = 'refused' OR (s.result = 'delivered' AND s.received_by = 'self')) GROUP BY s.senior_id
       UNION ALL
       SELECT senior_id, MAX(seen_on) FROM seen_note WHERE senior_id IN (?) GROUP BY senior_id
     ) seen GROUP BY id`,
    [seniorIds, seniorIds, seniorIds],
  );
  return new Map(rows.map((row) => [row.id, row.day]));
}

const MEAL = `FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id LEFT JOIN route_stop d ON d.id = m.route_stop_id
  WHERE m.senior_id = s.id AND r.meal_id IS NULL AND (m.channel <> 'delivery' OR d.received_by IS NULL OR d.received_by = 'self')`;
const DOOR = `FROM route_stop t JOIN meal_order o ON o.id = t.meal_order_id
  WHERE t.senior_id = s.id AND (t.result = 'refused' OR (t.result = 'delivered' AND t.received_by = 'self'))`;
const NOTE = 'FROM seen_note n WHERE n.senior_id = s.id';

/** The same for one person `s` inside a statement, with `v.day` for what other records vouch; NULL for never. */
export const LAST_SEEN = `NULLIF(GREATEST(COALESCE((SELECT MAX(m.business_day) ${MEAL}), '1000-01-01'), COALESCE((SELECT MAX(o.business_day) ${DOOR}), '1000-01-01'),
  COALESCE((SELECT MAX(n.seen_on) ${NOTE}), '1000-01-01'), COALESCE(v.day, '1000-01-01')), '1000-01-01')`;
/** Whether `s` was seen after a day, which is asked for three times: most people have eaten lately, and one row says so. */
export const SEEN_SINCE = `EXISTS (SELECT 1 ${MEAL} AND m.business_day > ?) OR EXISTS (SELECT 1 ${DOOR} AND o.business_day > ?) OR EXISTS (SELECT 1 ${NOTE} AND n.seen_on > ?)`;

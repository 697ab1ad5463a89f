import { z } from 'zod';

/** What a family member may see of the one senior they belong to; no amounts of the subsidy, no category, no address. */

const fen = z.number().int();
const period = z.enum(['breakfast', 'lunch', 'dinner']);

/**
 * State of a meal of today: eaten at the point, handed over at the door, still ordered, or not handed over (nobody
 * opened, refused). Nothing is guessed: a meal that nobody recorded is not in the list.
 */
export const familyMeal = z.object({
  businessDay: z.string(),
  period,
  state: z.enum(['eaten', 'delivered', 'ordered', 'absent', 'refused', 'refunded']),
  /** When it happened (ISO, UTC); null while it is only ordered. */
  at: z.string().nullable(),
  placeName: z.string(),
  mealName: z.string(),
  dueFen: fen.nullable(),
});
export type FamilyMeal = z.infer<typeof familyMeal>;

/** GET /api/v1/family/today */
export const familyTodayAnswer = z.object({
  maskedName: z.string(),
  pointName: z.string(),
  pointPhone: z.string(),
  businessDay: z.string(),
  today: z.array(familyMeal),
  balanceFen: fen,
  /** The last 30 days, newest first. */
  history: z.array(familyMeal),
});
export type FamilyTodayAnswer = z.infer<typeof familyTodayAnswer>;

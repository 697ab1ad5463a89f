/** Meal periods in the order of the day. */
export const MEAL_PERIODS = ['breakfast', 'lunch', 'dinner'] as const;
export type MealPeriod = (typeof MEAL_PERIODS)[number];

/** Of services on one day the meal that is served at a minute, or the next; after the last one, that one; lunch where nothing is served at all. */
export function servedNowOrNext(services: readonly { period: MealPeriod; endMin: number }[], minute: number): MealPeriod {
  const ends = new Map<MealPeriod, number>();
  for (const { period, endMin } of services) ends.set(period, Math.max(ends.get(period) ?? 0, endMin));
  const inOrder = [...ends].sort(([, a], [, b]) => a - b);
  return (inOrder.find(([, endMin]) => minute < endMin) ?? inOrder.at(-1))?.[0] ?? 'lunch';
}

/** How a meal reaches the diner. */
export const MEAL_CHANNELS = ['eat-in', 'take-away', 'delivery'] as const;
export type MealChannel = (typeof MEAL_CHANNELS)[number];

/** Meal periods in the order of the day. */
export const MEAL_PERIODS = ['breakfast', 'lunch', 'dinner'] as const;
export type MealPeriod = (typeof MEAL_PERIODS)[number];

/** How a meal reaches the diner. */
export const MEAL_CHANNELS = ['eat-in', 'take-away', 'delivery'] as const;
export type MealChannel = (typeof MEAL_CHANNELS)[number];

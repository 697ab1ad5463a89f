import type { SetMealRow } from '../../../src/contract/menu.js';

const PERIODS = ['breakfast', 'lunch', 'dinner'] as const;

/** The meal that a page's address asks for; lunch where it asks for none. */
export function askedMeal(fromAddress: unknown): SetMealRow['period'] {
  return PERIODS.find((one) => one === fromAddress) ?? 'lunch';
}

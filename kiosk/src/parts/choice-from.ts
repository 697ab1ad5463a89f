import type { PricedMeal } from '../flow/screen.js';

/** So many meals stand beside each other; the others are one press away. */
export const AT_ONCE = 3;

/** The meals that are shown from `first` on: what this person may eat comes before what is not suitable for them. */
export function choiceFrom<Meal extends { readonly meal: Pick<PricedMeal, 'quote'> }>(all: readonly Meal[], first: number): Meal[] {
  const suits = (one: Meal): boolean => one.meal.quote.notSuitable !== true;
  return [...all.filter(suits), ...all.filter((one) => !suits(one))].slice(first, first + AT_ONCE);
}

export type { Diner, DinerCategory, MealQuote, PayerAmount, QuoteFacts, QuoteInput, Relief } from './meal-quote.js';
export { quoteMeal } from './quote-meal.js';
export { payersOf, recomputeMeal, type RecomputedPrice, type StoredPrice } from './recompute-meal.js';
export { factsFromStored, type StoredFacts } from './stored-facts.js';

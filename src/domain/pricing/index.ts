export type { Diner, DinerCategory, MealQuote, PayerAmount, QuoteFacts, QuoteInput, Relief } from './meal-quote.js';
export { quoteMeal } from './quote-meal.js';

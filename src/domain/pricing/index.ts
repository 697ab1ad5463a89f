export type { Diner, DinerCategory, MealQuote, OperatorPaymentAmount, PayerAmount, QuoteFacts, QuoteInput, Relief, UsedAmount } from './meal-quote.js';
export { amountKeysOf, slotCounts, slotDay, slotDays } from './entitlement-slot.js';
export { quoteMeal } from './quote-meal.js';
export { payersOf, recomputeMeal, type RecomputedPrice, type StoredPrice } from './recompute-meal.js';
export { factsFromStored, type StoredFacts } from './stored-facts.js';
export { PolicyRehearsal, RehearsalTotals, type PastMeal, type PersonDifference, type RehearsalGroup } from './rehearse.js';
export { PLATE_GRAMS, priceOfPlate, type PricedLine, type WeighedLine, type WeighedPrice } from './weigh-plate.js';

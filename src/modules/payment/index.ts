export { PaymentModule } from './payment.module.js';
export { CLAW_BACK, ReverseMeal } from './reverse-meal.js';
export { MealPricing } from './meal-pricing.js';
export { SellHeldMeal, type HeldMeal } from './sell-held-meal.js';
export { SellDeliveredMeal, type DeliveredMeal } from './sell-delivered-meal.js';
export { MealClaims } from './meal-claims.js';
export { SellOfflineMeal, type OfflineMeal, type SoldOfflineMeal } from './sell-offline-meal.js';
export { offerOnScreen } from './kiosk-counter.js';
export { KioskIdentification } from './kiosk-identification.js';

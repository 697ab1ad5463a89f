export { PaymentModule } from './payment.module.js';
export { SellDeliveredMeal, type DeliveredMeal } from './sell-delivered-meal.js';

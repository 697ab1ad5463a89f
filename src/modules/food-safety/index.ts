export { FoodSafetyModule } from './food-safety.module.js';
export { FoodSafetyConsumerModule } from './probe-subscription.js';
